// What the store's tests share: a log that keeps quiet or remembers, and the system's clock.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock, Log } from '../../src/ports.ts';
import { openStore } from '../../src/store/open-store.ts';

export const systemClock: Clock = { now: () => Date.now() };

export type Line = { level: 'info' | 'warn' | 'error'; fields: Record<string, unknown>; message: string };

/** A log that remembers its lines, children included. */
export function rememberingLog(): { log: Log; lines: Line[] } {
  const lines: Line[] = [];
  const make = (base: Record<string, unknown>): Log => {
    const write = (level: Line['level']) => (fields: Record<string, unknown>, message: string) => {
      lines.push({ level, fields: { ...base, ...fields }, message });
    };
    return {
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => make({ ...base, ...fields }),
    };
  };
  return { log: make({}), lines };
}

const nothing = (): void => undefined;

export const quietLog: Log = { info: nothing, warn: nothing, error: nothing, child: () => quietLog };

export type StoreFolders = { fresh(): string; remove(): void };

/** Makes one empty PGlite store (that takes seconds) and gives copies of it (that does not). */
export async function storeFolders(): Promise<StoreFolders> {
  const home = mkdtempSync(path.join(tmpdir(), 'suture-store-'));
  const made = path.join(home, 'made');
  await (await openStore({ dataDir: made, databaseUrl: null, log: quietLog, clock: systemClock })).close();
  let count = 0;
  return {
    fresh: () => {
      count += 1;
      const folder = path.join(home, String(count));
      cpSync(made, folder, { recursive: true });
      return folder;
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
