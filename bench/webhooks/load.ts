// Sends deliveries and measures each answer from the moment its request is handed to a free socket.
// It must be a process of its own, so that it does not steal time from the server it measures.

import { randomUUID } from 'node:crypto';
import { Client } from 'undici';
import { body, signature, webhookPath } from './delivery.ts';

export type Load =
  | { kind: 'steady'; perSecond: number; seconds: number }
  | { kind: 'burst'; count: number; sockets: number };

export type Measured = {
  p50: number;
  p99: number;
  slowest: number;
  tookMs: number;
  answered: number;
  failed: number;
};

const origin = process.argv[2] ?? '';
const bytes = Buffer.from(body);

async function sendOne(client: Client): Promise<{ ms: number; ok: boolean }> {
  const started = performance.now();
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'issues',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': signature,
  };
  const answer = await client.request({ path: webhookPath, method: 'POST', headers, body: bytes });
  await answer.body.dump();
  return { ms: performance.now() - started, ok: answer.statusCode < 300 };
}

async function burst(count: number, sockets: number): Promise<Measured> {
  const clients = Array.from({ length: sockets }, () => new Client(origin));
  const times: number[] = [];
  let left = count;
  let failed = 0;
  const started = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      while (left > 0) {
        left -= 1;
        const { ms, ok } = await sendOne(client).catch(() => ({ ms: 0, ok: false }));
        if (ok) times.push(ms);
        else failed += 1;
      }
    }),
  );
  const tookMs = performance.now() - started;
  await Promise.all(clients.map((client) => client.close()));
  return summary(times, tookMs, failed);
}

/** Open loop: the next one is sent when its time has come, whether or not the last was answered. */
async function steady(perSecond: number, seconds: number): Promise<Measured> {
  const clients = Array.from({ length: 40 }, () => new Client(origin));
  const started = performance.now();
  const times: number[] = [];
  let failed = 0;
  const sends = Array.from({ length: perSecond * seconds }, async (_, index) => {
    await new Promise((resolve) => {
      setTimeout(resolve, (index * 1000) / perSecond);
    });
    const client = clients[index % clients.length];
    if (!client) return;
    const { ms, ok } = await sendOne(client).catch(() => ({ ms: 0, ok: false }));
    if (ok) times.push(ms);
    else failed += 1;
  });
  await Promise.all(sends);
  const tookMs = performance.now() - started;
  await Promise.all(clients.map((client) => client.close()));
  return summary(times, tookMs, failed);
}

function summary(times: number[], tookMs: number, failed: number): Measured {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), slowest: at(1), tookMs, answered: sorted.length, failed };
}

process.on('message', (load: Load) => {
  const measured =
    load.kind === 'burst' ? burst(load.count, load.sockets) : steady(load.perSecond, load.seconds);
  void measured.then((result) => process.send?.(result));
});
process.send?.('ready');
