// The timer leaves alone what has not changed, here or at the host, since this process settled it; and nothing else.

import { beforeEach, describe, expect, it } from 'vitest';
import { Later } from '../../src/domain/failure.ts';
import { approvedFacts, type Fix, type FixFacts } from '../../src/domain/fix.ts';
import { reconcile } from '../../src/jobs/reconcile.ts';
import { settle } from '../../src/jobs/settle.ts';
import type { Settled } from '../../src/jobs/unchanged.ts';
import type { CodeHost, Job, JobData, Log, Ports } from '../../src/ports.ts';
import { createMemoryStore } from '../world/memory-store.ts';
import { addRepo, base, changePull, newForge, pushFrom, reportRun } from './memory/forge.ts';
import { memoryHost } from './memory/host.ts';
import { memorySource, newAlerts } from './memory/alerts.ts';
import { blindMarks } from './planted.ts';
import { signer } from './process.ts';

const ignore = (): void => undefined;
const minute = 60_000;
const branch = 'sentry/shop-1a-load';

function startScene() {
  const world = { now: 1_790_000_000_000, logged: [] as string[] };
  const forge = newForge(() => world.now, ignore);
  const repo = addRepo(forge, { owner: 'acme', name: 'shop' }, { files: { 'a.ts': 'a\n' }, installed: true });
  const binding = { id: 'acme/shop', source: { org: 'acme', project: 'shop' }, repo: repo.ref };
  const write = (_fields: unknown, message: string): void => void world.logged.push(message);
  const log: Log = { info: ignore, warn: write, error: write, child: () => log };
  const store = createMemoryStore();
  const ports = {
    source: memorySource(newAlerts(() => world.now, ignore)),
    host: memoryHost(forge),
    git: { openMirror: async () => null },
    store,
    signer,
    clock: { now: () => world.now },
    log,
    bindings: [binding],
  };
  return { world, forge, repo, binding, ports: ports as unknown as Ports };
}

let scene: ReturnType<typeof startScene>;
let settled: Settled;
let sha: string;

/** A draft whose only check runs: it waits for CI. */
beforeEach(async () => {
  scene = startScene();
  settled = new Map();
  const { forge, repo, ports, binding } = scene;
  sha = pushFrom(forge, repo, { branch, files: { 'a.ts': 'b\n' }, by: 'suture[bot]' });
  const wanted = { title: 't', body: 'b', branch, base, draft: true };
  const { number, url } = await ports.host.openPullRequest(repo.ref, wanted);
  reportRun(forge, repo, { sha, name: 'test', conclusion: null });
  const facts = approvedFacts({ by: 'ada', at: 1, via: 'tick', hint: null });
  const proposal = { branch, commit: sha, replaces: null, base, files: ['a.ts'], strategy: 'T1' };
  const ends = { mergeSha: null, mergedAt: null, closedAt: null, conflicts: false, failed: [] };
  const verdict = { state: 'pending' as const, detail: '' };
  const pull = { number, url, state: 'open' as const, headSha: sha, base, draft: true, verdict, ...ends };
  const open: FixFacts = { ...facts, proposal, pull, proposedAt: scene.world.now };
  const names = { problemId: '101', shortId: 'SHOP-1A', title: 't', permalink: 'p', attempt: 1 };
  const fix: Fix = { id: 'f1', bindingId: binding.id, ...names, facts: open };
  await ports.store.createFix(fix);
});

const withHost = (host: Partial<CodeHost>): Ports => ({
  ...scene.ports,
  host: { ...scene.ports.host, ...host },
});

/** One turn of the timer: what it asks to settle is settled at once. */
async function turn(ports = scene.ports, minutes = 15): Promise<number> {
  scene.world.now += minutes * minute;
  const sent: Job[] = [];
  const send = async (jobs: readonly Job[]): Promise<void> => void sent.push(...jobs);
  const data = { bindingId: scene.binding.id };
  await reconcile({ ...ports, store: { ...ports.store, send } }, data, settled);
  const toSettle = sent.flatMap((job): JobData['settle'][] => (job.name === 'settle' ? [job.data] : []));
  for (const one of toSettle) await settle(ports, one, settled);
  return toSettle.length;
}

const verdict = async () => (await scene.ports.store.readFix('f1'))?.facts.pull?.verdict.state;

const known = async () => (await scene.ports.store.readFix('f1'))?.facts;

function move(state: 'open' | 'closed'): void {
  const { forge, repo, world } = scene;
  const [pull] = repo.pulls.values();
  if (!pull) throw new Error('There is no pull request.');
  changePull(forge, repo, { ...pull, state, closedAt: state === 'closed' ? world.now : null });
}

