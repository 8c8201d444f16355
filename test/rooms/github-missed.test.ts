// What GitHub could not deliver: read from its record and asked for again, against the stand-in.

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/failure.ts';
import { redeliver } from '../../src/jobs/redeliver.ts';
import { place, startInstalled, type Installed } from './github-installed.ts';
import { rememberingLog } from './store-world.ts';

let scene: Installed;
let receiver: Server;
let answer = 202;
const received: string[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    received.push(`${String(request.headers['x-github-delivery'])} ${answer}`);
    request.resume();
    response.writeHead(answer).end();
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  scene = await startInstalled(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`);
  await scene.world.deliveries.idle();
});
afterAll(async () => {
  await scene.stop();
  receiver.closeAllConnections();
  receiver.close();
});

async function openIssue(title: string): Promise<string> {
  await scene.world.as('root').rest.issues.create({ ...place, title });
  await scene.world.deliveries.idle();
  return scene.world.deliveries.all().at(-1)?.guid ?? '';
}

const asks = (): string[] =>
  scene.world.requests.filter(({ path }) => path.endsWith('/attempts')).map(({ path }) => path);

async function turn(): Promise<void> {
  const { log } = rememberingLog();
  await redeliver({ missed: scene.github.missed, clock: { now: () => Date.now() }, log }, { since: 0 });
  await scene.world.deliveries.idle();
}

it('asks for what met an error and what met nobody, once each, and not for what arrived', async () => {
  await openIssue('arrives');
  answer = 503;
  const refused = await openIssue('meets an error');
  answer = 202;
  scene.world.deliveries.drop(1);
  const lost = await openIssue('meets nobody');
  received.length = 0;
  await turn();
  expect(received.toSorted()).toEqual([`${refused} 202`, `${lost} 202`].toSorted());
  expect(asks()).toHaveLength(2);
  await turn();
  expect(asks()).toHaveLength(2);
});

it('does not ask a second time for what fails again', async () => {
  answer = 500;
  await openIssue('fails twice');
  const before = asks().length;
  await turn();
  await turn();
  expect(asks().length - before).toBe(1);
  answer = 202;
});

it('reads every page, as far back as wanted', async () => {
  for (let count = 0; count < 120; count += 1)
    await scene.world.as('root').rest.issues.create({ ...place, title: `${count}` });
  await scene.world.deliveries.idle();
  const all = await scene.github.missed.readTries(0);
  expect(all.length).toBe(scene.world.deliveries.all().length);
  expect(all.length).toBeGreaterThan(120);
  const pages = () => scene.world.requests.filter(({ path }) => path === '/app/hook/deliveries').length;
  const before = pages();
  expect(await scene.github.missed.readTries(Date.now() + 5_000)).toEqual([]);
  expect(pages() - before).toBe(1);
});

it('says that GitHub has forgotten one, and asks for the others all the same', async () => {
  await expect(scene.github.missed.tryAgain(999_999_999)).rejects.toThrow(Refusal);
  const { log, lines } = rememberingLog();
  const asked: number[] = [];
  const failed = { delivery: 'x', at: 1, again: false, arrived: false };
  const missed = {
    readTries: async () => [
      { ...failed, id: 999_999_999, delivery: 'gone' },
      { ...failed, id: 7, at: 2 },
    ],
    tryAgain: async (id: number) => {
      if (id === 7) return void asked.push(id);
      return scene.github.missed.tryAgain(id);
    },
  };
  await redeliver({ missed, clock: { now: () => 10 }, log }, { since: 0 });
  expect(asked).toEqual([7]);
  expect(lines.map(({ message }) => message)).toContain('a delivery cannot be sent again');
});
