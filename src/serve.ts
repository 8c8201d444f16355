// `npm start`: opens the rooms, listens, works, and stops in order: requests, queue, database.

import path from 'node:path';
import { startPruning } from './checks/kept/prune-timer.ts';
import type { Config } from './config.ts';
import { gitHubDoor, sentryDoor } from './doors.ts';
import { jobHandlers } from './jobs/index.ts';
import { redeliverJob, turnJobs } from './jobs/turn.ts';
import { createLog } from './log.ts';
import type { Log, Queue } from './ports.ts';
import { stopPrograms } from './run.ts';
import { clock, openRooms, secretsOf, type Rooms } from './rooms.ts';
import { startServer, type Readiness } from './web/server.ts';

export type Serving = { url: string; close(): Promise<void> };

/** Throws Refusal, before anything listens, when a room cannot be opened. */
export async function serve(config: Config): Promise<Serving> {
  const log = createLog({ level: config.logLevel, secrets: secretsOf(config), stream: 1 });
  const rooms = await openRooms(config, log);
  const server = await startServer({
    host: config.host,
    port: config.port,
    doors: [gitHubDoor(config.github.webhookSecret), sentryDoor(config.sentry.webhookSecret)],
    queue: rooms.store,
    readiness: () => readiness(rooms),
    log: log.child({ room: 'web' }),
  });
  await rooms.store.work(jobHandlers(rooms.ports));
  const stopTimer = await startTimer({ queue: rooms.store, config, log });
  const stopPruning = startPruning({
    dataDir: path.resolve(config.dataDir),
    ...config.sandbox.caches,
    log: log.child({ room: 'checks' }),
  });
  log.info({ url: server.url, bindings: config.bindings.map((binding) => binding.id) }, 'Suture listens');
  return {
    url: server.url,
    close: async () => {
      stopTimer();
      stopPruning();
      await server.close();
      stopPrograms();
      await rooms.close();
      log.info({}, 'Suture has stopped');
    },
  };
}

type Timed = { queue: Queue; config: Config; log: Log };

/** Each binding is looked at now and then every FETCH_MINUTES; one of several processes is enough for a turn. */
async function startTimer({ queue, config, log }: Timed): Promise<() => void> {
  const every = config.fetchMinutes * 60_000;
  const turn = (id: string, everyMs: number | null): Promise<void> =>
    queue.send([
      ...config.bindings.flatMap((binding) => turnJobs(binding, id)),
      redeliverJob(id, { now: clock.now(), everyMs }),
    ]);
  await turn(`start:${globalThis.crypto.randomUUID()}`, null);
  const missed = (error: unknown): void =>
    log.warn({ err: error }, 'a turn of the timer could not be stored; the next one makes up for it');
  const timer = setInterval(
    () => void turn(`turn:${Math.floor(clock.now() / every)}`, every).catch(missed),
    every,
  );
  return () => clearInterval(timer);
}

async function readiness(rooms: Rooms): Promise<Readiness> {
  const store = await rooms.store.ready();
  if (!store.ok) return { ready: false, store: store.problem };
  const states = await Promise.all(
    rooms.ports.bindings.map((binding) => rooms.store.readBindingState(binding.id)),
  );
  const bindings = rooms.ports.bindings.map(
    (binding, index) => [binding.id, states[index]?.paused ?? 'working'] as const,
  );
  const { sandbox, detail } = rooms.confined;
  return {
    ready: true,
    store: 'working',
    sandbox: sandbox.kind === 'none' ? detail : sandbox.kind,
    notices: rooms.store.notices(),
    bindings: Object.fromEntries(bindings),
  };
}
