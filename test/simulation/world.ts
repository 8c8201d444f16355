// The simulated world: two repositories with their alert projects, people, deliveries, processes and a clock of its own.
// It plays; it must not judge (promises.ts) nor choose what happens (history.ts).

import type { Binding } from '../../src/domain/problem.ts';
import { Bug, Later, Refusal } from '../../src/domain/failure.ts';
import { redeliverJob, turnJobs } from '../../src/jobs/turn.ts';
import type { Happening, JobName, Ports } from '../../src/ports.ts';
import { queues } from '../../src/store/queues.ts';
import { runJob, type Outcome, type Taken } from '../../src/store/running.ts';
import { addProject, newAlerts, type AlertProject, type Alerts } from './memory/alerts.ts';
import { emptyTables, end, newDatabase, untilFree, type Database, type JobRow } from './memory/database.ts';
import { addRepo, newForge, type Forge, type ForgeRepo } from './memory/forge.ts';
import type { Machine } from './memory/git.ts';
import { deadAfterMs, isWaiting, nextJobs, reclaim, sendJobs, settleJob, takeJob } from './memory/queue.ts';
import { arrive, fail, memoryMissed, newMail, post, take, type Delivery, type Mail } from './mail.ts';
import { newMachine, newProcess, type Process, type Surroundings } from './process.ts';
import { sourceFiles } from './problems.ts';
import { randomOf, type Random } from './random.ts';
import { letThrough, newScheduler, quiet, type Fate, type Scheduler, type Step } from './scheduler.ts';

export const turnMs = 15 * 60_000;
const start = 1_790_000_000_000;

export type Site = {
  binding: Binding;
  repo: ForgeRepo;
  project: AlertProject;
  /** So many pull requests of ours may be open at once. */
  mostOpen: number;
};

/** What a call of a room meets, until a time. */
export type Trouble = {
  port: string;
  kind: 'before' | 'after' | 'refused' | 'bug' | 'slow' | 'limited';
  until: number;
};

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
  mail: Mail;
  troubles: Trouble[];
  /** Jobs of dead processes that are given back at that time. */
  orphans: { owner: string; at: number }[];
  /** Whose transaction is open. */
  writer: string | null;
  logs: string[];
  /** Two processes have worked on one job at once. */
  overlapped: boolean;
  /** When the database was lost last. */
  lostAt: number | null;
  sabotage: (ports: Ports) => Ports;
  names: number;
};

export type Options = { seed: number; traced?: boolean; sabotage?: (ports: Ports) => Ports };

/** A world in which nothing has happened, with one process that has just started. */
export function newWorld(options: Options): World {
  const emit = (from: Delivery['from']) => (happening: Happening) =>
    post(world.mail, from, { happening, now: world.now });
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
    mail: newMail(),
    troubles: [],
    orphans: [],
    writer: null,
    logs: [],
    overlapped: false,
    lostAt: null,
    sabotage: options.sabotage ?? ((ports) => ports),
    names: 0,
  };
  world.sites = [addSite(world, 'shop', 3), addSite(world, 'desk', 2)];
  world.machines = [newMachine(world.forge), newMachine(world.forge)];
  startProcess(world);
  return world;
}

/** Fixes may run side by side, so that only the ledger keeps two from one file. */
function addSite(world: World, name: string, mostOpen: number): Site {
  const settings = { limits: { 'open-pull-requests': mostOpen }, 'side-by-side': true };
  const repo = addRepo(
    world.forge,
    { owner: 'acme', name },
    { files: sourceFiles(settings), installed: true },
  );
  const project = addProject(world.alerts, { org: 'acme', project: name });
  for (const [login, role] of Object.entries({ ada: 'write', bob: 'write', ray: 'read' } as const))
    repo.roles.set(login, role);
  const binding = { id: `acme/${name}`, source: project.ref, repo: repo.ref };
  return { binding, repo, project, mostOpen };
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
  turn(world, `start:${name}`, null);
  return process;
}

function surroundings(world: World): Surroundings {
  return {
    scheduler: world.scheduler,
    forge: world.forge,
    alerts: world.alerts,
    database: world.database,
    clock: { now: () => world.now },
    missed: memoryMissed(world.mail, () => world.now),
    bindings: world.sites.map((site) => site.binding),
    logged: (line) => void world.logs.push(line),
    fateOf: (port) => fateOf(world, port),
    slownessOf: (port) => slownessOf(world, port),
    onStore: (process, what) => {
      if (what === 'begin') world.writer = process;
      if (what === 'commit') world.writer = null;
    },
    sabotage: (ports) => world.sabotage(ports),
  };
}

