// The timer's pass over fixes whose pull requests are open, with nothing changed since the one before, beside the
// floor: one bare request per fix. The stand-in runs in this process, what is measured in processes of its own.

import { fork } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import { startGitHub, type GitHubWorld } from '../test/world/github/start.ts';
import { installApp, place } from './installed.ts';
import type { Row } from './main.ts';
import type { Pass, Settings } from './settle/settings.ts';

const count = 200;
const repo = `${place.owner}/${place.repo}`;

export const settle: Row = {
  name: 'settle',
  what: `a pass of the timer over ${count} open pull requests, nothing changed; stand-in on this machine`,
  run: async () => {
    const github = await startGitHub();
    try {
      const settings = { githubUrl: github.url, ...(await scene(github)) };
      const [, floor] = await measure(github, 'floor.ts', { settings, passes: ['warm up', 'go'] });
      const suture = await measure(github, 'suture.ts', { settings, passes: ['cold', 'steady', 'full'] });
      return [
        ['', 'requests', 'that count', 'ms'],
        ['after a restart', ...(suture[0] ?? [])],
        ['the next one, nothing changed', ...(suture[1] ?? [])],
        ['each looked at, once an hour', ...(suture[2] ?? [])],
        ['one request per fix, bare', ...(floor ?? [])],
      ];
    } finally {
      await github.close();
    }
  },
};

/** A repository, the app on it, and as many pull requests whose only check is green. */
async function scene(github: GitHubWorld): Promise<Omit<Settings, 'githubUrl'>> {
  const installed = await installApp(github);
  github.addApp({ slug: 'ci', permissions: { checks: 'write' }, events: [], webhookSecret: 'another' });
  const branches = Array.from({ length: count }, (_, index) => `sentry/SHOP-${index + 1}`);
  const checks = { app: 'ci', names: ['test'] };
  const pulls = await github.addStandingPulls(repo, { branches, author: 'mia', checks });
  const addressed = pulls.map((pull) => ({ ...pull, url: `${github.url}/${repo}/pull/${pull.number}` }));
  return { ...installed, pulls: addressed };
}

type Cells = [requests: string, counted: string, ms: string];

const took = z.object({ ms: z.number() });

/** Several passes in one process of its own. What GitHub answered with "not modified" does not count. */
async function measure(
  github: GitHubWorld,
  file: string,
  { settings, passes }: { settings: Settings; passes: readonly Pass[] },
): Promise<Cells[]> {
  const work = fork(path.join(import.meta.dirname, 'settle', file), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ask = async (question: object): Promise<Cells> => {
    const before = github.requests.length;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    work.once('message', resolve);
    work.once('exit', (code) => reject(new Error(`a measured process ended with ${code}`)));
    work.send(question);
    const { ms } = took.parse(await promise);
    work.removeAllListeners('exit');
    const made = github.requests.slice(before);
    const counted = made.filter(({ status }) => status !== 304).length;
    return [String(made.length), String(counted), ms.toFixed(0)];
  };
  await ask({ settings });
  const cells: Cells[] = [];
  for (const pass of passes) cells.push(await ask({ pass }));
  work.kill();
  return cells;
}
