// The first page: what to do as the maintainer, and where every problem stands on both sides.

import type { World } from '../../test/world/world.ts';
import { readEntries } from '../triage-entries.ts';
import { html, type Html } from './html.ts';
import { pill, type Page, type Sites } from './layout.ts';
import type { Reader } from './reader.ts';

export async function overviewPage(world: World, reader: Reader, sites: Sites): Promise<Page> {
  const [issue, pulls] = await Promise.all([world.triageIssue(), reader.pulls()]);
  const entries = readEntries(issue?.body ?? '');
  const rows = world.problems().map((problem) => {
    const pull = pulls.find(({ head }) => head.ref.startsWith(`sentry/${problem.shortId.toLowerCase()}-`));
    return html`<tr>
      <td><a href="${problem.permalink}">${problem.shortId}</a></td>
      <td>${problem.title}</td>
      <td>${entries.get(problem.shortId)?.group ?? 'Not listed'}</td>
      <td>
        ${pull ? html`<a href="${pull.html_url}">#${pull.number}</a> ${pill(pull.merged_at ? 'merged' : pull.state)}` : html`<span class="muted">none</span>`}
      </td>
      <td>${pill(problem.status)}</td>
    </tr>`;
  });
  const live = html`<div class="title">
      <h1>You are mia, who maintains <code>lantern/shop</code></h1>
      <p class="lead">
        The shop crashed. Sentry heard of it and told Suture, which listed what it heard on one GitHub issue.
        Now it waits for you.
      </p>
    </div>
    ${stepsPart(sites, issue?.url ?? null)}
    <h2>Where everything stands</h2>
    <div class="scroll card">
      <table class="plain">
        <thead>
          <tr>
            <th>Sentry issue</th>
            <th>what happened</th>
            <th>triage issue says</th>
            <th>pull request</th>
            <th>Sentry says</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
  return { title: 'Suture demo', tab: 'demo', live };
}

function stepsPart(sites: Sites, triage: string | null): Html {
  const issue = triage
    ? html`<a href="${triage}">triage issue</a>`
    : html`triage issue (it appears in a moment)`;
  return html`<ol class="steps">
    <li><strong>Tick a box</strong> on the ${issue}, or comment <code>/sentry fix SHOP-1</code> there.</li>
    <li>
      <strong>Wait for the pull request</strong> among the
      <a href="${sites.repository}/pulls">pull requests</a>: diagnosis, change, proof. Some problems are
      refused, with the reason.
    </li>
    <li><strong>Merge it</strong> once CI is green, or close it to say no.</li>
    <li>
      <strong>Look at <a href="${sites.sentry}">Sentry</a></strong
      >: what was fixed is resolved, nothing else was touched.
    </li>
    <li>
      <strong>Crash <a href="${sites.demo}-/shop">the shop</a></strong> again, before or after you deployed
      the fix.
    </li>
  </ol>`;
}
