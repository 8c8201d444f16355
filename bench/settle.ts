// The timer's pass over fixes whose pull requests are open, with nothing changed since the one before, beside the
// floor: one bare request per fix. The stand-in runs in this process, what is measured in processes of its own.

import { execFileSync, fork } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import { startGitHub, type GitHubWorld } from '../test/world/github/start.ts';
import { installApp, place } from './installed.ts';
import type { Row } from './main.ts';
import { atOnce } from './settle/at-once.ts';
import type { Pull } from './settle/settings.ts';

const count = 200;
const repo = `${place.owner}/${place.repo}`;

export const settle: Row = {
  name: 'settle',
  what: `a pass of the timer over ${count} open pull requests, nothing changed; stand-in on this machine`,
  run: async () => {
    const github = await startGitHub();
    try {
      const settings = { githubUrl: github.url, ...(await scene(github)) };
      const suture = await measure(github, 'suture.ts', settings);
      const floor = await measure(github, 'floor.ts', settings);
      return [
        ['', 'requests', 'ms'],
        ['first pass', ...suture[0]],
        ['second pass, nothing changed', ...suture[1]],
        ['one request per fix, bare', ...floor[1]],
      ];
    } finally {
      await github.close();
    }
  },
};

/** A repository, the app on it, and as many pull requests whose only check is green. */
async function scene(github: GitHubWorld) {
  const installed = await installApp(github);
  const pulls: Pull[] = [];
  await atOnce(4, pushBranches(github.repositoryDirectory(repo)), async (branch) => {
    pulls.push(await openPull(github, branch));
  });
  return { ...installed, pulls };
}

/** By one stream: a push for each would take longer than what is measured. */
function pushBranches(dir: string): string[] {
  const branches = Array.from({ length: count }, (_, index) => `sentry/SHOP-${index + 1}`);
  const first = commitOf({ branch: 'main', file: 'a.txt', mark: 'mark :1\n', from: '' });
  const rest = branches.map((branch, index) =>
    commitOf({ branch, file: `b${index}.txt`, mark: '', from: 'from :1\n' }),
  );
  execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: dir, input: [first, ...rest].join('') });
  return branches;
}

function commitOf(given: { branch: string; file: string; mark: string; from: string }): string {
  const by = 'committer Mia <mia@example.org> 1700000000 +0000\ndata 2\nx\n';
  return `commit refs/heads/${given.branch}\n${given.mark}${by}${given.from}M 100644 inline ${given.file}\ndata 2\n1\n\n`;
}

async function openPull(github: GitHubWorld, branch: string): Promise<Pull> {
  const { rest } = github.as('mia');
  const { data } = await rest.pulls.create({ ...place, title: branch, head: branch, base: 'main' });
  const { sha } = data.head;
  await rest.repos.createCommitStatus({ ...place, sha, state: 'success', context: 'ci' });
  return { number: data.number, url: data.html_url, branch, sha };
}

type Cells = [requests: string, ms: string];

const took = z.object({ ms: z.number() });

/** Two passes in one process of its own. */
async function measure(github: GitHubWorld, file: string, settings: object): Promise<[Cells, Cells]> {
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
    return [String(github.requests.length - before), ms.toFixed(0)];
  };
  await ask({ settings });
  const passes: [Cells, Cells] = [await ask({}), await ask({})];
  work.kill();
  return passes;
}
