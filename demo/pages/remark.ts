// A box that somebody wrote: a body or a comment, with its author.

import { html, type Html } from './html.ts';
import { moment } from './layout.ts';
import { renderMarkdown, type MarkdownOptions } from './markdown.ts';

export type Remark = {
  id: string;
  author: string;
  at: string;
  edited?: string | null;
  body: string;
};

export function renderRemark(remark: Remark, options: MarkdownOptions = {}): Html {
  const name = remark.author.replace(/\[bot\]$/, '');
  const bot = name === remark.author ? '' : html` <span class="tag">bot</span>`;
  const edited = remark.edited && remark.edited !== remark.at ? html` · edited ${moment(remark.edited)}` : '';
  return html`<article class="remark" id="${remark.id}">
    <span class="avatar ${bot === '' ? 'person' : 'robot'}" aria-hidden="true"
      >${name.slice(0, 1).toUpperCase()}</span
    >
    <div class="box">
      <header>
        <strong>${name}</strong>${bot} <span class="muted">wrote ${moment(remark.at)}${edited}</span>
      </header>
      ${renderMarkdown(remark.body, options)}
    </div>
  </article>`;
}

/** A person writes as one who may, or as one who may not: both are worth a try. */
export function commentForm(action: string, hint: string): Html {
  return html`<form class="remark comment" method="post" action="${action}">
    <span class="avatar person" aria-hidden="true">M</span>
    <div class="box">
      <header><label for="comment">Add a comment</label></header>
      <textarea id="comment" name="body" rows="3" required placeholder="${hint}"></textarea>
      <div class="actions">
        <label
          >as
          <select name="as">
            <option value="mia">mia, who maintains</option>
            <option value="ray">ray, who only reads</option>
          </select></label
        >
        <button class="primary">Comment</button>
      </div>
    </div>
  </form>`;
}
