// One look at whether a resolved problem stays gone. It changes nothing outside; people see the result on the triage
// issue, and the next attempt gets it as context.

import type { Fix } from '../domain/fix.ts';
import { stageOf } from '../domain/stage.ts';
import { looked } from '../domain/watch.ts';
import type { Job, JobData, Ports } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { refreshJob } from './receive-delivery.ts';
import { readKnownSettings } from './view.ts';

type Needs = Pick<Ports, 'source' | 'store' | 'clock' | 'bindings' | 'log'>;

export function watchJob(fixId: string): Job {
  return { name: 'watch', data: { fixId }, key: fixId, group: fixId };
}

/** 1. still watched?  2. the problem and the newest release as they are now  3. remember what that means. */
export async function watch(ports: Needs, data: JobData['watch']): Promise<void> {
  const fix = await ports.store.readFix(data.fixId);
  if (!fix?.facts.resolution || fix.facts.watch?.end) return;
  const binding = bindingOf(ports, fix.bindingId);
  const { watchDays: days } = (await readKnownSettings(ports, binding)).settings;
  if (days <= 0) return;
  // What is seen holds for the moment when it was asked, however long the answers take.
  const now = ports.clock.now();
  const problem = await ports.source.readProblem(binding.source, fix.problemId);
  const release = await ports.source.readRelease(binding.source);
  const look = { problem, release, days, now };
  const changed = await ports.store.updateFix(fix.id, (known) => ({
    ...known,
    facts: { ...known.facts, watch: looked(known.facts, look) },
  }));
  await ports.store.send([refreshJob(binding.id)]);
  if (changed?.facts.watch?.end) tellLog(ports, changed);
}

function tellLog(ports: Needs, fix: Fix): void {
  const end = fix.facts.watch?.end?.kind;
  ports.log.info({ fix: fix.id, problem: fix.shortId, stage: stageOf(fix.facts), end }, 'the watch is over');
}
