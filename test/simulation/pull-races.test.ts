// What happens at the source while a fix is still at work must not be lost on the pull request that comes of it.

import { expect, it } from 'vitest';
import { approvedFacts, type Fix } from '../../src/domain/fix.ts';
import { fetchProblem, fetchProblems } from '../../src/jobs/fetch.ts';
import { proposed } from '../../src/jobs/propose.ts';
import { settle } from '../../src/jobs/settle.ts';
import { sumUp } from '../../src/jobs/sum-up.ts';
import { changeProblem } from './memory/alerts.ts';
import { base, changePull, pushFrom } from './memory/forge.ts';
import { branch, startScene, type Scene } from './pull-stage.ts';

async function workingFix({ ports, binding, problem }: Scene): Promise<Fix> {
  await ports.store.saveProblems(binding.id, [problem], 1);
  const facts = approvedFacts({ by: 'ada', at: 1, via: 'tick', hint: null });
  const { shortId, title, permalink } = problem;
  const names = { bindingId: binding.id, problemId: problem.id, shortId, title, permalink, attempt: 1 };
  const fix = { id: 'f1', ...names, facts: { ...facts, progress: { step: 'repairing', since: 1 } } };
  await ports.store.createFix(fix);
  return fix;
}

it.each(['a webhook', 'the list'] as const)(
  'a problem resolved while the fix is at work closes its pull request (told by %s)',
  async (how) => {
    const scene = startScene();
    const { ports, binding, forge, repo, problem, alerts, project } = scene;
    const fix = await workingFix(scene);
    changeProblem(alerts, project, { id: problem.id, fields: { status: 'resolved' } });
    if (how === 'a webhook') await fetchProblem(ports, { bindingId: binding.id, problemId: problem.id });
    else await fetchProblems(ports, { bindingId: binding.id });
    const commit = pushFrom(forge, repo, { branch, files: { 'a.ts': 'b\n' }, by: 'suture[bot]' });
    const proposal = { branch, commit, replaces: null, base, files: ['a.ts'], strategy: 'T1' };
    await ports.store.updateFix(fix.id, (known) => ({ ...known, facts: { ...known.facts, proposal } }));
    const wanted = { title: 't', body: 'b', branch, base, draft: true };
    const pull = await ports.host.openPullRequest(binding.repo, wanted);
    await proposed(ports, fix, pull);
    await settle(ports, { fixId: fix.id }, new Map());
    expect(repo.pulls.get(pull.number)?.state).toBe('closed');
    const said = [...repo.comments.values()].map(({ body }) => body);
    expect(said).toEqual([expect.stringContaining('Sentry has it as resolved meanwhile.')]);
    // Whoever opens it again keeps it.
    repo.pulls.set(pull.number, { ...pull, state: 'open', closedAt: null });
    await settle(ports, { fixId: fix.id }, new Map());
    await settle(ports, { fixId: fix.id }, new Map());
    expect(repo.pulls.get(pull.number)?.state).toBe('open');
    expect(repo.comments.size).toBe(2);
  },
);

/** Two of one batch, each with its pull request, on a repository that has a triage issue. */
async function batchOfTwo(scene: Scene): Promise<[number, number]> {
  const { ports, binding } = scene;
  const { number, url } = await ports.host.createIssue(binding.repo, { title: 't', body: 'b', labels: [] });
  const nothing = { untick: [], shown: [], unheard: [], asking: [], versionsReadTo: 0, writtenAt: 0 };
  await ports.store.updateIssue(binding.id, () => ({
    bindingId: binding.id,
    number,
    url,
    body: 'b',
    ...nothing,
  }));
  return [await openFix(scene, { id: 'f1', file: 'a.ts' }), await openFix(scene, { id: 'f2', file: 'b.ts' })];
}

async function openFix(scene: Scene, { id, file }: { id: string; file: string }): Promise<number> {
  const { ports, binding, forge, repo } = scene;
  const own = `sentry/${id}`;
  const commit = pushFrom(forge, repo, { branch: own, files: { [file]: 'x\n' }, by: 'suture[bot]' });
  const pull = await ports.host.openPullRequest(repo.ref, {
    title: 't',
    body: 'b',
    branch: own,
    base,
    draft: true,
  });
  const proposal = { branch: own, commit, replaces: null, base, files: [file], strategy: 'T1' };
  const approved = approvedFacts({ by: 'ada', at: 1, via: 'tick', hint: null });
  const names = { problemId: id, shortId: id.toUpperCase(), title: 't', permalink: 'p', attempt: 1 };
  const fix = { id, bindingId: binding.id, ...names, facts: { ...approved, batch: 'f1', proposal } };
  await ports.store.createFix(fix);
  await proposed(ports, fix, pull);
  return pull.number;
}

/** As the queue does: what a settle sends on is done, too. */
async function settleAll({ store, ports, binding }: Scene): Promise<void> {
  for (const fixId of ['f1', 'f2']) await settle(ports, { fixId }, new Map());
  const sums = store.takeJobs().filter(({ name }) => name === 'sum-up');
  for (const _ of sums) await sumUp(ports, { bindingId: binding.id, batch: 'f1' });
}

it('a pull request that is closed again, last of its batch, is still summed up', async () => {
  const scene = startScene();
  const { forge, repo } = scene;
  const [first, second] = await batchOfTwo(scene);
  const move = async (number: number, state: 'open' | 'closed'): Promise<void> => {
    const pull = repo.pulls.get(number);
    if (pull) changePull(forge, repo, { ...pull, state, closedAt: state === 'closed' ? 1 : null });
    await settleAll(scene);
  };
  const summaries = () => [...repo.comments.values()].filter(({ body }) => body.startsWith('**Summary**'));
  await move(first, 'closed');
  await move(first, 'open');
  await move(second, 'closed');
  expect(summaries()).toEqual([]);
  await move(first, 'closed');
  await settleAll(scene);
  expect(summaries().map(({ body }) => body)).toEqual([
    expect.stringContaining('- Closed without a merge, left as they are: 2 (F1, F2)'),
  ]);
});
