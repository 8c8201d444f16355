// Every job and the function that does it. The queue's runner is the only one that catches.

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
import { refresh } from './refresh.ts';
import { rework } from './rework.ts';
import { settle } from './settle.ts';

export function jobHandlers(ports: Ports): JobHandlers {
  return {
    'receive-delivery': (data) => receiveDelivery(ports, data),
    fetch: (data) => fetchProblems(ports, data),
    'fetch-problem': (data) => fetchProblem(ports, data),
    refresh: (data) => refresh(ports, data),
    'read-ticks': (data) => readTickedBoxes(ports, data),
    'read-comment': (data) => readComment(ports, data),
    'read-confirmation': (data) => readConfirmation(ports, data),
    inspect: (data) => inspect(ports, data),
    archive: (data) => archive(ports, data),
    'read-review': (data) => readReview(ports, data),
    rework: (data) => rework(ports, data),
    fix: (data, run) => runFix(ports, data, run),
    settle: (data) => settle(ports, data),
    reconcile: (data) => reconcile(ports, data),
  };
}

/** A fix that stops must say so on the triage issue before the queue hears of it. */
async function runFix(ports: Ports, data: JobData['fix'], run: JobRun): Promise<void> {
  try {
    await fix(ports, data);
  } catch (error) {
    const told = await fixStopped(ports, data, { error, final: run.lastAttempt });
    if (!told) throw error;
  }
}
