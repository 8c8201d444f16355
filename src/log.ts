// The program's log: JSON lines, with secrets taken out of each line in this one place.
// It must not decide what is worth logging.

import { pino } from 'pino';
import type { Log } from './ports.ts';
import { censor, censorShapes } from './run/censor.ts';

/** Standard error (2) for the command line, whose standard output is its answer; standard output (1) for the server. */
export type LogOptions = { level: string; secrets: readonly string[]; stream: 1 | 2 };

/** What looks like a secret never leaves, nor do the given values, whatever field or text they stand in. */
export function createLog(options: LogOptions): Log {
  const hooks = { streamWrite: (line: string) => censorShapes(censor(line, options.secrets)) };
  return pino(
    { level: options.level, base: null, hooks },
    pino.destination({ fd: options.stream, sync: true }),
  );
}
