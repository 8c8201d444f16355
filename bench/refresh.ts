// A fetch and refresh of the triage issue, first and again with nothing changed, beside the floor: the same requests
// sent bare, one after the other. The stand-ins run in this process, what is measured in processes of its own.

import { fork } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import { startGitHub } from '../test/world/github/start.ts';
import { startSentry } from '../test/world/sentry/world.ts';
import { installApp } from './installed.ts';
import type { Row } from './main.ts';

export const refresh: Row = {
  name: 'refresh',
  what: 'Sentry and GitHub asked and the triage issue written; stand-ins on this machine',
  run: async () => {
    const lines = [];
    for (const count of [100, 10_000]) lines.push(...(await measure(count)));
    return [['', 'requests', 'of them writes', 'ms', 'peak memory, MB'], ...lines];
  },
};

type Asked = { method: string; path: string };

const result = z.object({ ms: z.number(), megabytes: z.number() });
type Result = z.infer<typeof result>;

async function measure(count: number): Promise<string[][]> {
  const world = await startPlace(count);
  try {
    const asked = (): Asked[] => [...world.github.requests, ...world.sentry.requests];
    const work = child('suture.ts', world.settings);
    const { megabytes: idle } = await answer(work, 'warm up');
    const lines: string[][] = [];
    for (const name of ['first', 'nothing changed']) {
      const before = asked().length;
      const took = await answer(work, 'go');
      const made = asked().slice(before);
      lines.push(line(`${count} problems, ${name}`, made, { ...took, idle }));
    }
    work.kill();
    const floor = child('floor.ts', world.settings);
    const before = asked().length;
    const took = await answer(floor, String(Math.ceil(count / 100)));
    lines.push(line(`${count} problems, the requests alone`, asked().slice(before), { ...took, idle: 0 }));
    floor.kill();
    return lines;
  } finally {
    await world.github.close();
    await world.sentry.close();
  }
}

/** Tokens are no change of anything, and what is asked by GraphQL is read. */
function isWrite({ method, path }: Asked): boolean {
  return method !== 'GET' && !path.endsWith('/access_tokens') && path !== '/graphql';
}

function line(name: string, made: readonly Asked[], took: Result & { idle: number }): string[] {
  const { ms, megabytes, idle } = took;
  const memory = idle === 0 ? megabytes.toFixed(0) : `${megabytes.toFixed(0)} (${idle.toFixed(0)} idle)`;
  return [name, String(made.length), String(made.filter(isWrite).length), ms.toFixed(0), memory];
}

async function startPlace(count: number) {
  const github = await startGitHub();
  const installed = await installApp(github);
  const sentry = await startSentry({ limits: 'none' });
  sentry.addOrganization('lantern');
  sentry.addProject({ org: 'lantern', slug: 'shop', platform: 'node', shortIdPrefix: 'SHOP' });
  sentry.addSyntheticIssues({ org: 'lantern', project: 'shop', count });
  const token = sentry.addToken({
    org: 'lantern',
    scopes: ['event:read', 'event:write', 'project:read', 'org:read'],
  });
  const settings = {
    githubUrl: github.url,
    sentryUrl: sentry.url,
    ...installed,
    token,
  };
  return { github, sentry, settings };
}

function child(file: string, settings: Record<string, string>) {
  return fork(path.join(import.meta.dirname, 'refresh', file), [JSON.stringify(settings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

function answer(asked: ReturnType<typeof child>, question: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    asked.once('message', (message) => resolve(result.parse(message)));
    asked.once('exit', (code) => reject(new Error(`a measured process ended with ${code}`)));
    asked.send(question);
  });
}
