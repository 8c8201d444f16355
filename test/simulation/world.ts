// The simulated world: two repositories with their alert projects, people, deliveries, processes and a clock of its own.
// It plays; it must not judge (promises.ts) nor choose what happens (history.ts).

import type { Binding } from '../../src/domain/problem.ts';
import { Bug, Later, Refusal } from '../../src/domain/failure.ts';
import { turnJobs } from '../../src/jobs/turn.ts';
import type { Happening, JobName, Ports } from '../../src/ports.ts';
import { jobNames, queues } from '../../src/store/queues.ts';
import { runJob, type Outcome, type Taken } from '../../src/store/running.ts';
import { addProject, newAlerts, type AlertProject, type Alerts } from './memory/alerts.ts';
import { emptyTables, end, newDatabase, type Database } from './memory/database.ts';
import { addRepo, newForge, type Forge, type ForgeRepo } from './memory/forge.ts';
import type { Machine } from './memory/git.ts';
import { deadAfterMs, isWaiting, nextJob, reclaim, sendJobs, settleJob, takeJob } from './memory/queue.ts';
import { newMachine, newProcess, type Process, type Surroundings } from './process.ts';
import { sourceFiles } from './problems.ts';
import { randomOf, type Random } from './random.ts';
import { letThrough, newScheduler, quiet, type Fate, type Scheduler, type Step } from './scheduler.ts';

export const problemCount = 7;
export const turnMs = 15 * 60_000;
const start = 1_790_000_000_000;

export type Site = { binding: Binding; repo: ForgeRepo; project: AlertProject };

export type Delivery = { id: string; from: 'github' | 'sentry'; happening: Happening; at: number };

/** What a call of a room meets, until a time. */
export type Trouble = { port: string; kind: 'before' | 'after' | 'refused' | 'bug'; until: number };

/** What happens to the next deliveries, one after the other. */
export type Luck = 'fine' | 'lost' | 'doubled' | 'late';

export type World = {
  now: number;
  random: Random;
  scheduler: Scheduler;
  forge: Forge;
  alerts: Alerts;
  database: Database;
  sites: readonly Site[];
  processes: Process[];
  machines: Machine[];
  deliveries: Delivery[];
  luck: Luck[];
  troubles: Trouble[];
  /** Jobs of dead processes that are given back at that time. */
  orphans: { owner: string; at: number }[];
  /** Whose transaction is open. */
  writer: string | null;
  logs: string[];
  /** When the database was lost last. */
  lostAt: number | null;
  lostDeliveries: Set<Happening>;
  sabotage: (ports: Ports) => Ports;
  names: number;
};

export type Options = { seed: number; traced?: boolean; sabotage?: (ports: Ports) => Ports };

/** A world in which nothing has happened, with one process that has just started. */
export function newWorld(options: Options): World {
  const emit = (from: Delivery['from']) => (happening: Happening) => post(world, from, happening);
  const world: World = {
    now: start,
    random: randomOf(options.seed),
    scheduler: newScheduler(options.traced ?? false),
    forge: newForge(() => world.now, emit('github')),
    alerts: newAlerts(() => world.now, emit('sentry')),
    database: newDatabase(),
    sites: [],
    processes: [],
    machines: [],
    deliveries: [],
    luck: [],
    troubles: [],
    orphans: [],
    writer: null,
    logs: [],
    lostAt: null,
    lostDeliveries: new Set(),
    sabotage: options.sabotage ?? ((ports) => ports),
    names: 0,
  };
  world.sites = ['shop', 'desk'].map((name) => addSite(world, name));
  world.machines = [newMachine(world.forge), newMachine(world.forge)];
  startProcess(world);
  return world;
}

function addSite(world: World, name: string): Site {
  const repo = addRepo(
    world.forge,
    { owner: 'acme', name },
    { files: sourceFiles(problemCount), installed: true },
  );
  const project = addProject(world.alerts, { org: 'acme', project: name });
  for (const [login, role] of Object.entries({ ada: 'write', bob: 'write', ray: 'read' } as const))
    repo.roles.set(login, role);
  return { binding: { id: `acme/${name}`, source: project.ref, repo: repo.ref }, repo, project };
}

