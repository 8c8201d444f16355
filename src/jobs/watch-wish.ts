// Notices while something is worked on that nobody wants it any more: what takes minutes must not go on.

import type { Fix } from '../domain/fix.ts';
import type { Ports } from '../ports.ts';
import { Withdrawn } from './fix-facts.ts';

const everyMs = 2_000;

/** Runs `work` with a signal that aborts with Withdrawn once the stored fix is one that `isWanted` says no to. */
export async function whileWanted<T>(
  ports: Pick<Ports, 'store' | 'log'>,
  { fixId, isWanted }: { fixId: string; isWanted: (known: Fix) => boolean },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const wish = new AbortController();
  const look = async (): Promise<void> => {
    const known = await ports.store.readFix(fixId);
    if (known !== null && !isWanted(known)) wish.abort(new Withdrawn());
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => ports.log.warn({ err: error }, 'a fix could not be looked at'));
  }, everyMs);
  // It must not keep a process alive whose work will never end.
  timer.unref();
  try {
    return await work(wish.signal);
  } finally {
    clearInterval(timer);
  }
}
