// A box in an answer of ours was ticked: the long approval it stood for is carried out, once.

import { repoName } from '../domain/problem.ts';
import { readBoxes, readTicks } from '../domain/triage/ticks.ts';
import { confirmed } from '../domain/wording.ts';
import type { JobData, Ports } from '../ports.ts';
import { approve, mayApprove, refusePerson } from './approve.ts';
import { bindingsOf } from './bindings.ts';
import type { Binding } from '../domain/problem.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings' | 'signer'>;
type Confirmation = JobData['read-confirmation'];

/**
 * 1. a genuine box of one of our bindings?  2. may this person  3. approve each  4. say so in the comment.
 * The same tick may be told by the webhook and by the history: a comment that asks nothing any more was answered.
 */
export async function readConfirmation(ports: Needs, data: Confirmation): Promise<void> {
  if (data.editor.kind !== 'human') return;
  for (const binding of bindingsOf(ports, data.repo)) {
    const edit = { before: data.bodyBefore, after: data.bodyAfter };
    const ticked = readTicks(ports.signer, binding.id, edit).ticked.filter(({ kind }) => kind === 'confirm');
    const ids = ticked.flatMap(({ subject }) => subject.split(','));
    if (ids.length > 0 && (await stillAsks(ports, binding, data)))
      await confirm(ports, { binding, data, ids });
  }
}

async function stillAsks(ports: Needs, binding: Binding, { repo, comment }: Confirmation): Promise<boolean> {
  const now = await ports.host.readComment(repo, comment);
  return readBoxes(ports.signer, binding.id, now?.body ?? '').some(({ kind }) => kind === 'confirm');
}

type Confirming = { binding: Binding; data: Confirmation; ids: readonly string[] };

async function confirm(ports: Needs, { binding, data, ids }: Confirming): Promise<void> {
  const { editor, issue, repo, comment } = data;
  const { ok, role } = await mayApprove(ports, binding, editor);
  if (!ok) {
    await ports.host.updateComment(repo, comment, data.bodyBefore);
    return refusePerson(ports, { binding, issue, person: editor, role, what: 'confirming' });
  }
  const started: string[] = [];
  for (const problemId of ids) {
    const outcome = await approve(ports, {
      binding,
      problemId,
      approval: { by: editor.login, at: data.at, via: 'tick', hint: null },
      act: `confirm:${repoName(repo)}:${comment}`.toLowerCase(),
      again: 'none',
      named: true,
    });
    if (outcome === 'started') started.push(problemId);
  }
  const fixes = await ports.store.readFixes(binding.id);
  const names = started.map((id) => fixes.findLast((fix) => fix.problemId === id)?.shortId ?? id);
  await ports.host.updateComment(repo, comment, confirmed(editor.login, names, ids.length - names.length));
}
