// Brings one fix to where the world is: reads its pull request and checks as they are now, then does what follows.
// Webhook and timer run the same job; every step is safe to run twice.

import { worktreeName, type Fix } from '../domain/fix.ts';
import { todosOf, type Todo } from '../domain/stage.ts';
import type { Binding } from '../domain/problem.ts';
import type { JobData, Ports } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { tellJoiners } from './join.ts';
import { leaveLedger } from './ledger.ts';
import { lookAtPull } from './look-at-pull.ts';
import { livePull } from './pull-life.ts';
import { refreshJob } from './receive-delivery.ts';
import { lookBack, noteFix, resolveFix } from './resolve.ts';
import { sumUpJob } from './sum-up.ts';
import { giveTurnBack } from './take-turns.ts';
import { settlingBegins, settlingEnded, type Settled } from './unchanged.ts';

type Needs = Pick<Ports, 'source' | 'host' | 'git' | 'store' | 'clock' | 'bindings' | 'signer' | 'log'>;

/** 1. look  2. remember  3. the life of an open pull request  4. do what follows, one thing at a time, until nothing follows. */
export async function settle(ports: Needs, data: JobData['settle'], settled: Settled): Promise<void> {
  settlingBegins(settled, data.fixId);
  let fix = await livePull(ports, await lookAtPull(ports, data.fixId));
  if (fix) await leaveLedger(ports, bindingOf(ports, fix.bindingId), fix);
  if (fix) await giveTurnBack(ports, bindingOf(ports, fix.bindingId), fix);
  for (let todo = firstDoable(fix); fix && todo; todo = firstDoable(fix))
    fix = await carryOut(ports, fix, todo);
  // By a job of its own: only one run at a time may write the comment of a batch.
  const now = await ports.store.readFix(data.fixId);
  if (now && todosOf(now.facts).includes('announce')) await ports.store.send([sumUpJob(now)]);
  if (now && data.mark !== undefined) settlingEnded(ports, settled, { fix: now, mark: data.mark });
}

function firstDoable(fix: Fix | null): Todo | undefined {
  const waits: readonly Todo[] = ['announce', 'work', 'await-leader', 'await-merge', 'await-checks'];
  return fix ? todosOf(fix.facts).find((todo) => !waits.includes(todo)) : undefined;
}

async function carryOut(ports: Needs, fix: Fix, todo: Todo): Promise<Fix | null> {
  const binding = bindingOf(ports, fix.bindingId);
  switch (todo) {
    case 'resolve':
      return resolveFix(ports, binding, fix);
    case 'look-back':
      return lookBack(ports, binding, fix);
    case 'note':
      return noteFix(ports, binding, fix);
    case 'clean-up':
      return cleanUp(ports, binding, fix);
    case 'tell-joiners':
      return tellJoiners(ports, binding, fix);
    case 'announce':
    case 'work':
    case 'await-leader':
    case 'await-merge':
    case 'await-checks':
      return null;
  }
}

/**
 * Worktree always; the branch only once it is merged: a closed pull request can be opened again while it is there. An
 * attempt after this one may have pushed to the same branch meanwhile.
 */
async function cleanUp(ports: Needs, binding: Binding, fix: Fix): Promise<Fix | null> {
  const mirror = await ports.git.openMirror(binding.repo);
  await mirror?.removeWorktree(fix.id);
  if (fix.facts.run !== null) await mirror?.removeWorktree(worktreeName(fix.id, fix.facts.run));
  const { pull, proposal } = fix.facts;
  if (pull?.state === 'merged' && proposal)
    await ports.host.deleteBranch(binding.repo, proposal.branch, pull.headSha);
  await ports.store.send([refreshJob(binding.id)]);
  return ports.store.updateFix(fix.id, (known) => ({ ...known, facts: { ...known.facts, cleanedUp: true } }));
}
