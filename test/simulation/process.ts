// One simulated process of Suture: the real jobs over held ports, and a worker that takes jobs from the queue.

import { createSigner } from '../../src/github/signer.ts';
import { jobHandlers } from '../../src/jobs/index.ts';
import type { Binding } from '../../src/domain/problem.ts';
import type {
  Clock,
  Deliveries,
  Happening,
  JobHandlers,
  JobName,
  Log,
  MissedDeliveries,
  Ports,
  Repository,
  SourceControl,
  Syntax,
  Worktree,
} from '../../src/ports.ts';
import type { Taken } from '../../src/store/running.ts';
import { memoryDisk } from './memory/disk.ts';
import { memoryGit, type Machine } from './memory/git.ts';
import { memoryChecks, memoryFixer, memoryReproducer } from './memory/proof.ts';
import { memoryHost } from './memory/host.ts';
import { memorySource, type Alerts } from './memory/alerts.ts';
import type { Database } from './memory/database.ts';
import type { Forge } from './memory/forge.ts';
import { memoryStore } from './memory/store.ts';
import { gateOf, hold, type Fate, type Scheduler } from './scheduler.ts';

export const signer = createSigner('a secret of the simulation');

export type Process = {
  name: string;
  alive: boolean;
  handlers: JobHandlers;
  ports: Ports;
  running: Map<string, { name: JobName; job: Taken }>;
};

export type Surroundings = {
  scheduler: Scheduler;
  forge: Forge;
  alerts: Alerts;
  database: Database;
  clock: Clock;
  missed: MissedDeliveries;
  bindings: readonly Binding[];
  /** Every line any process logs. */
  logged: (line: string) => void;
  fateOf: (port: string, call: string) => Fate;
  slownessOf: (port: string) => number;
  /** Told before a store step: who has a transaction open must be known when it dies. */
  onStore: (process: string, what: string) => void;
  /** Breaks something on purpose; the identity in honest runs. */
  sabotage: (ports: Ports) => Ports;
};

export function newMachine(forge: Forge): Machine {
  return { forge, disk: memoryDisk(), mirrors: new Map() };
}

export function newProcess(around: Surroundings, name: string, machine: Machine): Process {
  const ports = around.sabotage(portsOf(around, name, machine));
  return { name, alive: true, ports, handlers: jobHandlers(ports), running: new Map() };
}

function portsOf(around: Surroundings, process: string, machine: Machine): Ports {
  const { forge, alerts, database, clock, bindings, scheduler } = around;
  const held = holder(around, process);
  const filesIn = (dir: string) => machine.disk.folders.get(dir) ?? new Map();
  return {
    source: held('source', memorySource(alerts), () => true),
    host: held('host', memoryHost(forge), () => true),
    git: heldGit(held, memoryGit(machine)),
    syntax,
    documents: { readYaml: (text) => ({ value: JSON.parse(text), errors: [], lineOf: () => 1 }) },
    sourceMaps: { originalPlace: () => null },
    checks: held('checks', memoryChecks(filesIn), () => false),
    fixers: [{ ...held('fixer', memoryFixer(machine.disk), () => false), name: 'memory' }],
    reproducer: memoryReproducer,
    store: memoryStore(
      database,
      clock,
      gateOf(scheduler, process, (what) => around.onStore(process, what)),
    ),
    deliveries,
    missed: held('host', around.missed, () => true),
    signer,
    clock,
    log: logTo(around.logged),
    bindings,
  };
}

type Held = <T extends object>(port: string, target: T, remote: (call: string) => boolean) => T;

function holder({ scheduler, clock, fateOf, slownessOf }: Surroundings, process: string): Held {
  return (port, target, remote) => {
    const calls = Object.entries(target).map(([name, call]: [string, unknown]) => {
      if (typeof call !== 'function') return [name, call];
      const what = `${port}.${name}`;
      return [
        name,
        (...values: unknown[]) => {
          const away = remote(name);
          const fate = (): Fate => (away ? fateOf(port, name) : { when: 'well' });
          const at = away ? clock.now() + slownessOf(port) : 0;
          return hold(scheduler, { process, what, remote: away, at, fate }, async () => {
            const result: unknown = await Reflect.apply(call, target, values);
            return result;
          });
        },
      ];
    });
    return Object.fromEntries(calls) as typeof target;
  };
}

function remote(call: string): boolean {
  return ['fetchMirror', 'push', 'readRemote'].includes(call);
}

function heldGit(held: Held, git: SourceControl): SourceControl {
  // What is done at the base is held call by call; it itself goes on until that is done.
  const worktree = (inner: Worktree): Worktree => ({
    ...held('worktree', inner, remote),
    atBase: (kept, work) => inner.atBase(kept, work),
  });
  const repository = (inner: Repository): Repository => {
    const outer = held('repository', inner, remote);
    return {
      ...outer,
      openWorktree: async (name, commit) => worktree(await outer.openWorktree(name, commit)),
    };
  };
  const outer = held('git', git, remote);
  return {
    fetchMirror: async (repo, access) => repository(await outer.fetchMirror(repo, access)),
    openMirror: async (repo) => {
      const found = await outer.openMirror(repo);
      return found ? repository(found) : null;
    },
  };
}

const syntax: Syntax = {
  enclosingFunction: (_path, text) => ({
    name: /function (\w+)/.exec(text)?.[1] ?? null,
    startLine: 1,
    endLine: text.split('\n').length,
  }),
  prepare: async () => undefined,
  functionsNamed: () => [],
};

/** The simulated deliveries carry our own words, so that understanding one cannot fail. */
const deliveries: Deliveries = { read: async ({ body }) => [JSON.parse(body) as Happening] };

function logTo(logged: (line: string) => void): Log {
  const write = (fields: Record<string, unknown>, message: string): void =>
    logged(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { info: write, warn: write, error: write, child: () => log };
  return log;
}
