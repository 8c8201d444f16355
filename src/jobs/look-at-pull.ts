// Reads a fix's pull request and what CI says of it, as they are now. It must not act on what it sees.

import type { Fix, PullFacts } from '../domain/fix.ts';
import type { Binding } from '../domain/problem.ts';
import { needsMerged, pullVerdict } from '../domain/pull/pull-verdict.ts';
import { fateOf } from '../domain/triage/summary.ts';
import { failedChecks } from '../domain/pull/verdict.ts';
import type { Ports, PullRequest } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { pullFactsOf } from './rebuild.ts';
import { refreshJob } from './receive-delivery.ts';
import { wakeWaiting } from './take-turns.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings'>;

/** Facts that are final are not asked again; only a difference is written. */
export async function lookAtPull(ports: Needs, fixId: string): Promise<Fix | null> {
  const fix = await ports.store.readFix(fixId);
  if (!fix?.facts.pull || fix.facts.resolution) return fix;
  const binding = bindingOf(ports, fix.bindingId);
  const pull = await ports.host.readPullRequest(binding.repo, fix.facts.pull.number);
  if (!pull) return fix;
  const seen = { ...pullFactsOf(pull), ...(await readVerdict(ports, binding, pull)) };
  if (pull.conflicts === null) seen.conflicts = lastConflicts(fix.facts.pull, pull);
  // What a newer version keeps beside it stays as it is.
  const kept = { ...fix.facts.pull, ...seen };
  if (JSON.stringify(kept) === JSON.stringify(fix.facts.pull)) return fix;
  await ports.store.send([refreshJob(fix.bindingId)]);
  const noted = await ports.store.updateFix(fixId, (known) => withPull(known, seen));
  if (fix.facts.pull.state === 'open' && seen.state !== 'open') await wakeWaiting(ports, binding);
  return noted;
}

/** While the host tries the merge again, what it said last of this head stands. */
function lastConflicts(known: PullFacts, pull: PullRequest): boolean {
  return pull.state === 'open' && known.headSha === pull.headSha && known.conflicts;
}

/** What is under way again, for checks were run once more or a person opened it again, is to be told of anew when it ends. */
function withPull(fix: Fix, seen: PullFacts): Fix {
  const { facts } = fix;
  const reopened = facts.life.reopened || (facts.pull?.state === 'closed' && seen.state === 'open');
  const moved = { ...facts, pull: { ...facts.pull, ...seen }, life: { ...facts.life, reopened } };
  return { ...fix, facts: { ...moved, announced: facts.announced && fateOf(moved) !== null } };
}

/** 1. what the base asks for  2. the head's checks  3. those of the merged commit, when the head leaves it open. */
async function readVerdict(
  ports: Needs,
  { repo }: Binding,
  pull: PullRequest,
): Promise<Pick<PullFacts, 'verdict' | 'failed'>> {
  const required = await ports.host.readRequiredChecks(repo, pull.base);
  const head = await ports.host.readChecks(repo, pull.headSha);
  const { mergedAt, mergeSha } = pull;
  const merged =
    mergeSha !== null && needsMerged(head, required) ? await ports.host.readChecks(repo, mergeSha) : null;
  const verdict = pullVerdict({ head, merged, required, mergedAt, now: ports.clock.now() });
  const failed = verdict.state === 'failed' && pull.state === 'open' ? failedChecks(head, required) : [];
  return { verdict, failed };
}
