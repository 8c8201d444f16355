// Plays a history from its beginning to its rest, and looks at the promises after every step.

import type { Ports } from '../../src/ports.ts';
import { checkSeen, type Around } from './around.ts';
import { describe, type Event, type History } from './history.ts';
import { newCrowd, setRole, type Crowd } from './crowd.ts';
import { sendAgain } from './mail.ts';
import { ci, close, deleteBranch, merge, pushOnto, raise, reopen, review, setStatus } from './maintainers.ts';
import { closeTriage, command, editBody, forge, setBox } from './people.ts';
import type { Process } from './process.ts';
import { Broken } from './broken.ts';
import { checkPromises, checkSettled, newWatch, type Watch } from './promises.ts';
import { randomOf } from './random.ts';
import {
  kill,
  loseDatabase,
  newWorld,
  nextMoment,
  passTo,
  stall,
  startProcess,
  tick,
  turnMs,
  type Site,
  type World,
} from './world.ts';

export type Played = { broken: Broken | null; trace: string[]; ticks: number; world: World; around: Around };

type Stage = { world: World; crowd: Crowd; watch: Watch; ticks: number };

/** Plays a history and lets everything settle; gives the promise that broke, if any did. */
export async function play(
  history: History,
  options: { traced?: boolean; sabotage?: (ports: Ports) => Ports } = {},
): Promise<Played> {
  const world = newWorld({ seed: history.seed, ...options });
  const stage: Stage = { world, crowd: newCrowd(), watch: newWatch(), ticks: 0 };
  const trace = world.scheduler.trace ?? [];
  const { around } = stage.watch;
  try {
    for (const event of history.events) {
      trace.push(`== ${describe(event)}`);
      world.now += 1000;
      await happen(stage, event);
      checkPromises(world, stage.crowd, stage.watch);
    }
    trace.push('== everything settles');
    await settleDown(stage);
    checkSettled(world, stage.crowd, stage.watch);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { broken: error, trace, ticks: stage.ticks, world, around };
  }
  return { broken: null, trace, ticks: stage.ticks, world, around };
}

/** One tick, and a look at the promises after it. False when nothing can happen now. */
async function step(stage: Stage): Promise<boolean> {
  const moved = await tick(stage.world);
  stage.ticks += 1;
  checkPromises(stage.world, stage.crowd, stage.watch);
  return moved;
}

/** What waits longer than this waits until somebody lets time pass. */
const patienceMs = 10 * 60_000;

async function runSome(stage: Stage, steps: number): Promise<void> {
  for (let count = 0; count < steps; count += 1) {
    if (await step(stage)) continue;
    const moment = nextMoment(stage.world);
    if (moment - stage.world.now > patienceMs) return;
    passTo(stage.world, moment);
  }
}

/** So much happens at most before a world that is left alone must have come to rest. */
const longest = 30_000;

/** No more faults; a process runs; three turns of the timer pass. After two of them everything has been seen. */
async function settleDown(stage: Stage): Promise<void> {
  const { world } = stage;
  world.troubles = [];
  world.mail.luck = [];
  world.random = randomOf(world.names);
  if (!world.processes.some((process) => process.alive)) startProcess(world);
  const soon = world.now + 2 * turnMs;
  const end = world.now + 3 * turnMs;
  for (let count = 0; count < longest; count += 1) {
    if (await step(stage)) continue;
    if (world.now >= soon) checkSeen(world);
    if (world.now > end) return;
    passTo(world, nextMoment(world));
  }
  throw new Broken(0, `nothing has come to rest after ${longest} steps`);
}

type Of<K extends Event['do']> = Extract<Event, { do: K }>;
type Acts = { [K in Event['do']]: (stage: Stage, event: Of<K>) => void | Promise<void> };

const acts: Acts = {
  run: (stage, { steps, seed }) => {
    stage.world.random = randomOf(seed);
    return runSome(stage, steps);
  },
  wait: ({ world }, { ms }) => passTo(world, world.now + ms),
  'lose database': async ({ world }) => {
    await loseDatabase(world);
    startProcess(world);
  },
  kill: async ({ world }, { process, back }) => {
    const chosen = aliveAt(world, process);
    if (chosen) await kill(world, chosen);
    if (back && !world.processes.some((other) => other.alive)) startProcess(world);
  },
  start: ({ world }) => {
    if (world.processes.filter((process) => process.alive).length < 2) startProcess(world);
  },
  stall: ({ world }, { process }) => {
    const chosen = aliveAt(world, process);
    if (chosen) stall(world, chosen);
  },
  luck: ({ world }, { next }) => {
    world.mail.luck = [...next];
  },
  trouble: ({ world }, { port, kind, ms }) => {
    world.troubles = [{ port, kind, until: world.now + ms }, ...world.troubles];
  },
  raise: ({ world }, event) => raise(world, siteAt(world, event), event.problem),
  status: ({ world }, event) =>
    setStatus(world, siteAt(world, event), { index: event.problem, status: event.status }),
  release: ({ world }, event) => {
    siteAt(world, event).project.releases += 1;
  },
  box: ({ world, crowd }, event) =>
    setBox(world, crowd, { ...event, site: siteAt(world, event), index: event.problem }),
  command: ({ world, crowd }, event) =>
    command(world, crowd, { ...event, site: siteAt(world, event), indexes: event.problems }),
  edit: ({ world, crowd }, event) => editBody(world, crowd, { ...event, site: siteAt(world, event) }),
  review: ({ world, crowd }, event) => review(world, crowd, { ...event, site: siteAt(world, event) }),
  'send again': ({ world }, { delivery }) => {
    const ids = [...world.mail.sent.keys()];
    sendAgain(world.mail, ids[delivery % Math.max(1, ids.length)] ?? '', world.now);
  },
  forge: ({ world }, event) => {
    const from = siteAt(world, event);
    const into = world.sites.find((other) => other !== from) ?? from;
    forge(world, { from, into, login: event.login });
  },
  role: ({ world, crowd }, event) => setRole(world, crowd, { ...event, site: siteAt(world, event) }),
  'close issue': ({ world }, event) => closeTriage(world, siteAt(world, event)),
  ci: ({ world }, event) => ci(world, { ...event, site: siteAt(world, event) }),
  merge: ({ world }, event) => merge(world, { ...event, site: siteAt(world, event) }),
  close: ({ world, crowd }, event) => close(world, crowd, { ...event, site: siteAt(world, event) }),
  reopen: ({ world }, event) => reopen(world, { ...event, site: siteAt(world, event) }),
  push: ({ world }, event) => pushOnto(world, { ...event, site: siteAt(world, event) }),
  'delete branch': ({ world, crowd }, event) =>
    deleteBranch(world, crowd, { ...event, site: siteAt(world, event) }),
};

async function happen(stage: Stage, event: Event): Promise<void> {
  const act = acts[event.do] as (stage: Stage, event: Event) => void | Promise<void>;
  await act(stage, event);
}

function siteAt(world: World, { site }: { site: number }): Site {
  const found = world.sites[site % world.sites.length];
  if (!found) throw new Error('A world has sites.');
  return found;
}

function aliveAt(world: World, index: number): Process | undefined {
  const alive = world.processes.filter((process) => process.alive);
  return alive[index % Math.max(1, alive.length)];
}
