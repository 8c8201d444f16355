// Runs programs with the rights of our own user: the operator said so, or only a repository's checks run.
// It must not pretend: nothing of a confinement holds here but time, output and forwards.

import type { Server } from 'node:net';
import { Later } from '../domain/failure.ts';
import { run, start } from '../run.ts';
import { type Forward, listenForward } from './forward.ts';
import type { RunResult, Running } from './program.ts';
import type { Sandbox } from './sandbox.ts';

/** The sandbox that is none. A forward's port is this machine's then: taken, it throws Later. */
export function createNoSandbox(): Sandbox {
  return {
    kind: 'none',
    run: async (program, args, options) => {
      const forwards = openForwards(options.confine.forwards);
      await forwards.open;
      return run(program, args, options).finally(forwards.close);
    },
    start: (program, args, options) => {
      const forwards = openForwards(options.confine.forwards);
      return during(forwards, start(program, args, options));
    },
  };
}

type Forwards = { open: Promise<void>; close: () => void };

function openForwards(forwards: readonly Forward[]): Forwards {
  const servers: Server[] = [];
  const state = { closed: false };
  const open = Promise.all(
    forwards.map(async (forward) => {
      const server = await listenForward(forward).catch((error: unknown) => {
        throw new Later(`Port ${forward.port} of this machine cannot be used: ${String(error)}`, 5000);
      });
      servers.push(server);
      if (state.closed) server.close();
    }),
  ).then(() => undefined);
  const close = () => {
    state.closed = true;
    for (const server of servers) server.close();
  };
  return { open, close };
}

/** The ports are open as long as it runs; it does not run on without them. */
function during(forwards: Forwards, running: Running): Running {
  const ended = Promise.all([running.ended.finally(forwards.close), forwards.open]).then(
    ([result]): RunResult => result,
  );
  // Those who end it need not look at the result as well.
  ended.catch(() => running.end());
  return { ...running, ended };
}
