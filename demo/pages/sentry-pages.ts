// Sentry's side: the list of problems and one of them, at the addresses its permalinks name.

import { z } from 'zod';
import type { World } from '../../test/world/world.ts';
import type { WorldIssue } from '../../test/world/sentry/world.ts';
import { html, type Html } from './html.ts';
import { listOr, plural } from './issue-page.ts';
import { pill, type Page } from './layout.ts';

export function problemsPage(world: World): Page {
  const problems = world.problems().toReversed();
  const rows = problems.map(
    (problem) =>
      html`<li>
        ${pill(problem.status)}
        <div>
          <a href="${problem.permalink}"><strong>${problem.title}</strong></a>
          <span class="muted"
            >${problem.shortId} · ${problem.culprit ?? ''} ·
            ${plural(problem.count, 'event')}${detailText(problem)}</span
          >
        </div>
      </li>`,
  );
  const live = html`<h1>Issues of <code>lantern/shop</code></h1>
    ${listOr(rows, 'Nothing has crashed yet.')}`;
  return { title: 'Sentry · lantern/shop', tab: 'sentry', live };
}

function detailText(problem: WorldIssue): string {
  const details = problem.statusDetails;
  if (details && typeof details === 'object' && 'inNextRelease' in details)
    return ' · resolved in the next release';
  return problem.substatus ? ` · ${problem.substatus}` : '';
}

/** Null when there is no such problem. */
export async function problemPage(world: World, id: string): Promise<Page | null> {
  const problem = world.problems().find((known) => known.id === id);
  if (!problem) return null;
  const event = await latestEvent(world, id);
  const live = html`<div class="title">
      <h1>${problem.title} <span class="number">${problem.shortId}</span></h1>
      <p>
        ${pill(problem.status)}
        <span class="muted"
          >${problem.culprit ?? ''} · ${plural(problem.count, 'event')}${detailText(problem)}</span
        >
      </p>
    </div>
    ${event ? eventPart(event) : ''}
    <h2>Activity</h2>
    <ul class="list">
      ${problem.activity.map(
        (entry) =>
          html`<li>
            <div>
              <strong>${entry.type.replaceAll('_', ' ')}</strong>
              <span class="muted">${entry.byIntegration ? 'by Suture' : 'by Sentry'}</span>
            </div>
          </li>`,
      )}
    </ul>
    ${problem.activity.length === 0 ? html`<p class="empty">Nobody has touched it.</p>` : ''}`;
  return { title: `${problem.shortId} · Sentry`, tab: 'sentry', live };
}

const frameShape = z.object({
  filename: z.string().nullish(),
  function: z.string().nullish(),
  lineNo: z.number().nullish(),
  inApp: z.boolean().nullish(),
  context: z.array(z.tuple([z.number(), z.string().nullable()])).nullish(),
});
const exceptionShape = z.object({
  type: z.string().nullish(),
  value: z.string().nullish(),
  stacktrace: z.object({ frames: z.array(frameShape).nullish() }).nullish(),
});
const eventShape = z.object({
  eventID: z.string(),
  dateCreated: z.string().nullish(),
  release: z.object({ version: z.string() }).nullish(),
  entries: z.array(z.object({ type: z.string(), data: z.unknown() })),
});
const exceptionsShape = z.object({ values: z.array(exceptionShape) });

type Frame = z.output<typeof frameShape>;
type Event = z.output<typeof eventShape>;

/** Over the API, as Suture reads it; null when there is none (any more). */
async function latestEvent(world: World, id: string): Promise<Event | null> {
  const address = `${world.sentry.url}/api/0/organizations/lantern/issues/${id}/events/latest/`;
  const authorization = `Bearer ${world.settings['SENTRY_TOKEN']}`;
  const response = await fetch(address, { headers: { authorization } });
  return response.ok ? eventShape.parse(await response.json()) : null;
}

function eventPart(event: Event): Html {
  const entry = event.entries.find(({ type }) => type === 'exception');
  const exceptions = entry ? exceptionsShape.parse(entry.data).values : [];
  return html`<h2>Newest event</h2>
    <p class="muted">
      <code>${event.eventID}</code
      >${event.release ? html` · release <code>${event.release.version}</code>` : ''}
    </p>
    ${exceptions.map(
      (exception) =>
        html`<section class="file">
          <header><strong>${exception.type}</strong> <span>${exception.value}</span></header>
          ${(exception.stacktrace?.frames ?? []).toReversed().map(framePart)}
        </section>`,
    )}`;
}

function framePart(frame: Frame, index: number): Html {
  const name = html`<code>${frame.filename ?? '?'}</code> in <strong>${frame.function ?? '?'}</strong> at line
    ${frame.lineNo ?? '?'}${frame.inApp ? html` <span class="tag">in app</span>` : ''}`;
  const context = frame.context ?? [];
  if (context.length === 0) return html`<p class="frame">${name}</p>`;
  const rows = context.map(
    ([number, text]) =>
      html`<tr class="${number === frame.lineNo ? 'del' : 'same'}">
        <td class="number">${number}</td>
        <td class="code">${text}</td>
      </tr>`,
  );
  return html`<details class="frame" ${index === 0 ? html` open` : ''}>
    <summary>${name}</summary>
    <div class="scroll">
      <table class="diff">
        ${rows}
      </table>
    </div>
  </details>`;
}