/** Half of the calls go well; nobody comes past a rate limit. */
function fateOf(world: World, port: string): Fate {
  const trouble = world.troubles.find((known) => known.port === port && known.until > world.now);
  if (!trouble || trouble.kind === 'slow') return { when: 'well' };
  if (trouble.kind === 'limited')
    return {
      when: 'before',
      error: new Later(`The ${port} asks us to wait.`, trouble.until - world.now),
    };
  if (world.random.chance(0.4)) return { when: 'well' };
  if (trouble.kind === 'refused')
    return { when: 'before', error: new Refusal(`The ${port} lets nobody in now.`) };
  const error =
    trouble.kind === 'bug'
      ? new Bug(`The ${port} answers what nobody understands.`)
      : new Later(`The ${port} does not answer.`, 1000 + world.random.below(90_000));
  return { when: trouble.kind === 'after' ? 'after' : 'before', error };
}

/** How long a call takes that begins now. */
function slownessOf(world: World, port: string): number {
  const slow = world.troubles.some(
    (known) => known.kind === 'slow' && known.port === port && known.until > world.now,
  );
  return slow ? world.random.below(20_000) : 0;
}

/** What the timer of every process sends; the same turn counts once. */
export function turn(world: World, id: string, everyMs: number | null): void {
  const jobs = world.sites.flatMap((site) => turnJobs(site.binding, id));
  jobs.push(redeliverJob(id, { now: world.now, everyMs }));
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
  world.overlapped = true;
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
    .filter((step) => step.at <= world.now && step.free())
    .map((step: Step) => ({ weight: 4, act: () => letThrough(world.scheduler, step) }));
  if (world.database.open) return steps;
  return [...steps, ...deliverable(world), ...startable(world), ...reclaimable(world)];
}

/** At a door that nobody opens it fails. */
function deliverable(world: World): Choice[] {
  const somebody = world.processes.some((process) => process.alive);
  return world.mail.onTheWay
    .filter((delivery) => delivery.at <= world.now)
    .map((delivery) => ({
      weight: 2,
      act: async () => {
        take(world.mail, delivery);
        if (somebody) deliver(world, delivery);
        else fail(world.mail, delivery, world.now);
      },
    }));
}

/** The door: stored under its own id, and understood later. */
function deliver(world: World, delivery: Delivery): void {
  const { from, id, happening } = delivery;
  const data = { from, event: happening.kind, delivery: id, body: JSON.stringify(happening) };
  const to = { database: world.database, tables: world.database.tables, now: world.now };
  sendJobs(to, [{ name: 'receive-delivery', data, id: `${from}:${id}` }]);
  arrive(world.mail, delivery, world.now);
}

function startable(world: World): Choice[] {
  const running = world.processes.filter((process) => process.alive);
  if (running.length === 0) return [];
  return [...nextJobs(world.database.tables, world.now).values()].flatMap((row) =>
    running
      .filter((process) => countOf(process, row.name) < queues[row.name].workers)
      .map((process) => ({ weight: 2, act: () => startJob(world, process, row) })),
  );
}

function countOf(process: Process, name: JobName): number {
  return [...process.running.values()].filter((run) => run.name === name).length;
}

async function startJob(world: World, process: Process, row: JobRow): Promise<void> {
  const { name } = row;
  const job = takeJob(world.database.tables, row, process.name);
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
  await untilFree(world.database);
  const { database } = world;
  if (process.alive) settleJob({ database, tables: database.tables, now: world.now }, job, outcome);
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
  const slow = world.scheduler.steps.map(({ at }) => at);
  const moments = [
    ...waiting,
    ...slow,
    ...world.mail.onTheWay.map(({ at }) => at),
    ...world.orphans.map(({ at }) => at),
  ];
  const nextTurn = (Math.floor(world.now / turnMs) + 1) * turnMs;
  return Math.min(nextTurn, ...moments.filter((at) => at > world.now));
}

/** Lets time pass; a turn of the timer that falls into it is sent. */
export function passTo(world: World, moment: number): void {
  const before = Math.floor(world.now / turnMs);
  world.now = Math.max(world.now, moment);
  const after = Math.floor(world.now / turnMs);
  if (after > before && world.processes.some((process) => process.alive))
    turn(world, `turn:${after}`, turnMs);
}
