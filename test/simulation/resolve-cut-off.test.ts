// A run may die between asking the source to resolve and noting it, and the checks may turn red before the next one.

import { beforeEach, describe, expect, it } from 'vitest';
import { Later } from '../../src/domain/failure.ts';
import { approvedFacts } from '../../src/domain/fix.ts';
import { proposed } from '../../src/jobs/propose.ts';
import { settle } from '../../src/jobs/settle.ts';
import type { AlertSource } from '../../src/ports.ts';
import { base, changePull, mergePull, pushFrom, reportRun } from './memory/forge.ts';
import { branch, startScene, type Scene } from './pull-stage.ts';

let scene: Scene;
let head: string;

/** Merged, with a check that has passed. */
beforeEach(async () => {
  scene = startScene();
  const { ports, binding, forge, repo, problem } = scene;
  head = pushFrom(forge, repo, { branch, files: { 'a.ts': 'b\n' }, by: 'suture[bot]' });
  const wanted = { title: 't', body: 'b', branch, base, draft: false };
  const pull = await ports.host.openPullRequest(repo.ref, wanted);
  const { shortId, title, permalink } = problem;
  const names = { bindingId: binding.id, problemId: problem.id, shortId, title, permalink, attempt: 1 };
  const proposal = { branch, commit: head, replaces: null, base, files: ['a.ts'], strategy: 'T1' };
  const approved = approvedFacts({ by: 'ada', at: 1, via: 'tick', hint: null });
  const fix = { id: 'f1', ...names, facts: { ...approved, proposal } };
  await ports.store.createFix(fix);
  await proposed(ports, fix, pull);
  reportRun(forge, repo, { sha: head, name: 'test', conclusion: 'success' });
  changePull(forge, repo, { ...pull, draft: false });
  mergePull(forge, repo, { number: pull.number, by: 'ada', method: 'merge' });
});

/** The run dies with this call, before or after it had its effect. */
async function dieWhileResolving(when: 'before' | 'after'): Promise<void> {
  const { ports } = scene;
  const resolve: AlertSource['resolve'] = async (...asked) => {
    const answer = when === 'after' ? await ports.source.resolve(...asked) : null;
    if (answer?.done === false) return answer;
    throw new Later('The run is over.', 1);
  };
  const dying = { ...ports, source: { ...ports.source, resolve } };
  await expect(settle(dying, { fixId: 'f1' }, new Map())).rejects.toThrow('The run is over.');
}

const turnRed = (): void =>
  void reportRun(scene.forge, scene.repo, { sha: head, name: 'test', conclusion: 'failure' });

const facts = async () => (await scene.ports.store.readFix('f1'))?.facts;

describe('a run that died while it resolved', () => {
  it('is remembered as having resolved, though the checks are red by now', async () => {
    await dieWhileResolving('after');
    turnRed();
    await settle(scene.ports, { fixId: 'f1' }, new Map());
    expect(await facts()).toMatchObject({ resolution: { how: 'already' }, resolving: false });
  });

  it('resolves nothing afterwards when it had not, and the checks are red by now', async () => {
    await dieWhileResolving('before');
    turnRed();
    await settle(scene.ports, { fixId: 'f1' }, new Map());
    expect(await facts()).toMatchObject({ resolution: null, resolving: false });
    expect(scene.alerts.writes).toEqual([]);
  });

  it('is done by the next one while the checks are green', async () => {
    await dieWhileResolving('before');
    await settle(scene.ports, { fixId: 'f1' }, new Map());
    expect(await facts()).toMatchObject({ resolution: { how: expect.any(String) }, resolving: false });
    expect(scene.alerts.writes).toHaveLength(1);
  });
});
