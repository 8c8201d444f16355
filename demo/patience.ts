// Waiting for the world to get somewhere, and working side by side: all of it ends when somebody asks to stop.

import { setTimeout as pause } from 'node:timers/promises';

export type Look<T> = () => Promise<T | null | undefined | false> | T | null | undefined | false;

/** Far more than anything here takes; a machine may be busy. */
export const patienceMs = 180_000;

/**
 * Looks every 150 ms, and seldomer the longer it takes, until `look` gives something: whoever looks asks GitHub, which
 * counts. Throws the signal's reason, or that it waited in vain.
 */
export async function waitFor<T>(
  signal: AbortSignal,
  what: string,
  look: Look<T>,
  withinMs = patienceMs,
): Promise<T> {
  const start = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    const waited = performance.now() - start;
    if (waited > withinMs) throw new Error(`waited ${withinMs / 1000} s for ${what}`);
    await pause(Math.min(3_000, Math.max(150, waited / 20)), undefined, { signal }).catch(() =>
      signal.throwIfAborted(),
    );
  }
}

/** Runs them side by side. The first that fails stops the others; it is thrown when all have ended. */
export async function together<T>(
  signal: AbortSignal,
  works: readonly ((signal: AbortSignal) => Promise<T>)[],
): Promise<T[]> {
  const control = new AbortController();
  const either = AbortSignal.any([signal, control.signal]);
  const failures: unknown[] = [];
  const results = await Promise.all(
    works.map((work) =>
      work(either).catch((error: unknown) => {
        failures.push(error);
        control.abort(error);
        return null;
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  return results.filter((result) => result !== null);
}
