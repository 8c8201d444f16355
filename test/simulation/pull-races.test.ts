// What happens at the source while a fix is still at work must not be lost on the pull request that comes of it.

import { expect, it } from 'vitest';
import { approvedFacts, type Fix } from '../../src/domain/fix.ts';
import { fetchProblem, fetchProblems } from '../../src/jobs/fetch.ts';
import { proposed } from '../../src/jobs/propose.ts';
import { settle } from '../../src/jobs/settle.ts';
import type { Ports } from '../../src/ports.ts';
import { quietLog } from '../rooms/store-world.ts';
import { createMemoryStore } from '../world/memory-store.ts';
import { addProject, changeProblem, memorySource, newAlerts } from './memory/alerts.ts';
import { memoryDisk } from './memory/disk.ts';
import { addRepo, base, newForge, pushFrom } from './memory/forge.ts';
import { memoryGit } from './memory/git.ts';
import { memoryHost } from './memory/host.ts';
import { problemOf } from './problems.ts';
import { signer } from './process.ts';

const ignore = (): void => undefined;
const branch = 'sentry/shop-1a-load';

function startScene() {
  const now = 1_790_000_000_000;
  const forge = newForge(() => now, ignore);
  const alerts = newAlerts(() => now, ignore);
  const project = addProject(alerts, { org: 'acme', project: 'shop' });
  const repo = addRepo(forge, { owner: 'acme', name: 'shop' }, { files: { 'a.ts': 'a\n' }, installed: true });
  const binding = { id: 'acme/shop', source: project.ref, repo: repo.ref };
  const made = problemOf({ project, index: 1, at: now });
  project.problems.set(made.problem.id, made);
  const store = createMemoryStore();
  const ports = {
    source: memorySource(alerts),
    host: memoryHost(forge),
    git: memoryGit({ forge, disk: memoryDisk(), mirrors: new Map() }),
    documents: { readYaml: () => ({ value: null, errors: [], lineOf: () => 1 }) },
    store,
    signer,
    clock: { now: () => now },
    log: quietLog,
    bindings: [binding],
  };
  return { forge, alerts, project, repo, binding, problem: made.problem, ports: ports as unknown as Ports };
}

type Scene = ReturnType<typeof startScene>;

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
