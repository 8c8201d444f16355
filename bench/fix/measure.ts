// A later fix on a warm repository, from tick to pull request, beside a shell script that does the same by hand and
// beside a fresh clone with an install. One world, one run, one machine.
// Own time is all of it during which none of the repository's programs ran: the checks at the base and with the change,
// and the runs of the test that shows the crash. Everything else counts, the type checker that decides on the change
// included. The script runs no check, and knows the change already. The later fixes come soon after the first, as those
// of a person do who ticks several boxes; what was known from the first may be used, as the script uses its clone.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { people, place, startWorld, until, type World } from '../../test/world/world.ts';
import type { RunningSuture } from '../../test/world/suture.ts';
import { fixedOrders } from './edit.ts';
import { isWatched, timelineOf } from './timeline.ts';

const watch = new URL('watch.ts', import.meta.url).href;

/** Not the blocking one: the host that git and curl speak with is in this process. */
const program = promisify(execFile);

export type How = {
  timeline: boolean;
  /** A folder with the sample shop in it, and perhaps more; the sample shop itself when absent. */
  sample?: string;
};

/** Gives the lines of a table, a heading first. */
export async function measureFixes({ timeline, sample }: How): Promise<string[][]> {
  const world = await startWorld(sample === undefined ? {} : { sample });
  const dir = mkdtempSync(path.join(tmpdir(), 'suture-bench-fix-'));
  try {
    return await measure(world, { dir, timeline });
  } finally {
    await world.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(
  world: World,
  { dir, timeline }: { dir: string; timeline: boolean },
): Promise<string[][]> {
  const suture = await world.start(timeline ? { NODE_OPTIONS: `--import ${watch}` } : {});
  const fixes: FixTiming[] = [];
  for (const crash of ['sign-out-twice', 'order-page', 'related-product'] as const) {
    await world.crash(crash);
    fixes.push(await timeFix(world, suture));
  }
  if (timeline) console.log(`${fixes.at(-1)?.timeline().join('\n')}\n`);
  const hand = await byHand(world, dir);
  const fresh = await freshClone(world, dir);
  const [first, ...warm] = fixes;
  const best = warm.toSorted((left, right) => left.own - right.own)[0];
  if (!first || !best) throw new Error('nothing was fixed');
  const line = (name: string, { total, own, requests }: Timing): string[] => [
    name,
    total.toFixed(0),
    own.toFixed(0),
    requests === null ? '' : String(requests),
    own === best.own ? '' : `${(best.own / own).toFixed(2)}x`,
  ];
  return [
    ['', 'all', 'own time', 'requests', "Suture's own time in it"],
    line('Suture, first fix, with the install', first),
    line('Suture, the better of two later fixes', best),
    line('shell script: fetch, worktree, edit, commit, push, open; better of two', withoutChecks(hand)),
    line('fresh clone and install', withoutChecks(fresh)),
  ];
}

type Timing = {
  total: number;
  /** Without the time in which a check ran. */
  own: number;
  /** To GitHub, those of git included; null where nobody counted. */
  requests: number | null;
};
type FixTiming = Timing & { timeline: () => string[] };

function withoutChecks(total: number): Timing {
  return { total, own: total, requests: null };
}

/** Ticks the newest problem and waits until its pull request is there. */
async function timeFix(world: World, suture: RunningSuture): Promise<FixTiming> {
  const problem = world.problems().at(-1);
  if (!problem) throw new Error('there is no problem');
  const box = `- [ ] **${problem.shortId}**`;
  await until('the box', async () => (await world.triageIssue())?.body.includes(box));
  await quiet(suture);
  const logged = suture.log().length;
  const asked = world.github.requests.length;
  const from = Date.now();
  const started = performance.now();
  await world.setBox(problem.shortId, true);
  await pullRequest(world, asked);
  const total = performance.now() - started;
  const requests = world.github.requests.length - asked;
  const timeline = (): string[] =>
    timelineOf(suture.log().slice(logged), { from, to: from + Math.round(total) });
  return { total, own: total - checkedMs(suture.log().slice(logged)), requests, timeline };
}

const lookEveryMs = 5;
const mostMs = 240_000;

/** Seen at once, other than by `until`, which looks seldomer the longer it takes. */
async function pullRequest(world: World, asked: number): Promise<void> {
  const isOpen = (): boolean =>
    world.github.requests.slice(asked).some((one) => one.method === 'POST' && one.path.endsWith('/pulls'));
  const until = performance.now() + mostMs;
  while (!isOpen()) {
    if (performance.now() > until) throw new Error('There is no pull request after four minutes.');
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** How long at least one check ran. */
function checkedMs(log: readonly Record<string, unknown>[]): number {
  const runs = log
    .filter((entry) => entry['msg'] === 'a check has run')
    .map((entry) => ({ from: Number(entry['time']) - Number(entry['ms']), to: Number(entry['time']) }))
    .toSorted((left, right) => left.from - right.from);
  let [sum, end] = [0, 0];
  for (const { from, to } of runs) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum;
}

/** Nothing else is under way. */
async function quiet(suture: RunningSuture): Promise<void> {
  let known = -1;
  await until('quiet', async () => {
    const now = suture.log().filter((entry) => !isWatched(entry)).length;
    const same = now === known;
    known = now;
    if (!same) await new Promise((resolve) => setTimeout(resolve, 1_500));
    return same;
  });
}

/** What a person does who knows the change already, on a clone that is there: once to warm up, twice to be timed. */
async function byHand(world: World, dir: string): Promise<number> {
  const url = gitUrl(world);
  const clone = path.join(dir, 'clone');
  await program('git', ['clone', '--quiet', '--bare', url, clone]);
  writeFileSync(path.join(dir, 'orders.ts'), fixedOrders(readFileSync(shopFile('src/orders.ts'), 'utf8')));
  const script = path.join(import.meta.dirname, 'by-hand.sh');
  const run = async (branch: string): Promise<number> => {
    const started = performance.now();
    await program('bash', [script], {
      cwd: dir,
      env: { ...process.env, CLONE: clone, REMOTE: url, BRANCH: branch, ...api(world) },
    });
    return performance.now() - started;
  };
  await run('by-hand-1');
  return Math.min(await run('by-hand-2'), await run('by-hand-3'));
}

async function freshClone(world: World, dir: string): Promise<number> {
  const started = performance.now();
  const clone = path.join(dir, 'fresh');
  await program('git', ['clone', '--quiet', gitUrl(world), clone]);
  await program('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: clone });
  return performance.now() - started;
}

function gitUrl(world: World): string {
  const { token } = world.github.addUser(people.maintainer);
  const url = new URL(`/${place.owner}/${place.repo}.git`, world.github.url);
  url.username = people.maintainer;
  url.password = token;
  return url.href;
}

function api(world: World): Record<string, string> {
  const { token } = world.github.addUser(people.maintainer);
  return { TOKEN: token, API: `${world.github.url}/repos/${place.owner}/${place.repo}` };
}

function shopFile(file: string): string {
  return path.join(import.meta.dirname, '../../demo/shop', file);
}
