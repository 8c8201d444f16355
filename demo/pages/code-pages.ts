// A commit, and a file at a commit: what permanent links in bodies lead to.

import { renderFile } from './diff.ts';
import { html } from './html.ts';
import { moment, type Page } from './layout.ts';
import type { Reader } from './reader.ts';

export async function commitPage(reader: Reader, ref: string): Promise<Page> {
  const commit = await reader.commit(ref);
  const [subject = '', ...rest] = commit.commit.message.split('\n');
  const live = html`<h1>${subject}</h1>
    <p class="muted">
      <code>${commit.sha.slice(0, 10)}</code> by ${commit.commit.author?.name ?? 'somebody'}
      ${moment(commit.commit.author?.date)}
    </p>
    ${rest.join('\n').trim() === '' ? '' : html`<pre class="output">${rest.join('\n').trim()}</pre>`}
    ${(commit.files ?? []).map(renderFile)}`;
  return { title: subject, tab: 'pulls', live };
}

export async function filePage(reader: Reader, ref: string, path: string): Promise<Page> {
  const text = await reader.file(path, ref);
  const lines = (text ?? '').split('\n');
  const live = html`<h1><code>${path}</code></h1>
    <p class="muted">at <code>${ref.slice(0, 10)}</code></p>
    <section class="file">
      <div class="scroll">
        <table class="diff">
          ${lines.map(
            (line, index) =>
              html`<tr class="same" id="L${index + 1}">
                <td class="number">${index + 1}</td>
                <td class="code">${line}</td>
              </tr>`,
          )}
        </table>
      </div>
    </section>`;
  return { title: path, tab: 'pulls', live };
}
