// Reads a fix's pull request and what CI says of it, as they are now. It must not act on what it sees.

import type { Fix, PullFacts } from '../domain/fix.ts';
import type { Binding } from '../domain/problem.ts';
import { needsMerged, pullVerdict } from '../domain/pull-verdict.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Ports, PullRequest } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { pullFactsOf } from './rebuild.ts';
import { refreshJob } from './receive-delivery.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings'>;

/** Facts that are final are not asked again; only a difference is written. */
export async function lookAtPull(ports: Needs, fixId: string): Promise<Fix | null> {
  const fix = await ports.store.readFix(fixId);
  if (!fix?.facts.pull || fix.facts.resolution) return fix;
  const binding = bindingOf(ports, fix.bindingId);
  const pull = await ports.host.readPullRequest(binding.repo, fix.facts.pull.number);
  if (!pull) return fix;
  const seen: PullFacts = { ...pullFactsOf(pull), verdict: await readVerdict(ports, binding, pull) };
  if (JSON.stringify(seen) === JSON.stringify(fix.facts.pull)) return fix;
  await ports.store.send([refreshJob(fix.bindingId)]);
  return ports.store.updateFix(fixId, (known) => ({ ...known, facts: { ...known.facts, pull: seen } }));
}

/** 1. what the base asks for  2. the head's checks  3. those of the merged commit, when the head leaves it open. */
async function readVerdict(ports: Needs, { repo }: Binding, pull: PullRequest): Promise<Verdict> {
  const required = await ports.host.readRequiredChecks(repo, pull.base);
  const head = await ports.host.readChecks(repo, pull.headSha);
  const { mergedAt, mergeSha } = pull;
  const merged =
    mergeSha !== null && needsMerged(head, required) ? await ports.host.readChecks(repo, mergeSha) : null;
  return pullVerdict({ head, merged, required, mergedAt, now: ports.clock.now() });
}
