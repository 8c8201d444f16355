// Every queue in one table: how many of its jobs run at once, how often and how late a failed one is tried
// again, and how long one may run. A new job gets its line here; jobs know nothing of this.

import type { JobName } from '../ports.ts';

export type QueueRule = {
  /**
   * A plain queue knows no keys and no groups, which makes each of its statements two or three times cheaper:
   * the doors' queue, that gets thousands at once.
   */
  plain: boolean;
  /** Jobs of this name that run at once in this process. */
  workers: number;
  /** Jobs taken from the database at once; 1 keeps the order within a group. */
  batch: number;
  /** Tries after the first one, for failures that are neither Refusal nor Later, and for killed processes. */
  retries: number;
  /** Milliseconds between two looks for more work, so that a stream of jobs is taken by handfuls, not one by one. */
  pace: number;
  /** Seconds before the second try; doubled (with jitter) for each further one, up to the second number. */
  backOff: readonly [number, number];
  /** A run is cut off after this many seconds. */
  expire: number;
};

const minute = 60;
const hour = 60 * minute;

const keyed = { plain: false, batch: 1, pace: 0 };

export const queues: { readonly [N in JobName]: QueueRule } = {
  'receive-delivery': {
    plain: true,
    workers: 64,
    batch: 64,
    pace: 100,
    retries: 5,
    backOff: [2, 60],
    expire: 5 * minute,
  },
  fetch: { ...keyed, workers: 2, retries: 3, backOff: [5, 120], expire: 10 * minute },
  'fetch-problem': { ...keyed, workers: 4, retries: 3, backOff: [5, 120], expire: 5 * minute },
  refresh: { ...keyed, workers: 2, retries: 3, backOff: [5, 120], expire: 5 * minute },
  'read-ticks': { ...keyed, workers: 4, retries: 5, backOff: [2, 120], expire: 5 * minute },
  'read-comment': { ...keyed, workers: 4, retries: 5, backOff: [2, 120], expire: 5 * minute },
  'read-confirmation': { ...keyed, workers: 2, retries: 5, backOff: [2, 120], expire: 5 * minute },
  inspect: { ...keyed, workers: 1, retries: 2, backOff: [30, 300], expire: 15 * minute },
  archive: { ...keyed, workers: 2, retries: 5, backOff: [5, 300], expire: 5 * minute },
  'read-review': { ...keyed, workers: 2, retries: 5, backOff: [2, 120], expire: 5 * minute },
  rework: { ...keyed, workers: 1, retries: 2, backOff: [10, 300], expire: 2 * hour },
  fix: { ...keyed, workers: 2, retries: 2, backOff: [10, 300], expire: 2 * hour },
  settle: { ...keyed, workers: 4, retries: 5, backOff: [5, 300], expire: 10 * minute },
  watch: { ...keyed, workers: 1, retries: 3, backOff: [30, 600], expire: 5 * minute },
  'sum-up': { ...keyed, workers: 1, retries: 5, backOff: [5, 300], expire: 5 * minute },
  reconcile: { ...keyed, workers: 1, retries: 3, backOff: [5, 120], expire: 15 * minute },
  redeliver: { ...keyed, workers: 1, retries: 3, backOff: [5, 120], expire: 15 * minute },
};

export const jobNames = Object.keys(queues).filter((name): name is JobName => name in queues);

/** A job's id is remembered this long after it ended; GitHub redelivers within 3 days (reference github.md, 2.3). */
export const rememberSeconds = 5 * 24 * hour;

/** A job that keeps saying Later is treated as failing once it is this old. */
export const laterForMs = 24 * hour * 1000;

/** A running job that gave no sign of life for so long belongs to a dead process; never less than 10 (pg-boss). */
export const heartbeatSeconds = 15;
export const heartbeatEveryMs = 4000;

/** Where a process that stored jobs tells the others, so that theirs start within milliseconds. */
export const wakeChannel = 'suture_jobs';