/** Closed, seen, announced and at its end. */
async function closeForGood(): Promise<void> {
  move('closed');
  await turn();
  await scene.ports.store.updateFix('f1', (fix) => ({ ...fix, facts: { ...fix.facts, announced: true } }));
  await turn();
  expect(await known()).toMatchObject({ pull: { state: 'closed' }, cleanedUp: true });
}

describe('a pull request that waits', () => {
  it('is settled once and then left alone, for less than an hour', async () => {
    const looks = [];
    for (let count = 0; count < 9; count += 1) looks.push(await turn());
    expect(looks).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0]);
  });

  it('is settled once more after a restart', async () => {
    expect([await turn(), await turn()]).toEqual([1, 0]);
    settled = new Map();
    expect([await turn(), await turn()]).toEqual([1, 0]);
  });

  it('is settled when its check ends, though nobody told', async () => {
    expect([await turn(), await turn()]).toEqual([1, 0]);
    reportRun(scene.forge, scene.repo, { sha, name: 'test', conclusion: 'success' });
    expect(await turn()).toBe(1);
    expect(await verdict()).toBe('passed');
    expect([...scene.repo.pulls.values()][0]?.draft).toBe(false);
  });

  it('would be forgotten for a while by a mark that is blind to how checks end', async () => {
    const blind = blindMarks(scene.ports);
    expect([await turn(blind), await turn(blind)]).toEqual([1, 0]);
    reportRun(scene.forge, scene.repo, { sha, name: 'test', conclusion: 'success' });
    expect([await turn(blind), await verdict()]).toEqual([0, 'pending']);
    expect([await turn(blind), await verdict()]).toEqual([1, 'passed']);
  });

  it('is settled when the base moves against it, or asks for another check', async () => {
    expect([await turn(), await turn()]).toEqual([1, 0]);
    scene.repo.required.set(base, [{ name: 'lint', appId: null }]);
    expect([await turn(), await turn()]).toEqual([1, 0]);
    pushFrom(scene.forge, scene.repo, { branch: base, files: { 'a.ts': 'c\n' }, by: 'ada' });
    expect(await turn()).toBe(1);
  });

  it('is settled when something was learnt of it here', async () => {
    expect([await turn(), await turn()]).toEqual([1, 0]);
    await scene.ports.store.updateFix('f1', (fix) => ({ ...fix, facts: { ...fix.facts, place: 'a.ts:2' } }));
    expect([await turn(), await turn()]).toEqual([1, 0]);
  });

  it('is not taken for settled while a settle fails, nor once another has begun', async () => {
    const broken = withHost({
      readChecks: async () => {
        throw new Later('The host does not answer.', 1);
      },
    });
    await expect(turn(broken)).rejects.toThrow('does not answer');
    expect([await turn(), await turn()]).toEqual([1, 0]);
    await expect(settle(broken, { fixId: 'f1' }, settled)).rejects.toThrow('does not answer');
    expect(await turn()).toBe(1);
  });

  it('is settled each time where the host cannot tell, and the log says so', async () => {
    const silent = withHost({
      readPullMarks: async () => {
        throw new Later('The host does not answer.', 1);
      },
    });
    expect([await turn(silent), await turn(silent)]).toEqual([1, 1]);
    expect(scene.world.logged).toEqual(
      Array.from({ length: 2 }, () => expect.stringContaining('each is looked at')),
    );
    const unsure = withHost({ readPullMarks: async () => new Map() });
    expect([await turn(unsure), await turn(unsure)]).toEqual([1, 1]);
  });

  it('is settled when silence has become an answer', async () => {
    scene.repo.runs.clear();
    expect([await turn(scene.ports, 1), await turn(scene.ports, 1)]).toEqual([1, 0]);
    expect(await turn(scene.ports, 10)).toBe(1);
    expect([...scene.repo.pulls.values()][0]?.draft).toBe(false);
  });
});

describe('a pull request that was closed', () => {
  it('is left alone, and seen when it is open again, though nobody told', async () => {
    await closeForGood();
    expect([await turn(), await turn()]).toEqual([0, 0]);
    move('open');
    expect(await turn()).toBe(1);
    expect(await known()).toMatchObject({ pull: { state: 'open' }, life: { reopened: true } });
  });

  it('is not asked about where the host cannot tell, nor after thirty days', async () => {
    await closeForGood();
    move('open');
    const silent = withHost({
      readPullMarks: () => Promise.reject(new Later('The host does not answer.', 1)),
    });
    expect(await turn(silent)).toBe(0);
    expect(await turn(scene.ports, 31 * 24 * 60)).toBe(0);
  });
});
