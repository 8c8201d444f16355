// What the store's tests share: a log that keeps quiet or remembers, and the system's clock.

import type { Clock, Log } from '../../src/ports.ts';

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
