// Writes the triage issue, and is the only one that does. It renders from the database; from the body it takes
// nothing but ticks that nobody has acted on yet.

import { Bug } from '../domain/failure.ts';
import { hasBindingMark } from '../domain/marker.ts';
import { defaultNoiseRules } from '../domain/noise.ts';
import type { Binding } from '../domain/problem.ts';
import { readBoxes } from '../domain/ticks.ts';
import { renderTriageIssue, sameBody, triageLabel, triageTitle } from '../domain/triage-issue.ts';
import { triageView, type TriageView } from '../domain/triage-view.ts';
import { continues } from '../domain/wording.ts';
import type { HostIssue, JobData, Ports } from '../ports.ts';
import { bindingOf } from './bindings.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings' | 'signer'>;

/** 1. what to show  2. find the issue  3. carry fresh ticks over  4. write only a difference  5. remember what was stored. */
export async function refresh(ports: Needs, data: JobData['refresh']): Promise<void> {
  const binding = bindingOf(ports, data.bindingId);
  const view = await readView(ports, binding);
  const issue = await findIssue(ports, binding);
  if (issue === null || issue.state === 'closed') return openIssue(ports, { binding, view, closed: issue });
  const rejected = (await ports.store.readIssue(binding.id))?.untick ?? [];
  const ticked = readBoxes(ports.signer, binding.id, issue.body).filter((box) => box.ticked);
  const carry = new Set(ticked.map((box) => box.problemId).filter((id) => !rejected.includes(id)));
  const body = renderTriageIssue(view, { signer: ports.signer, refreshedAt: ports.clock.now(), carry });
  const stored = sameBody(issue.body, body)
    ? issue
    : await ports.host.updateIssue(binding.repo, issue.number, { body });
  await remember(ports, binding, { issue: stored, body, emptied: rejected });
}

/** What people are to see now. */
export async function readView(ports: Pick<Needs, 'store' | 'clock'>, binding: Binding): Promise<TriageView> {
  const [problems, fixes, state] = await Promise.all([
    ports.store.readProblems(binding.id),
    ports.store.readFixes(binding.id),
    ports.store.readBindingState(binding.id),
  ]);
  return triageView({
    binding,
    problems: problems.map(({ problem }) => problem),
    fixes,
    notice: state?.paused ?? null,
    noise: defaultNoiseRules,
    now: ports.clock.now(),
  });
}

/** The issue we know, else an open one of ours that carries this binding's mark (the database may be new). */
async function findIssue(ports: Needs, binding: Binding): Promise<HostIssue | null> {
  const known = await ports.store.readIssue(binding.id);
  const issue = known ? await ports.host.readIssue(binding.repo, known.number) : null;
  if (issue?.state === 'open') return issue;
  const self = await ports.host.readSelf();
  const open = await ports.host.listIssues(binding.repo, triageLabel.name, 'open');
  const ours = open.find(
    (found) => found.author.login === self.login && hasBindingMark(ports.signer, binding.id, found.body),
  );
  return ours ?? issue;
}

/** A fresh issue, when there is something to say that the closed one did not. */
async function openIssue(
  ports: Needs,
  input: { binding: Binding; view: TriageView; closed: HostIssue | null },
): Promise<void> {
  const { binding, view, closed } = input;
  const shown = new Set(
    closed ? readBoxes(ports.signer, binding.id, closed.body).map((box) => box.problemId) : [],
  );
  const news = view.waiting.some(({ problem }) => !shown.has(problem.id));
  const first = closed === null && (view.notice !== null || view.inWork.length > 0 || view.open.length > 0);
  if (!news && !first) return;
  const body = renderTriageIssue(view, {
    signer: ports.signer,
    refreshedAt: ports.clock.now(),
    carry: new Set(),
  });
  await ports.host.ensureLabel(binding.repo, triageLabel);
  const labels = [triageLabel.name];
  const issue = await ports.host.createIssue(binding.repo, { title: triageTitle(binding), body, labels });
  await remember(ports, binding, { issue, body, emptied: [] });
  if (closed) await ports.host.comment(binding.repo, issue.number, continues(closed.url));
}

type Written = { issue: HostIssue; body: string; emptied: readonly string[] };

/** Keeps what the host really stored. A tick rejected meanwhile stays on the list for the next write. */
async function remember(ports: Needs, binding: Binding, written: Written): Promise<void> {
  const { issue, body, emptied } = written;
  if (!sameBody(issue.body, body))
    throw new Bug(`The host kept another body of issue ${issue.number} than the one written.`);
  const writtenAt = ports.clock.now();
  await ports.store.updateIssue(binding.id, (known) => ({
    bindingId: binding.id,
    number: issue.number,
    url: issue.url,
    body: issue.body,
    untick: (known?.untick ?? []).filter((id) => !emptied.includes(id)),
    writtenAt,
  }));
}
