// Suture's door, store and workers as the program joins them: every delivery is verified, stored in PGlite, and
// taken out and read by a worker meanwhile. Logs are written, to nowhere.

import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { verify } from '@octokit/webhooks-methods';
import { pino } from 'pino';
import type { JobHandlers } from '../../src/ports.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Door } from '../../src/web/door.ts';
import { startServer } from '../../src/web/server.ts';
import { secret, webhookPath } from './delivery.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'suture-bench-'));
const log = pino(createWriteStream('/dev/null'));
const store = await openStore({ dataDir, databaseUrl: null, log, clock: { now: () => Date.now() } });

const door: Door = {
  path: webhookPath,
  limitBytes: 25 * 1024 * 1024,
  requiredHeaders: ['x-github-event', 'x-github-delivery', 'x-hub-signature-256'],
  verify: (raw, headers) => verify(secret, raw.toString('utf8'), String(headers['x-hub-signature-256'])),
  accept: ({ text, headers }) => {
    const delivery = String(headers['x-github-delivery']);
    const event = String(headers['x-github-event']);
    return [
      {
        name: 'receive-delivery',
        data: { from: 'github', event, delivery, body: text },
        id: `github ${delivery}`,
      },
    ];
  },
};

const nothing = async (): Promise<void> => undefined;
const handlers: JobHandlers = {
  'receive-delivery': async ({ body }) => {
    JSON.parse(body);
  },
  fetch: nothing,
  'fetch-problem': nothing,
  refresh: nothing,
  'read-ticks': nothing,
  'read-comment': nothing,
  'read-confirmation': nothing,
  inspect: nothing,
  archive: nothing,
  'read-review': nothing,
  rework: nothing,
  fix: nothing,
  settle: nothing,
  watch: nothing,
  'sum-up': nothing,
  reconcile: nothing,
  redeliver: nothing,
};

let sent = 0;
const server = await startServer({
  host: '127.0.0.1',
  port: 0,
  doors: [door],
  queue: {
    send: async (jobs) => {
      await store.send(jobs);
      sent += jobs.length;
    },
  },
  readiness: async () => ({ ready: true }),
  log,
});
await store.work(handlers);

process.on('message', () => process.send?.(sent));
process.on('disconnect', () => {
  void end();
});
process.send?.(server.url);

async function end(): Promise<void> {
  await server.close();
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
}
