// Loaded into Suture before it starts, when a timeline is wanted: writes into the log which programs it starts, which
// requests it makes and when it answers nobody. It must not change what Suture does.

import { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Block } from './timeline.ts';

const now = (): number => performance.timeOrigin + performance.now();

function tell(block: Block): void {
  writeSync(1, `${JSON.stringify({ msg: 'watched', ...block })}\n`);
}

/** The time it takes to start one counts: this process does nothing else meanwhile. */
function watchPrograms(): void {
  const own = z.object({ spawn: z.function() }).loose().parse(ChildProcess.prototype);
  const spawn = own.spawn as (this: ChildProcess, options: unknown) => unknown;
  Object.assign(ChildProcess.prototype, {
    spawn(this: ChildProcess, options: unknown): unknown {
      const from = now();
      const result = spawn.call(this, options);
      const started = now() - from;
      const words = this.spawnargs.map((word) => path.basename(word)).join(' ');
      this.once('close', () => tell({ kind: 'program', what: words, from, to: now(), started }));
      return result;
    },
  });
}

function idOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'request' in message ? message.request : null;
}

const told = z.object({ request: z.object({ method: z.string(), path: z.string() }).loose() });

/** Of undici's, which fetch is made of: https://undici.nodejs.org/#/docs/api/DiagnosticsChannel */
function watchRequests(): void {
  const begun = new Map<unknown, number>();
  subscribe('undici:request:create', (message) => void begun.set(idOf(message), now()));
  subscribe('undici:request:error', (message) => void begun.delete(idOf(message)));
  subscribe('undici:request:trailers', (message) => {
    const from = begun.get(idOf(message));
    begun.delete(idOf(message));
    const { request } = told.parse(message);
    if (from !== undefined)
      tell({ kind: 'request', what: `${request.method} ${request.path}`, from, to: now() });
  });
}

const everyMs = 10;
const longMs = 25;

function watchTurns(): void {
  let last = now();
  setInterval(() => {
    const at = now();
    if (at - last > everyMs + longMs) tell({ kind: 'busy', what: 'answers nobody', from: last, to: at });
    last = at;
  }, everyMs).unref();
}

watchPrograms();
watchRequests();
watchTurns();
