// Faults, one at least for each promise and for what holds beside them, planted round the ports: the simulation must
// find every one of them.
// They wrap what a process is given; nothing in src knows of them.

import { approvedFacts } from '../../src/domain/fix.ts';
import type { RepoRef } from '../../src/domain/problem.ts';
import type { Ports } from '../../src/ports.ts';
import type { HostComment, Rows } from '../../src/ports.ts';
import type { KnownSettings } from '../../src/domain/settings.ts';
import type { Rule } from './broken.ts';
import { canaries } from './problems.ts';

export type Planted = { promise: Rule; what: string; sabotage: (ports: Ports) => Ports };

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
        run: async (...asked) => ({ ...(await ports.checks.run(...asked)), passed: true, failures: [] }),
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
  {
    promise: 2,
    what: 'two problems with the same cause get a pull request each',
    sabotage: (ports) => rowsOf(ports, () => ({ claimRoot: async (fixId) => fixId })),
  },
  {
    promise: 'watch',
    what: 'what came back looks resolved',
    sabotage: (ports) => ({
      ...ports,
      source: {
        ...ports.source,
        readProblem: async (project, id) => {
          const problem = await ports.source.readProblem(project, id);
          return problem?.substatus === 'regressed' ? { ...problem, status: 'resolved' } : problem;
        },
      },
    }),
  },
  {
    promise: 'watch',
    what: 'it is watched for minutes only',
    sabotage: (ports) => withSettings(ports, (settings) => ({ ...settings, watchDays: 0.01 })),
  },
  {
    promise: 'ledger',
    what: 'nobody else is ever seen at work',
    sabotage: (ports) =>
      rowsOf(ports, (rows) => ({
        updateLedger: (repo, change) =>
          rows.updateLedger(repo, (runs) => {
            const alone = change([]);
            if (alone.length === 0) return change(runs);
            return [...runs.filter(({ id }) => alone.every((one) => one.id !== id)), ...alone];
          }),
      })),
  },
  {
    promise: 'ledger',
    what: 'who has ended stays registered',
    sabotage: (ports) =>
      rowsOf(ports, (rows) => ({
        updateLedger: (repo, change) =>
          rows.updateLedger(repo, (runs) =>
            change(runs).map((run) => ({
              ...run,
              members: run.members.map((member) => ({ ...member, end: null })),
            })),
          ),
      })),
  },
  {
    promise: 'ledger',
    what: 'old entries are never thrown away',
    sabotage: (ports) =>
      rowsOf(ports, (rows) => ({
        updateLedger: (repo, change) =>
          rows.updateLedger(repo, (runs) => {
            const changed = change(runs);
            return [...changed, ...runs.filter(({ id }) => !changed.some((run) => run.id === id))];
          }),
      })),
  },
  {
    promise: 'summary',
    what: 'what was said already is not found again',
    sabotage: (ports) => ({
      ...ports,
      host: {
        ...ports.host,
        listComments: async (repo, number) =>
          (await ports.host.listComments(repo, number)).filter(({ body }) => !body.includes('suture:fix')),
      },
      store: {
        ...ports.store,
        readFix: async (id) => {
          const fix = await ports.store.readFix(id);
          return fix?.facts.cleanedUp ? { ...fix, facts: { ...fix.facts, announced: false } } : fix;
        },
      },
    }),
  },
  {
    promise: 'life',
    what: 'a pull request is closed without a word',
    sabotage: (ports) => ({
      ...ports,
      host: {
        ...ports.host,
        comment: async (repo, number, body): Promise<HostComment> =>
          body.includes('suture:fix superseded')
            ? { id: 0, body, author: { login: '', kind: 'bot' }, url: '' }
            : ports.host.comment(repo, number, body),
      },
    }),
  },
  {
    promise: 'life',
    what: 'what people pushed is overwritten',
    sabotage: stubborn,
  },
  {
    promise: 'seen',
    what: 'the marks of pull requests leave out how checks ended',
    sabotage: blindMarks,
  },
  {
    promise: 'limits',
    what: 'any number of pull requests may be open',
    sabotage: (ports) =>
      withSettings(ports, (settings) => ({
        ...settings,
        limits: { ...settings.limits, openPullRequests: 1000 },
      })),
  },
];

/** A mark by the names of the checks: how they end is not in it. */
export function blindMarks(ports: Ports): Ports {
  const markOf = async (repo: RepoRef, number: number): Promise<[number, string][]> => {
    const pull = await ports.host.readPullRequest(repo, number);
    if (pull?.state !== 'open') return [];
    const { runs, statuses } = await ports.host.readChecks(repo, pull.headSha);
    const names = [...runs.map(({ name }) => name), ...statuses.map(({ context }) => context)];
    return [[number, JSON.stringify([pull, names])]];
  };
  const readPullMarks: Ports['host']['readPullMarks'] = async (repo, numbers) =>
    new Map((await Promise.all(numbers.map((number) => markOf(repo, number)))).flat());
  return { ...ports, host: { ...ports.host, readPullMarks } };
}

/** The store with some of its methods replaced, inside of transactions, too. */
export function rowsOf(ports: Ports, change: (rows: Rows) => Partial<Rows>): Ports {
  const { store } = ports;
  const transaction: typeof store.transaction = (work) =>
    store.transaction((rows) => work({ ...rows, ...change(rows) }));
  return { ...ports, store: { ...store, ...change(store), transaction } };
}

function withSettings(
  ports: Ports,
  change: (settings: KnownSettings['settings']) => KnownSettings['settings'],
): Ports {
  return rowsOf(ports, (rows) => ({
    readSettings: async (bindingId) => {
      const known = await rows.readSettings(bindingId);
      return known && { ...known, settings: change(known.settings) };
    },
  }));
}

/** It takes every head for its own, and pushes whatever stands there. */
function stubborn(ports: Ports): Ports {
  const made = new Map<string, string>();
  return {
    ...ports,
    host: {
      ...ports.host,
      readPullRequest: async (repo, number) => {
        const pull = await ports.host.readPullRequest(repo, number);
        return pull && { ...pull, headSha: made.get(`${repo.name} ${pull.branch}`) ?? pull.headSha };
      },
    },
    git: {
      ...ports.git,
      fetchMirror: async (repo, access) => {
        const repository = await ports.git.fetchMirror(repo, access);
        return {
          ...repository,
          openWorktree: async (name, commit) => {
            const worktree = await repository.openWorktree(name, commit);
            return {
              ...worktree,
              commit: async (request) => {
                const sha = await worktree.commit(request);
                made.set(`${repo.name} ${request.branch}`, sha);
                return sha;
              },
              readRemote: async (branch, to) =>
                made.get(`${repo.name} ${branch}`) ?? (await worktree.readRemote(branch, to)),
              push: async (branch, to) => worktree.push(branch, to, await worktree.readRemote(branch, to)),
            };
          },
        };
      },
    },
  };
}

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
