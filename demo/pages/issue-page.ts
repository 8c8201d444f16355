// One issue with its comments: above all the triage issue, whose boxes can be ticked; and the list of issues.

import { html, type Html } from './html.ts';
import { moment, pill, type Page } from './layout.ts';
import type { Reader } from './reader.ts';
import { commentForm, renderRemark } from './remark.ts';

export async function issuePage(reader: Reader, number: number): Promise<Page> {
  const [issue, comments] = await Promise.all([reader.issue(number), reader.comments(number)]);
  const path = new URL(issue.html_url).pathname;
  const labels = issue.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? '')));
  const live = html`<div class="title">
      <h1>${issue.title} <span class="number">#${issue.number}</span></h1>
      <p>
        ${pill(issue.state)} ${labels.map((label) => html`<span class="label">${label}</span> `)}<span
          class="muted"
          >opened ${moment(issue.created_at)} · ${plural(comments.length, 'comment')}</span
        >
      </p>
    </div>
    <form id="tasks" method="post" action="${path}/tasks">
      <noscript
        ><p class="notice">Tick boxes below, then <button>save the ticks</button></p></noscript
      >
    </form>
    ${renderRemark(
      {
        id: 'body',
        author: issue.user?.login ?? '',
        at: issue.created_at,
        edited: issue.updated_at,
        body: issue.body ?? '',
      },
      { form: 'tasks' },
    )}
    ${remarks(comments)}`;
  const still = commentForm(`${path}/comments`, 'A command, such as: /sentry fix SHOP-1');
  return { title: `${issue.title} · issue ${issue.number}`, tab: 'issues', live, still };
}

type Comment = Awaited<ReturnType<Reader['comments']>>[number];

export function remarks(comments: readonly Comment[]): Html[] {
  return comments.map((comment) =>
    renderRemark({
      id: `issuecomment-${comment.id}`,
      author: comment.user?.login ?? '',
      at: comment.created_at,
      edited: comment.updated_at,
      body: comment.body ?? '',
    }),
  );
}

export async function issuesPage(reader: Reader): Promise<Page> {
  const issues = await reader.issues();
  const rows = issues.map(
    (issue) =>
      html`<li>
        ${pill(issue.state)}
        <div>
          <a href="${issue.html_url}"><strong>${issue.title}</strong></a>
          <span class="muted"
            >#${issue.number} · opened ${moment(issue.created_at)} by ${issue.user?.login ?? ''} ·
            ${plural(issue.comments, 'comment')}</span
          >
        </div>
      </li>`,
  );
  const live = html`<h1>Issues</h1>
    ${listOr(rows, 'No issue yet: Suture opens one as soon as Sentry has something.')}`;
  return { title: 'Issues · lantern/shop', tab: 'issues', live };
}

export function listOr(rows: readonly Html[], nothing: string): Html {
  return rows.length > 0
    ? html`<ul class="list">
        ${rows}
      </ul>`
    : html`<p class="empty">${nothing}</p>`;
}

export function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
