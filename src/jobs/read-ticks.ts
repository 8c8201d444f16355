// What one edit of a triage issue's body asks for. Who edited is who counts; our own edits never do.

import { hasBindingMark } from '../domain/marker.ts';
import { repoName, type Binding } from '../domain/problem.ts';
import { readTicks } from '../domain/ticks.ts';
import type { JobData, Ports } from '../ports.ts';
import { approve, mayApprove, refusePerson, withdraw } from './approve.ts';
import { bindingsOf } from './bindings.ts';
import { refreshJob } from './receive-delivery.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings' | 'signer'>;

/** 1. whose issue  2. which boxes changed  3. may this person  4. approve or untick  5. repair the body. */
export async function readTickedBoxes(ports: Needs, data: JobData['read-ticks']): Promise<void> {
  const self = await ports.host.readSelf();
  if (data.editor.login === self.login) return;
  const binding = await bindingOfIssue(ports, data, self.login);
  if (!binding) return;
  const boxes = readTicks(ports.signer, binding.id, { before: data.bodyBefore, after: data.bodyAfter });
  if (boxes.ticked.length + boxes.unticked.length > 0) await act(ports, binding, { data, ...boxes });
  await ports.store.send([refreshJob(binding.id)]);
}

/** The issue we remember, or one of ours that was ticked before its creation could be remembered. */
async function bindingOfIssue(
  ports: Needs,
  data: JobData['read-ticks'],
  self: string,
): Promise<Binding | null> {
  const bindings = bindingsOf(ports, data.repo);
  const stored = await ports.store.findIssue(repoName(data.repo), data.issue);
  const known = bindings.find((binding) => binding.id === stored?.bindingId);
  if (known) return known;
  const marked = bindings.find((binding) => hasBindingMark(ports.signer, binding.id, data.bodyBefore));
  if (!marked) return null;
  const issue = await ports.host.readIssue(data.repo, data.issue);
  return issue?.state === 'open' && issue.author.login === self ? marked : null;
}

type Edit = { data: JobData['read-ticks']; ticked: string[]; unticked: string[] };

async function act(ports: Needs, binding: Binding, edit: Edit): Promise<void> {
  const { data, ticked, unticked } = edit;
  const { ok, role } = await mayApprove(ports, binding, data.editor);
  if (!ok) {
    await untick(ports, binding, ticked);
    const refused = { binding, issue: data.issue, person: data.editor, role, what: 'ticking a box' };
    return ticked.length > 0 ? refusePerson(ports, refused) : undefined;
  }
  const approval = { by: data.editor.login, at: data.at, via: 'tick' as const, hint: null };
  const act = `tick:${repoName(data.repo)}#${data.issue}:${data.at}`.toLowerCase();
  for (const problemId of ticked) await approve(ports, { binding, problemId, approval, act, again: false });
  for (const problemId of unticked) await withdraw(ports, { binding, problemId, by: data.editor.login });
}

async function untick(ports: Needs, binding: Binding, problemIds: readonly string[]): Promise<void> {
  await ports.store.updateIssue(binding.id, (known) =>
    known ? { ...known, untick: [...new Set([...known.untick, ...problemIds])] } : null,
  );
}
