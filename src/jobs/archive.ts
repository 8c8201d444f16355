// Archives one problem at the source, because a permitted person said so for that one (promise 1).

import { approvedFacts, type Fix } from '../domain/fix.ts';
import { isLive } from '../domain/stage.ts';
import type { Binding } from '../domain/problem.ts';
import { inline } from '../domain/untrusted.ts';
import type { Job, JobData, Ports, Rows } from '../ports.ts';
import { mayApprove } from './approve.ts';
import { bindingOf } from './bindings.ts';
import { refreshJob } from './receive-delivery.ts';
import { sumUpJob } from './sum-up.ts';

type Needs = Pick<Ports, 'source' | 'host' | 'store' | 'clock' | 'bindings' | 'log'>;

/** `reason` is the person's own; empty keeps the one that proposed it. */
export function archiveJob(wish: {
  binding: Binding;
  problemId: string;
  by: string;
  at: number;
  reason?: string;
}): Job {
  const { binding, problemId, by, at, reason = '' } = wish;
  const key = `${binding.id}#${problemId}`;
  return {
    name: 'archive',
    data: { bindingId: binding.id, problemId, by, reason, at },
    id: `${key}:${at}`,
    group: key,
  };
}

/** 1. may they still  2. archive  3. remember it, with the reason, and refresh. */
export async function archive(ports: Needs, data: JobData['archive']): Promise<void> {
  const binding = bindingOf(ports, data.bindingId);
  const { ok } = await mayApprove(ports, binding, { login: data.by, kind: 'human' });
  if (!ok) return;
  const fixes = await ports.store.readFixes(binding.id);
  const latest = fixes.findLast((fix) => fix.problemId === data.problemId);
  if (latest && isLive(latest.facts)) return;
  await ports.source.archive(binding.source, data.problemId);
  ports.log.info({ problem: data.problemId, by: data.by }, 'archived at the source');
  await ports.store.transaction(async (rows) => {
    await note(rows, data, latest);
    await rows.removeProblems(binding.id, [data.problemId]);
    await rows.send([refreshJob(binding.id), ...(latest ? [sumUpJob(latest)] : [])]);
  });
}

async function note(rows: Rows, data: JobData['archive'], latest: Fix | undefined): Promise<void> {
  const reason = data.reason || latest?.facts.ending?.reason || 'no reason was given.';
  const ending = {
    kind: 'archived' as const,
    reason: `${reason} Archived by ${inline(data.by, 40)}.`,
    at: data.at,
  };
  if (latest?.facts.ending?.kind === 'to-archive') {
    await rows.updateFix(latest.id, (fix) => ({ ...fix, facts: { ...fix.facts, ending } }));
    return;
  }
  const stored = (await rows.readProblems(data.bindingId)).find(
    ({ problem }) => problem.id === data.problemId,
  );
  const known = stored?.problem ?? latest;
  if (!known) return;
  const approval = { by: data.by, at: data.at, via: 'command' as const, hint: null };
  await rows.createFix({
    id: globalThis.crypto.randomUUID(),
    bindingId: data.bindingId,
    problemId: data.problemId,
    shortId: known.shortId,
    title: known.title,
    permalink: known.permalink,
    attempt: (latest?.attempt ?? 0) + 1,
    facts: { ...approvedFacts(approval), ending, cleanedUp: true },
  });
}
