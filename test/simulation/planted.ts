// Eight faults, one for each promise, planted round the ports: the simulation must find every one of them.
// They wrap what a process is given; nothing in src knows of them.

import { approvedFacts } from '../../src/domain/fix.ts';
import type { Ports } from '../../src/ports.ts';
import { canaries } from './problems.ts';

export type Planted = { promise: number; what: string; sabotage: (ports: Ports) => Ports };

export const planted: readonly Planted[] = [
  {
    promise: 1,
    what: 'checks that have not passed are taken for passed',
    sabotage: (ports) => ({
      ...ports,
      host: {
        ...ports.host,
        readChecks: async (repo, sha) => {
          await ports.host.readChecks(repo, sha);
          return {
            runs: [],
            statuses: [{ context: 'test', state: 'success', appId: null, url: null }],
          };
        },
      },
    }),
  },
  {
    promise: 2,
    what: 'an open pull request is taken for a closed one, and every attempt has a branch of its own',
    sabotage: (ports) => {
      const branch = { suffix: 0 };
      return {
        ...ports,
        git: manyBranches(ports, branch),
        host: {
          ...ports.host,
          findPullRequests: async () => [],
          openPullRequest: (repo, pull) =>
            ports.host.openPullRequest(repo, { ...pull, branch: `${pull.branch}-${branch.suffix}` }),
          readPullRequest: async (repo, number) => {
            const pull = await ports.host.readPullRequest(repo, number);
            return pull?.state === 'open' ? { ...pull, state: 'closed' } : pull;
          },
        },
      };
    },
  },
  {
    promise: 3,
    what: 'the jobs that read ticks and commands are thrown away now and then',
    sabotage: (ports) => ({
      ...ports,
      store: {
        ...ports.store,
        send: (jobs) =>
          ports.store.send(jobs.filter((job) => job.name !== 'read-comment' && job.name !== 'read-ticks')),
      },
      host: { ...ports.host, readBodyVersions: async () => null },
    }),
  },
  {
    promise: 4,
    what: 'everybody is taken for an administrator',
    sabotage: (ports) => ({ ...ports, host: { ...ports.host, readRole: async () => 'admin' } }),
  },
  {
    promise: 5,
    what: 'checks that fail are taken for passed',
    sabotage: (ports) => ({
      ...ports,
      checks: {
        ...ports.checks,
        run: async (check, dir) => ({ ...(await ports.checks.run(check, dir)), passed: true, failures: [] }),
      },
    }),
  },
  {
    promise: 6,
    what: 'the event as it came stands in the log',
    sabotage: (ports) => ({
      ...ports,
      source: {
        ...ports.source,
        readLatestEvent: async (project, id) => {
          const event = await ports.source.readLatestEvent(project, id);
          ports.log.info({ event: event?.title ?? canaries[0] }, 'read');
          return event;
        },
      },
    }),
  },
  {
    promise: 7,
    what: 'a fix whose pull request was closed starts again by itself',
    sabotage: (ports) => ({ ...ports, store: restless(ports) }),
  },
  {
    promise: 8,
    what: 'one project is answered for with the problems of another',
    sabotage: (ports) => ({
      ...ports,
      source: {
        ...ports.source,
        readUnresolved: (_project, wanted) =>
          ports.source.readUnresolved({ org: 'acme', project: 'shop' }, wanted),
      },
    }),
  },
];

/** What is pushed goes to a branch with another ending each time. */
function manyBranches({ git }: Ports, branch: { suffix: number }): Ports['git'] {
  const named = (name: string): string => `${name}-${branch.suffix}`;
  return {
    ...git,
    fetchMirror: async (repo, access) => {
      const repository = await git.fetchMirror(repo, access);
      return {
        ...repository,
        openWorktree: async (name, commit) => {
          branch.suffix += 1;
          const worktree = await repository.openWorktree(name, commit);
          return {
            ...worktree,
            commit: (request) => worktree.commit({ ...request, branch: named(request.branch) }),
            push: (name, access, expected) => worktree.push(named(name), access, expected),
            readRemote: (name, access) => worktree.readRemote(named(name), access),
          };
        },
      };
    },
  };
}

function restless({ store }: Ports): Ports['store'] {
  return {
    ...store,
    updateFix: (id, change) =>
      store.updateFix(id, (known) => {
        const changed = change(known);
        if (changed.facts.pull?.state !== 'closed') return changed;
        return { ...changed, attempt: changed.attempt + 1, facts: approvedFacts(changed.facts.approval) };
      }),
  };
}
