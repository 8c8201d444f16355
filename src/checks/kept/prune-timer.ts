// Prunes the caches now and then while the server runs. It must not hold up anything, nor its end.

import path from 'node:path';
import type { Log } from '../../ports.ts';
import { pruneCaches } from './prune.ts';

export type Pruning = { dataDir: string; days: number; gigabytes: number; log: Log };

const hour = 60 * 60_000;
const everyMs = 6 * hour;
/** After a start there is more urgent work. */
const firstMs = 10 * 60_000;

/** Gives how to stop it; what is under way then ends by itself. */
export function startPruning({ dataDir, days, gigabytes, log }: Pruning): () => void {
  const prune = (): void => {
    const rules = {
      maxAgeMs: days * 24 * hour,
      maxBytes: gigabytes * 1024 ** 3,
      restMs: 24 * hour,
      now: Date.now(),
    };
    pruneCaches(path.join(dataDir, 'caches'), rules, log).catch((error: unknown) =>
      log.warn({ err: error }, 'The caches could not be pruned; the next time makes up for it'),
    );
  };
  const first = setTimeout(prune, firstMs);
  const timer = setInterval(prune, everyMs);
  for (const one of [first, timer]) one.unref();
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}
