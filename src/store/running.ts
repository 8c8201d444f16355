// One run of one job: its data, its signal, and what its end means for the queue.
// The only place of Suture that catches what jobs throw (reference models.md, habit 10).

import type { JobWithMetadata } from 'pg-boss';
import { Later, Refusal } from '../domain/failure.ts';
import type { Clock, JobHandlers, JobName, JobRun, Log } from '../ports.ts';
import { type Envelope, envelopeSchema, jobSchemas } from './job-data.ts';
import { unpack } from './lossless.ts';
import { laterForMs } from './queues.ts';
import { readAs } from './row-schemas.ts';

export type Taken = JobWithMetadata<unknown>;

/** How a run ended, for the queue. */
export type Outcome =
  | { kind: 'done' }
  | { kind: 'later'; afterMs: number; envelope: Envelope }
  | { kind: 'failed'; message: string };

export type RunNeeds = { log: Log; clock: Clock };

export type Start<N extends JobName> = {
  name: N;
  job: Taken;
  handler: JobHandlers[N];
  signal: AbortSignal;
};

/** Never throws: whatever the handler does becomes an outcome, and the log says what a person should know. */
export async function runJob<N extends JobName>(
  needs: RunNeeds,
  { name, job, handler, signal }: Start<N>,
): Promise<Outcome> {
  const log = needs.log.child({ job: name, reference: job.id });
  try {
    const envelope = readAs(envelopeSchema, job.data, `job ${name}`);
    const run = runOf(job, envelope, signal);
    const data = readAs(jobSchemas[name], unpack(envelope), `job ${name}`);
    return await judge({ ...needs, log }, { envelope, run, signal }, () => handler(data, run));
  } catch (error) {
    log.error({ err: error }, 'a stored job cannot be read');
    return { kind: 'failed', message: messageOf(error) };
  }
}

function runOf(job: Taken, envelope: Envelope, signal: AbortSignal): JobRun {
  return {
    attempt: envelope.failures + job.retryCount + 1,
    lastAttempt: job.retryCount >= job.retryLimit,
    signal,
  };
}

type Run = { envelope: Envelope; run: JobRun; signal: AbortSignal };

async function judge(
  { log, clock }: { log: Log; clock: Clock },
  { envelope, run, signal }: Run,
  work: () => Promise<void>,
): Promise<Outcome> {
  try {
    await untilAborted(work(), signal);
    return { kind: 'done' };
  } catch (error) {
    if (signal.aborted && signal.reason instanceof Later)
      return laterOf(signal.reason, { envelope, run, clock });
    if (error instanceof Refusal) {
      log.info({ refusal: error.message }, 'refused');
      return { kind: 'done' };
    }
    if (error instanceof Later && clock.now() - envelope.at < laterForMs) {
      log.info({ later: error.message, retryAfterMs: error.retryAfterMs }, 'later');
      return laterOf(error, { envelope, run, clock });
    }
    if (run.lastAttempt) log.error({ err: error, attempt: run.attempt }, 'a job failed and is given up');
    else
      log.info({ problem: messageOf(error), attempt: run.attempt }, 'a job failed and will be tried again');
    return { kind: 'failed', message: messageOf(error) };
  }
}

/** A Later is not a failure: the tries so far are carried over, and it adds none. */
function laterOf(later: Later, from: { envelope: Envelope; run: JobRun; clock: Clock }): Outcome {
  const afterMs = Math.max(0, later.retryAfterMs);
  const failures = from.run.attempt - 1;
  return {
    kind: 'later',
    afterMs,
    envelope: { ...from.envelope, failures, notBefore: from.clock.now() + afterMs },
  };
}

/** A handler that ignores its signal is not waited for: its claim is gone, so its end no longer counts. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
