// The changed files of a pull request, coloured, with line numbers.

import { html, type Html } from './html.ts';

export type ChangedFile = {
  filename: string;
  additions: number;
  deletions: number;
  patch?: string | undefined;
};

export function renderFile(file: ChangedFile): Html {
  return html`<section class="file">
    <header>
      <code>${file.filename}</code
      ><span class="counts"
        ><span class="plus">+${file.additions}</span> <span class="minus">−${file.deletions}</span></span
      >
    </header>
    ${
      file.patch === undefined
        ? html`<p class="muted pad">No text to show.</p>`
        : html`<div class="scroll">
            <table class="diff">
              ${rows(file.patch)}
            </table>
          </div>`
    }
  </section>`;
}

type Row = {
  kind: 'hunk' | 'add' | 'del' | 'same';
  before: number | null;
  after: number | null;
  text: string;
};

function rows(patch: string): Html[] {
  return parse(patch).map(
    (row) =>
      html`<tr class="${row.kind}">
        <td class="number">${row.before}</td>
        <td class="number">${row.after}</td>
        <td class="code">${row.text}</td>
      </tr>`,
  );
}

function parse(patch: string): Row[] {
  const found: Row[] = [];
  let before = 0;
  let after = 0;
  for (const line of patch.split('\n')) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (hunk) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      found.push({ kind: 'hunk', before: null, after: null, text: line });
    } else if (line.startsWith('+')) found.push({ kind: 'add', before: null, after: after++, text: line });
    else if (line.startsWith('-')) found.push({ kind: 'del', before: before++, after: null, text: line });
    else if (line.startsWith('\\')) found.push({ kind: 'hunk', before: null, after: null, text: line });
    else found.push({ kind: 'same', before: before++, after: after++, text: line });
  }
  return found;
}