/** GitHub keeps what it could not deliver; Sentry forgets it. */
function post(world: World, from: Delivery['from'], happening: Happening): void {
  const id = `d${(world.names += 1)}`;
  const luck = world.luck.shift() ?? 'fine';
  const delivery = { id, from, happening, at: world.now };
  if (luck === 'lost') world.lostDeliveries.add(happening);
  else world.deliveries.push(luck === 'late' ? { ...delivery, at: world.now + 20 * 60_000 } : delivery);
  if (luck === 'doubled') world.deliveries.push({ ...delivery, at: world.now + 5 * 60_000 });
}

export function startProcess(world: World): Process {
  const name = `p${(world.names += 1)}`;
  const free = world.machines.findIndex((_, index) =>
    world.processes.every((p) => !p.alive || !p.name.endsWith(`m${index}`)),
  );
  const index = Math.max(0, free);
  const machine = world.machines[index] ?? newMachine(world.forge);
  const process = newProcess(surroundings(world), `${name}m${index}`, machine);
  if (world.processes.every((other) => !other.alive))
    for (const orphan of world.orphans) orphan.at = world.now;
  world.processes.push(process);
  turn(world, `start:${name}`);
  return process;
}

function surroundings(world: World): Surroundings {
  return {
    scheduler: world.scheduler,
    forge: world.forge,
    alerts: world.alerts,
    database: world.database,
    clock: { now: () => world.now },
    bindings: world.sites.map((site) => site.binding),
    logged: (line) => void world.logs.push(line),
    fateOf: (port) => fateOf(world, port),
    onStore: (process, what) => {
      if (what === 'begin') world.writer = process;
      if (what === 'commit') world.writer = null;
    },
    sabotage: (ports) => world.sabotage(ports),
  };
}

function fateOf(world: World, port: string): Fate {
  const trouble = world.troubles.find((known) => known.port === port && known.until > world.now);
  if (!trouble || world.random.chance(0.4)) return { when: 'well' };
  if (trouble.kind === 'refused')
    return { when: 'before', error: new Refusal(`The ${port} lets nobody in now.`) };
  const error =
    trouble.kind === 'bug'
      ? new Bug(`The ${port} answers what nobody understands.`)
      : new Later(`The ${port} does not answer.`, 1000 + world.random.below(90_000));
  return { when: trouble.kind === 'after' ? 'after' : 'before', error };
}

/** What the timer of every process sends; the same turn counts once. */
export function turn(world: World, id: string): void {
  const jobs = world.sites.flatMap((site) => turnJobs(site.binding, id));
  sendJobs(
    { database: world.database, tables: world.database.open ?? world.database.tables, now: world.now },
    jobs,
  );
}

/** The process is gone at once: what it had asked of others may still happen, what it had begun to write may not. */
export async function kill(world: World, process: Process): Promise<void> {
  process.alive = false;
  const { steps } = world.scheduler;
  const own = steps.filter((step) => step.process === process.name);
  world.scheduler.steps = steps.filter((step) => step.process !== process.name);
  for (const step of own) if (step.remote && world.random.chance(0.5)) await step.happen();
  if (world.writer === process.name) {
    end(world.database, 'rollback');
    world.writer = null;
  }
  await quiet();
  const others = world.processes.some((other) => other.alive);
  world.orphans.push({
    owner: process.name,
    at: others ? world.now + deadAfterMs : Number.POSITIVE_INFINITY,
  });
}

/** Its jobs are given to others while it still runs, as when a machine sleeps for a while. */
export function stall(world: World, process: Process): void {
  if (world.database.open) return;
  reclaim({ database: world.database, tables: world.database.tables, now: world.now }, process.name);
}

export async function loseDatabase(world: World): Promise<void> {
  for (const process of world.processes) if (process.alive) await kill(world, process);
  world.database.tables = emptyTables();
  world.orphans = [];
  world.lostAt = world.now;
}

type Choice = { weight: number; act: () => Promise<void> };

/** Does one of the things that may happen now. False when nothing may. */
export async function tick(world: World): Promise<boolean> {
  const choices = choicesOf(world);
  let chosen = world.random.below(choices.reduce((sum, choice) => sum + choice.weight, 0));
  for (const choice of choices) {
    chosen -= choice.weight;
    if (chosen >= 0) continue;
    await choice.act();
    return true;
  }
  return false;
}

