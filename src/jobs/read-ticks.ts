// What one edit of a triage issue's body asks for. Our own edits ask for nothing.

import { hasBindingMark } from '../domain/marker.ts';
import type { Binding } from '../domain/problem.ts';
import { readTicks } from '../domain/triage/ticks.ts';
import type { JobData, Ports } from '../ports.ts';
import { actOnBoxes } from './act-on-boxes.ts';
import { bindingOfTriage, bindingsOf } from './bindings.ts';
import { refreshJob } from './receive-delivery.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings' | 'signer'>;

/** 1. whose issue  2. which boxes changed  3. act on them  4. repair the body. */
export async function readTickedBoxes(ports: Needs, data: JobData['read-ticks']): Promise<void> {
  const self = await ports.host.readSelf();
  if (data.editor.login === self.login) return;
  const binding = await bindingOfIssue(ports, data, self.login);
  if (!binding) return;
  const { editor, issue, at } = data;
  const boxes = readTicks(ports.signer, binding.id, { before: data.bodyBefore, after: data.bodyAfter });
  if (boxes.ticked.length + boxes.unticked.length > 0)
    await actOnBoxes(ports, { binding, issue, editor, at, ...boxes });
  await ports.store.send([refreshJob(binding.id)]);
}

/** The issue we remember, or another of ours: ticked before it was remembered, or before it was closed. */
async function bindingOfIssue(
  ports: Needs,
  data: JobData['read-ticks'],
  self: string,
): Promise<Binding | null> {
  const bindings = bindingsOf(ports, data.repo);
  const known = await bindingOfTriage(ports, data.repo, data.issue);
  if (known) return known;
  const marked = bindings.find((binding) => hasBindingMark(ports.signer, binding.id, data.bodyBefore));
  if (!marked) return null;
  const issue = await ports.host.readIssue(data.repo, data.issue);
  return issue?.author.login === self ? marked : null;
}
