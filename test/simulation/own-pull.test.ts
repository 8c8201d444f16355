// A run that was given up may go on for a while: the pull request that it opens is ours, whoever finds it.

import { expect, it } from 'vitest';
import { Refusal } from '../../src/domain/failure.ts';
import { approvedFacts, type Fix } from '../../src/domain/fix.ts';
import { enterLedger } from '../../src/jobs/ledger.ts';
import { propose, type Proposing } from '../../src/jobs/propose.ts';
import type { CodeHost, Repository, Worktree } from '../../src/ports.ts';
import { base, pushFrom } from './memory/forge.ts';
import { branch, startScene, type Scene } from './pull-stage.ts';

async function workingFix({ ports, binding, problem }: Scene, commit: string | null): Promise<Fix> {
  const { shortId, title, permalink } = problem;
  const names = { bindingId: binding.id, problemId: problem.id, shortId, title, permalink, attempt: 1 };
  const own = commit === null ? null : proposalOf(commit);
  const facts = {
    ...approvedFacts({ by: 'ada', at: 1, via: 'tick', hint: null }),
    progress: { step: 'repairing', since: 1 },
    proposal: own,
    batch: 'f1',
  };
  const fix = { id: 'f1', ...names, facts };
  await ports.store.createFix(fix);
  return fix;
}

const proposalOf = (commit: string) => ({
  branch,
  commit,
  replaces: null,
  base,
  files: ['a.ts'],
  strategy: 'T1',
});

it.each([
  ['is no reason to wait for itself', true, null],
  ["is one for another fix, where it is somebody else's", false, expect.stringContaining('pull request')],
])('a pull request on the same file %s', async (_, isOwn, held) => {
  const scene = startScene();
  const { ports, binding, forge, repo } = scene;
  const commit = pushFrom(forge, repo, { branch, files: { 'a.ts': 'b\n' }, by: 'suture[bot]' });
  await ports.host.openPullRequest(repo.ref, { title: 't', body: 'b', branch, base, draft: true });
  const fix = await workingFix(scene, isOwn ? commit : null);
  const repository = { readText: () => Promise.resolve(null) } as unknown as Repository;
  await enterLedger(ports, { binding, fix, paths: ['a.ts'], repository, base });
  expect((await ports.store.readFix('f1'))?.facts.held?.why ?? null).toEqual(held);
});

/** A change that is proved, on a branch that pushing makes. */
async function provedChange(scene: Scene): Promise<Proposing> {
  const { binding, problem, forge, repo } = scene;
  const commit = 'c'.repeat(40);
  const worktree = {
    base: 'b'.repeat(40),
    commit: () => Promise.resolve(commit),
    readRemote: () => Promise.resolve(repo.branches.get(branch) ?? null),
    push: async (to: string) =>
      void pushFrom(forge, repo, { branch: to, files: { 'a.ts': 'b\n' }, by: 'suture[bot]' }),
  } as unknown as Worktree;
  const description = { summary: 'guard it', strategy: 'T1', symptom: null, rootCause: 'R.', change: 'C.' };
  const repaired = {
    outcome: 'fixed' as const,
    files: ['a.ts'],
    diff: '',
    reproduced: false,
    evidence: null,
    description,
    ladder: [],
    fixer: 'templates',
    attempts: [],
  };
  const found = {
    location: { frames: [], suspect: null, candidates: [], refusal: null },
    diagnosis: { sentences: ['It crashes.'], actionable: true, reason: null, rootCause: 'R.' },
    surroundings: null,
  };
  const access = { url: 'https://forge.example/acme/shop.git' } as unknown as Proposing['access'];
  const fix = await workingFix(scene, null);
  return { fix, binding, problem, found, repaired, worktree, access, base, earlier: [] };
}

/** Another run opens it first; the host then refuses a second one from the same branch. */
function withQuickerRun({ ports }: Scene, isSeen: boolean) {
  const openPullRequest: CodeHost['openPullRequest'] = async (repo, pull) => {
    await ports.host.openPullRequest(repo, isSeen ? pull : { ...pull, body: 'by hand' });
    return ports.host.openPullRequest(repo, pull);
  };
  return { ...ports, host: { ...ports.host, openPullRequest } };
}

it('is taken for ours when the host refuses a second one', async () => {
  const scene = startScene();
  await propose(withQuickerRun(scene, true), await provedChange(scene));
  expect(scene.repo.pulls.size).toBe(1);
  const [pull] = scene.repo.pulls.values();
  expect((await scene.ports.store.readFix('f1'))?.facts).toMatchObject({
    pull: { number: pull?.number, state: 'open' },
    progress: null,
  });
});

it('is not taken for ours without our mark: then the refusal stands', async () => {
  const scene = startScene();
  await expect(propose(withQuickerRun(scene, false), await provedChange(scene))).rejects.toThrow(Refusal);
  expect((await scene.ports.store.readFix('f1'))?.facts.pull).toBeNull();
});
