// One pull request: description, checks, merge and close, changed files, comments; and the list of them.

import { renderFile } from './diff.ts';
import { html, type Html } from './html.ts';
import { listOr, plural, remarks } from './issue-page.ts';
import { moment, pill, type Page } from './layout.ts';
import type { Reader } from './reader.ts';
import { commentForm, renderRemark } from './remark.ts';

type Pull = Awaited<ReturnType<Reader['pull']>>;
type Run = Awaited<ReturnType<Reader['checks']>>[number];

export async function pullPage(reader: Reader, number: number): Promise<Page> {
  const pull = await reader.pull(number);
  const [files, runs, comments] = await Promise.all([
    reader.files(number),
    reader.checks(pull.head.sha),
    reader.comments(number),
  ]);
  const path = new URL(pull.html_url).pathname;
  const live = html`<div class="title">
      <h1>${pull.title} <span class="number">#${pull.number}</span></h1>
      <p>
        ${pill(stateOf(pull))}
        <span class="muted"
          ><strong>${pull.user.login.replace('[bot]', '')}</strong> wants to merge
          ${plural(pull.commits, 'commit')} into <code>${pull.base.ref}</code> from
          <code>${pull.head.ref}</code></span
        >
      </p>
    </div>
    ${renderRemark({ id: 'body', author: pull.user.login, at: pull.created_at, edited: null, body: pull.body ?? '' })}
    <section class="merge is-${stateOf(pull)}" id="checks" aria-label="Checks and merge">
      ${checksPart(runs)} ${mergePart(pull, { path, runs })}
    </section>
    <h2 id="files">
      Changed files
      <span class="counts"
        ><span class="plus">+${pull.additions}</span> <span class="minus">−${pull.deletions}</span></span
      >
    </h2>
    ${files.map(renderFile)} ${remarks(comments)}`;
  const still = commentForm(`${path}/comments`, 'A comment on this pull request');
  return { title: `${pull.title} · pull request ${pull.number}`, tab: 'pulls', live, still };
}

function stateOf(pull: { state: string; merged_at?: string | null }): string {
  return pull.merged_at ? 'merged' : pull.state;
}

function checksPart(runs: readonly Run[]): Html {
  if (runs.length === 0)
    return html`<p class="verdict is-pending">
      No check has reported yet. CI starts when it hears of the push.
    </p>`;
  const failed = runs.filter((run) => run.status === 'completed' && run.conclusion !== 'success');
  const running = runs.filter((run) => run.status !== 'completed');
  const [state, text] =
    failed.length > 0
      ? ['failed', `${plural(failed.length, 'check')} failed`]
      : running.length > 0
        ? ['pending', 'CI is running']
        : ['passed', 'All checks have passed'];
  return html`<p class="verdict is-${state}">${text}</p>
    <ul class="checks">
      ${runs.map(checkLine)}
    </ul>`;
}

function checkLine(run: Run): Html {
  const state = run.status !== 'completed' ? 'pending' : run.conclusion === 'success' ? 'passed' : 'failed';
  const said = run.status === 'completed' ? run.conclusion : run.status.replace('_', ' ');
  return html`<li class="is-${state}">
    <strong>${run.name}</strong> <span class="muted">${run.app?.slug ?? ''} · ${said}</span>
    <a href="${run.html_url}">Details</a>
  </li>`;
}

function mergePart(pull: Pull, { path, runs }: { path: string; runs: readonly Run[] }): Html {
  if (pull.merged_at)
    return html`<p class="outcome">
      Merged by ${pull.merged_by?.login ?? 'somebody'} ${moment(pull.merged_at)} as
      <a href="${commitUrl(pull)}"><code>${(pull.merge_commit_sha ?? '').slice(0, 10)}</code></a
      >. Suture now resolves the Sentry issue, if CI is green.
    </p>`;
  if (pull.state === 'closed')
    return html`<p class="outcome">
      Closed without a merge ${moment(pull.closed_at)}. Suture leaves Sentry as it is.
    </p>`;
  const early = runs.length === 0 || runs.some((run) => run.status !== 'completed');
  return html`<div class="actions">
    <form method="post" action="${path}/merge">
      <button class="primary" name="method" value="squash">Squash and merge</button>
      <button name="method" value="merge">Merge commit</button>
      <button name="method" value="rebase">Rebase</button>
    </form>
    <form method="post" action="${path}/close"><button class="danger">Close pull request</button></form>
    ${early ? html`<p class="muted">Merging before CI is done is allowed; Suture waits for the checks all the same.</p>` : ''}
  </div>`;
}

function commitUrl(pull: Pull): string {
  return `${pull.base.repo.html_url}/commit/${pull.merge_commit_sha}`;
}

export async function pullsPage(reader: Reader): Promise<Page> {
  const pulls = await reader.pulls();
  const rows = pulls.map(
    (pull) =>
      html`<li>
        ${pill(stateOf(pull))}
        <div>
          <a href="${pull.html_url}"><strong>${pull.title}</strong></a>
          <span class="muted"
            >#${pull.number} · opened ${moment(pull.created_at)} by ${pull.user?.login ?? ''}</span
          >
        </div>
      </li>`,
  );
  const live = html`<h1>Pull requests</h1>
    ${listOr(rows, 'No pull request yet: tick a box on the triage issue.')}`;
  return { title: 'Pull requests · lantern/shop', tab: 'pulls', live };
}

export async function runPage(reader: Reader, id: number): Promise<Page> {
  const run = await reader.check(id);
  const live = html`<h1>${run.name}</h1>
    <p>
      ${pill(run.conclusion ?? 'pending', run.conclusion ?? run.status)}
      <span class="muted"
        >${run.app?.slug ?? ''} on
        <a href="${repositoryOf(run.html_url)}/commit/${run.head_sha}"
          ><code>${run.head_sha.slice(0, 10)}</code></a
        >
        · ${moment(run.completed_at ?? run.started_at)}</span
      >
    </p>
    <pre class="output">${run.output.summary ?? 'Nothing said yet.'}</pre>`;
  return { title: `${run.name} · check`, tab: 'pulls', live };
}

function repositoryOf(url: string | null): string {
  return (url ?? '').replace(/\/runs\/.*$/, '');
}
