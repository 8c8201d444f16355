// Shows on the triage issue which step of a fix runs now. Most steps of most fixes take less time than anybody takes to
// read of them, and each write keeps the database busy and costs a write to the host, behind which the pull request
// would wait. So a step is written down when it is still there a little later.
// It must not write once the work has ended, nor hold the work up.

import type { Fix } from '../domain/fix.ts';
import type { Ports } from '../ports.ts';
import { changeFacts } from './fix-facts.ts';
import { refreshJob } from './receive-delivery.ts';

type Needs = Pick<Ports, 'store' | 'clock'>;

export const shownAfterMs = 2_000;

/**
 * Runs `work` with a function that is told each step. That throws what the last write met: Withdrawn, or Later when
 * another run has taken the fix over.
 */
export async function withSteps<T>(
  ports: Needs,
  fix: Fix,
  work: (progress: (step: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  let progress: { step: string; since: number } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  const writeLater = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      writing = write(ports, fix, progress);
      // Told with the next step.
      writing.catch(() => undefined);
    }, shownAfterMs);
    timer.unref();
  };
  try {
    return await work(async (step) => {
      progress = { step, since: ports.clock.now() };
      await writing;
      writeLater();
    });
  } finally {
    if (timer) clearTimeout(timer);
    await writing.catch(() => undefined);
  }
}

async function write(
  ports: Needs,
  fix: Fix,
  progress: { step: string; since: number } | null,
): Promise<void> {
  await changeFacts(ports, fix, (facts) => ({ ...facts, progress }));
  await ports.store.send([refreshJob(fix.bindingId)]);
}