function choicesOf(world: World): Choice[] {
  const steps = world.scheduler.steps
    .filter((step) => step.free())
    .map((step: Step) => ({ weight: 4, act: () => letThrough(world.scheduler, step) }));
  if (world.database.open) return steps;
  return [...steps, ...deliverable(world), ...startable(world), ...reclaimable(world)];
}

function deliverable(world: World): Choice[] {
  if (!world.processes.some((process) => process.alive)) return [];
  return world.deliveries
    .filter((delivery) => delivery.at <= world.now)
    .map((delivery) => ({ weight: 2, act: async () => deliver(world, delivery) }));
}

/** The door: stored under its own id, and understood later. */
function deliver(world: World, delivery: Delivery): void {
  world.deliveries.splice(world.deliveries.indexOf(delivery), 1);
  const { from, id, happening } = delivery;
  const data = { from, event: happening.kind, delivery: id, body: JSON.stringify(happening) };
  const to = { database: world.database, tables: world.database.tables, now: world.now };
  sendJobs(to, [{ name: 'receive-delivery', data, id: `${from}:${id}` }]);
}

function startable(world: World): Choice[] {
  const running = world.processes.filter((process) => process.alive);
  return jobNames.flatMap((name) => {
    const row = running.length > 0 ? nextJob(world.database.tables, name, world.now) : null;
    if (!row) return [];
    return running
      .filter((process) => countOf(process, name) < queues[name].workers)
      .map((process) => ({ weight: 2, act: () => startJob(world, process, name) }));
  });
}

function countOf(process: Process, name: JobName): number {
  return [...process.running.values()].filter((run) => run.name === name).length;
}

async function startJob(world: World, process: Process, name: JobName): Promise<void> {
  const { database } = world;
  const row = nextJob(database.tables, name, world.now);
  if (!row) return;
  const job = takeJob(database.tables, row, process.name);
  const key = `${job.id}:${job.retryCount}`;
  process.running.set(key, { name, job });
  world.scheduler.trace?.push(`${process.name} starts ${name} ${JSON.stringify(row.envelope).slice(0, 160)}`);
  const needs = { log: process.ports.log, clock: process.ports.clock };
  const { signal } = new AbortController();
  const ran = runJob(needs, { name, job, handler: process.handlers[name], signal });
  void endJob(world, process, { name, job, ran });
  await quiet();
}

async function endJob(
  world: World,
  process: Process,
  { name, job, ran }: { name: JobName; job: Taken; ran: Promise<Outcome> },
): Promise<void> {
  const outcome = await ran;
  process.running.delete(`${job.id}:${job.retryCount}`);
  world.scheduler.trace?.push(`${process.name} ends ${name}: ${outcome.kind}`);
  const tables = world.database.open ?? world.database.tables;
  if (process.alive) settleJob({ database: world.database, tables, now: world.now }, job, outcome);
}

function reclaimable(world: World): Choice[] {
  return world.orphans
    .filter((orphan) => orphan.at <= world.now)
    .map((orphan) => ({
      weight: 2,
      act: async () => {
        world.orphans.splice(world.orphans.indexOf(orphan), 1);
        reclaim({ database: world.database, tables: world.database.tables, now: world.now }, orphan.owner);
      },
    }));
}

/** The next moment at which something may happen by itself, the timer's turn included. */
export function nextMoment(world: World): number {
  const waiting = [...world.database.tables.jobs.values()].filter(isWaiting).map((row) => row.startAfter);
  const moments = [...waiting, ...world.deliveries.map(({ at }) => at), ...world.orphans.map(({ at }) => at)];
  const nextTurn = (Math.floor(world.now / turnMs) + 1) * turnMs;
  return Math.min(nextTurn, ...moments.filter((at) => at > world.now));
}

/** Lets time pass; a turn of the timer that falls into it is sent. */
export function passTo(world: World, moment: number): void {
  const before = Math.floor(world.now / turnMs);
  world.now = Math.max(world.now, moment);
  const after = Math.floor(world.now / turnMs);
  if (after > before && world.processes.some((process) => process.alive)) turn(world, `turn:${after}`);
}
