// Plays many histories and, when one breaks a promise, finds the shortest that still does.

import fc from 'fast-check';
import type { Ports } from '../../src/ports.ts';
import { describe, histories, type Event, type History } from './history.ts';
import { readFixMark } from '../../src/domain/marker.ts';
import { signer } from './process.ts';
import { newAround, type Around } from './around.ts';
import { play } from './play.ts';
import type { Broken, Rule } from './broken.ts';
import type { World } from './world.ts';

export type Sabotage = (ports: Ports) => Ports;

export type Search = {
  count: number;
  seed: number;
  sabotage?: Sabotage;
  /** Looks for this promise alone. */
  only?: Rule;
  /** Default true. */ shorten?: boolean;
};

type Came = 'pulls' | 'merged' | 'again' | 'resolved' | 'reworked' | 'sentAgain';

export type Found = {
  histories: number;
  steps: number;
  /** What the histories were about: how often each thing came about. */
  came: Record<Came, number>;
  /** Of what holds beside the promises. */
  around: Record<keyof Around['came'], number>;
  /** The shortest history found that breaks a promise. */
  broken: { error: Broken; history: History } | null;
};

/** Stops at the first history that breaks a promise. The same seed gives the same histories. */
export async function search({ count, seed, sabotage, only, shorten = true }: Search): Promise<Found> {
  const found: Found = {
    histories: 0,
    steps: 0,
    came: { pulls: 0, merged: 0, again: 0, resolved: 0, reworked: 0, sentAgain: 0 },
    around: Object.fromEntries(Object.keys(newAround().came).map((name) => [name, 0])) as Found['around'],
    broken: null,
  };
  for (const history of fc.sample(histories, { numRuns: count, seed })) {
    const played = await play(history, sabotage ? { sabotage } : {});
    found.histories += 1;
    found.steps += played.ticks;
    countWhatCame(found.came, played.world);
    for (const [name, seen] of Object.entries(played.around.came))
      found.around[name as keyof Found['around']] += seen.size;
    if (!played.broken || (only ?? played.broken.promise) !== played.broken.promise) continue;
    found.broken = { error: played.broken, history };
    if (shorten) found.broken = await shortest(found.broken, sabotage);
    return found;
  }
  return found;
}

function countWhatCame(came: Found['came'], world: World): void {
  for (const { repo } of world.sites) {
    const pulls = [...repo.pulls.values()];
    came.pulls += pulls.length;
    came.merged += pulls.filter((pull) => pull.state === 'merged').length;
    came.again += pulls.length - new Set(pulls.map((pull) => pull.branch)).size;
  }
  for (const { repo } of world.sites)
    came.reworked += [...repo.comments.values()].filter(({ body }) =>
      readFixMark(signer, 'rework', body),
    ).length;
  came.sentAgain += world.mail.tries.filter(({ again, arrived }) => again && arrived).length;
  came.resolved += world.alerts.writes.filter((write) => write.how !== 'archive').length;
}

type Failing = NonNullable<Found['broken']>;

/** Leaves out events, many at a time and then one by one, as long as the same promise still breaks. */
async function shortest(failing: Failing, sabotage?: Sabotage): Promise<Failing> {
  let best = failing;
  for (
    let size = Math.ceil(best.history.events.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    let from = 0;
    while (from < best.history.events.length) {
      const events = best.history.events.toSpliced(from, size);
      const shorter = await breaks({ ...best.history, events }, { promise: best.error.promise, sabotage });
      if (shorter) best = shorter;
      else from += size;
    }
  }
  return fewerSteps(best, sabotage);
}

/** The runs of a history are cut to what is needed. */
async function fewerSteps(failing: Failing, sabotage?: Sabotage): Promise<Failing> {
  let best = failing;
  for (let index = 0; index < best.history.events.length; index += 1) {
    for (let halved = halve(best.history.events[index]); halved; halved = halve(best.history.events[index])) {
      const events = best.history.events.with(index, halved);
      const shorter = await breaks({ ...best.history, events }, { promise: best.error.promise, sabotage });
      if (!shorter) break;
      best = shorter;
    }
  }
  return best;
}

function halve(event: Event | undefined): Event | null {
  return event?.do === 'run' && event.steps > 0 ? { ...event, steps: Math.floor(event.steps / 2) } : null;
}

async function breaks(
  history: History,
  wanted: { promise: Rule; sabotage: Sabotage | undefined },
): Promise<Failing | null> {
  const { broken } = await play(history, wanted.sabotage ? { sabotage: wanted.sabotage } : {});
  return broken?.promise === wanted.promise ? { error: broken, history } : null;
}

/** The history line by line, and the command that plays it again. */
export function report({ error, history }: Failing): string {
  return [
    error.message,
    ...history.events.map((event) => `  ${describe(event)}`),
    `again: npm run simulate -- --trace --history '${JSON.stringify(history)}'`,
  ].join('\n');
}
