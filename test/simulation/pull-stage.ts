// A repository, a problem and a store in memory, for tests that run single jobs around one pull request.

import type { Ports } from '../../src/ports.ts';
import { quietLog } from '../rooms/store-world.ts';
import { createMemoryStore } from '../world/memory-store.ts';
import { addProject, memorySource, newAlerts } from './memory/alerts.ts';
import { memoryDisk } from './memory/disk.ts';
import { addRepo, newForge } from './memory/forge.ts';
import { memoryGit } from './memory/git.ts';
import { memoryHost } from './memory/host.ts';
import { problemOf } from './problems.ts';
import { signer } from './process.ts';

const ignore = (): void => undefined;
export const branch = 'sentry/shop-1a-load';

export function startScene() {
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
  return {
    forge,
    alerts,
    project,
    repo,
    binding,
    store,
    problem: made.problem,
    ports: ports as unknown as Ports,
  };
}

export type Scene = ReturnType<typeof startScene>;
