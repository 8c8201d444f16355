// Every job and the function that does it. The queue's runner is the only one that catches.

import { Later, Refusal } from '../domain/failure.ts';
import type { JobData, JobHandlers, JobRun, Ports } from '../ports.ts';
import { archive } from './archive.ts';
import { fetchProblem, fetchProblems } from './fetch.ts';
import { fix } from './fix.ts';
import { fixStopped } from './fix-facts.ts';
import { inspect } from './inspect.ts';
import { readConfirmation } from './read-confirmation.ts';
import { readComment } from './read-comment.ts';
import { readTickedBoxes } from './read-ticks.ts';
import { readReview } from './read-review.ts';
import { receiveDelivery } from './receive-delivery.ts';
import { reconcile } from './reconcile.ts';
import { redeliver } from './redeliver.ts';
import { refresh } from './refresh.ts';
import { rework } from './rework.ts';
import { reworkStopped } from './rework-end.ts';
import { settle } from './settle.ts';
import { sumUp } from './sum-up.ts';
import type { Settled } from './unchanged.ts';
import { watch } from './watch.ts';

export function jobHandlers(ports: Ports): JobHandlers {
  const settled: Settled = new Map();
  return {
    'receive-delivery': (data) => receiveDelivery(ports, data),
    fetch: (data) => fetchProblems(ports, data),
    'fetch-problem': (data) => fetchProblem(ports, data),
    refresh: (data) => refresh(ports, data),
    'read-ticks': (data, run) => heard(ports, run, readTickedBoxes(ports, data)),
    'read-comment': (data, run) => heard(ports, run, readComment(ports, data)),
    'read-confirmation': (data, run) => heard(ports, run, readConfirmation(ports, data)),
    inspect: (data) => inspect(ports, data),
    archive: (data, run) => heard(ports, run, archive(ports, data)),
    'read-review': (data, run) => heard(ports, run, readReview(ports, data)),
    rework: (data, run) => runRework(ports, data, run),
    fix: (data, run) => runFix(ports, data, run),
    settle: (data) => settle(ports, data, settled),
    watch: (data) => watch(ports, data),
    'sum-up': (data) => sumUp(ports, data),
    reconcile: (data) => reconcile(ports, data, settled),
    redeliver: (data) => redeliver(ports, data),
  };
}

const unheardMs = 10 * 60_000;

/**
 * A person's word must not be lost because the host lets nobody in, or cannot be understood, for a while (promise 3):
 * it is read again later, until the queue gives it up after a day.
 */
async function heard(ports: Ports, run: JobRun, reading: Promise<void>): Promise<void> {
  try {
    await reading;
  } catch (error) {
    if (error instanceof Later) throw error;
    if (!run.lastAttempt && !(error instanceof Refusal)) throw error;
    ports.log.error({ err: error }, 'a tick or a command could not be read; it is read again later');
    throw new Later(error instanceof Error ? error.message : String(error), unheardMs);
  }
}

/** The last try that breaks ends the wish, so that the pull request does not wait for it for ever. */
async function runRework(ports: Ports, data: JobData['rework'], { lastAttempt }: JobRun): Promise<void> {
  try {
    await rework(ports, data);
  } catch (error) {
    if (lastAttempt) await reworkStopped(ports, data, error);
    throw error;
  }
}

/** A fix that stops must say so on the triage issue before the queue hears of it. */
async function runFix(ports: Ports, data: JobData['fix'], { lastAttempt }: JobRun): Promise<void> {
  const run = globalThis.crypto.randomUUID();
  try {
    await fix(ports, data, run);
  } catch (error) {
    const told = await fixStopped(ports, data, { error, final: lastAttempt, run });
    if (!told) throw error;
  }
}
