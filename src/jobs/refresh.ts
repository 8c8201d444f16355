// Writes the triage issue, and is the only one that does. It renders from the database; from the body it takes
// nothing but ticks that nobody has acted on yet.

import { Bug } from '../domain/failure.ts';
import { needsLook } from '../domain/triage/finding.ts';
import type { Binding } from '../domain/problem.ts';
import { boxKey, readBoxes } from '../domain/triage/ticks.ts';
import {
  renderTriageIssue,
  sameBody,
  triageLabel,
  triageTitle,
  withFolds,
  type RenderedIssue,
} from '../domain/triage/triage-issue.ts';
import type { TriageView } from '../domain/triage/triage-view.ts';
import { continues } from '../domain/wording.ts';
import type { HostIssue, JobData, Ports } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { hearTicks } from './hear-ticks.ts';
import { inspectJob, refreshJob } from './receive-delivery.ts';
import { readTriageIssues } from './triage-issues.ts';
import { readView } from './view.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings' | 'signer'>;

/** 1. what to show  2. find the issue  3. write it, or open one  4. ask for a look at what nobody looked at. */
export async function refresh(ports: Needs, data: JobData['refresh']): Promise<void> {
  const binding = bindingOf(ports, data.bindingId);
  const view = await readView(ports, binding);
  const issue = await findIssue(ports, view);
  if (issue?.state === 'open' && !(await isListed(ports, binding))) return;
  if (issue?.state === 'open') await rewrite(ports, view, issue);
  else await openIssue(ports, { binding, view, closed: issue });
  await askForLooks(ports, view);
}

/** False while the database is new: an issue from before must not be emptied by what is not known yet. */
async function isListed(ports: Needs, binding: Binding): Promise<boolean> {
  const state = await ports.store.readBindingState(binding.id);
  return (state?.listedAt ?? null) !== null;
}

/** 1. carry fresh ticks over  2. write only a difference  3. remember what was stored  4. hear lost ticks. */
async function rewrite(ports: Needs, view: TriageView, issue: HostIssue): Promise<void> {
  const { binding } = view;
  const known = await ports.store.readIssue(binding.id);
  const rejected = known?.untick ?? [];
  const ticked = readBoxes(ports.signer, binding.id, issue.body).filter((box) => box.ticked);
  const carry = new Set(ticked.map(boxKey).filter((box) => !rejected.includes(box)));
  const made = renderTriageIssue(view, { signer: ports.signer, refreshedAt: ports.clock.now(), carry });
  const same = sameBody(issue.body, made.body);
  const stored = same ? issue : await ports.host.updateIssue(binding.repo, issue.number, { body: made.body });
  await remember(ports, binding, { issue: stored, made, emptied: rejected });
  await hearTicks(ports, { view, issue: issue.number, carry, wrote: !same, known: known !== null });
}

/** The issue we know, else an open one of ours that carries this binding's mark (the database may be new). */
async function findIssue(ports: Needs, view: TriageView): Promise<HostIssue | null> {
  const known = await ports.store.readIssue(view.binding.id);
  const issue = known ? await ports.host.readIssue(view.binding.repo, known.number) : null;
  if (issue?.state === 'open') return issue;
  return (await openIssues(ports, view))[0] ?? issue;
}

/** Ours that are open, oldest first. */
function openIssues(ports: Needs, { binding, settings }: TriageView): Promise<HostIssue[]> {
  return readTriageIssues(ports, binding, { label: settings.label, state: 'open' });
}

/** Two runs may have opened one at the same moment: the oldest stays, whoever looks. */
async function keepOldest(ports: Needs, view: TriageView, made: HostIssue): Promise<HostIssue> {
  const [oldest, ...others] = await openIssues(ports, view);
  for (const other of others)
    await ports.host.updateIssue(view.binding.repo, other.number, { state: 'closed' });
  return oldest ?? made;
}

/** A fresh issue, when there is something to say that the closed one did not. */
async function openIssue(
  ports: Needs,
  input: { binding: Binding; view: TriageView; closed: HostIssue | null },
): Promise<void> {
  const { binding, view, closed } = input;
  const boxes = closed ? readBoxes(ports.signer, binding.id, closed.body) : [];
  const shown = new Set(boxes.map((box) => box.subject));
  const news = view.waiting.some(({ problem }) => !shown.has(problem.id));
  const said = view.notice !== null || view.mistakes.length > 0;
  const first = closed === null && (said || view.inWork.length > 0 || view.open.length > 0);
  if (!news && !first) return;
  const options = { signer: ports.signer, refreshedAt: ports.clock.now(), carry: new Set<string>() };
  const made = renderTriageIssue(view, options);
  const label = { ...triageLabel, name: view.settings.label };
  await ports.host.ensureLabel(binding.repo, label);
  const created = await ports.host.createIssue(binding.repo, {
    title: triageTitle(binding),
    body: made.body,
    labels: [label.name],
  });
  const issue = await keepOldest(ports, view, created);
  if (issue.number !== created.number) return ports.store.send([refreshJob(binding.id)]);
  await remember(ports, binding, { issue, made, emptied: [] });
  if (closed) await ports.host.comment(binding.repo, issue.number, continues(closed.url));
}

type Written = { issue: HostIssue; made: RenderedIssue; emptied: readonly string[] };

/** Keeps what the host really stored. A tick rejected meanwhile stays on the list for the next write. */
async function remember(ports: Needs, binding: Binding, written: Written): Promise<void> {
  const { issue, made, emptied } = written;
  if (!sameBody(issue.body, made.body))
    throw new Bug(`The host kept another body of issue ${issue.number} than the one written.`);
  const writtenAt = ports.clock.now();
  await ports.store.updateIssue(binding.id, (known) => {
    const before = known?.number === issue.number ? known : null;
    return {
      ...before,
      bindingId: binding.id,
      number: issue.number,
      url: issue.url,
      body: issue.body,
      untick: (before?.untick ?? []).filter((box) => !emptied.includes(box)),
      shown: made.shown,
      unheard: before?.unheard ?? [],
      versionsReadTo: before?.versionsReadTo ?? 0,
      writtenAt,
      asking: known?.asking ?? [],
    };
  });
}

/** Findings are made elsewhere: they cost requests and may fail. */
async function askForLooks(ports: Needs, view: TriageView): Promise<void> {
  const now = ports.clock.now();
  const due = withFolds(view).some(({ problem, finding }) => needsLook(problem, finding ?? undefined, now));
  if (due && view.notice === null) await ports.store.send([inspectJob(view.binding.id)]);
}
