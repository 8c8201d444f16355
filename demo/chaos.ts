// `--chaos SEED`: while the story plays, deliveries are lost, doubled and late, calls fail before or after their effect,
// and Suture is killed and started again. Everything is drawn from the seed before the story begins.

import { setTimeout as pause } from 'node:timers/promises';
import { randomOf, type Random } from '../test/simulation/random.ts';
import type { Scene } from './scene.ts';

/** One thing that goes wrong: so long after the one before, in words, and what it does. */
type Blow = { afterMs: number; says: string; strike: (scene: Scene) => Promise<void> | void };

export type Chaos = {
  /** Resolves when nothing is being done any more; whatever was ordered is taken back. */
  end(): Promise<void>;
};

/** Every turn of the timer makes up for what was lost, so turns come quickly here. */
export const chaosSettings = { FETCH_MINUTES: '1' };

/** So many things go wrong, and of those so many are deaths. */
const blows = 40;
const deaths = 4;

/** Begins at once. What Suture must live through is told as it happens. */
export function startChaos(scene: Scene, seed: number, tell: (line: string) => void): Chaos {
  const stop = new AbortController();
  const running = strikeAll({ scene, signal: stop.signal, tell }, plan(seed));
  return {
    end: async () => {
      stop.abort();
      await running;
      calm(scene);
    },
  };
}

async function strikeAll(
  { scene, signal, tell }: { scene: Scene; signal: AbortSignal; tell: (line: string) => void },
  planned: readonly Blow[],
): Promise<void> {
  for (const { afterMs, says, strike } of planned) {
    await pause(afterMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    tell(`chaos     ${says}`);
    await strike(scene);
  }
}

/** The same seed gives the same plan; how far the story has come when a blow falls is the machine's affair. */
export function plan(seed: number): Blow[] {
  const random = randomOf(seed);
  const killed = new Set<number>();
  while (killed.size < deaths) killed.add(2 + random.below(blows - 2));
  return Array.from({ length: blows }, (_, index) => {
    const afterMs = 200 + random.below(2_000);
    return { afterMs, ...(killed.has(index) ? death(random) : mishap(random)) };
  });
}

type What = Omit<Blow, 'afterMs'>;

function death(random: Random): What {
  const ms = random.below(4_000);
  return {
    says: `Suture is killed, and started again after ${ms} ms`,
    strike: (scene) => scene.restart(ms),
  };
}

function mishap(random: Random): What {
  const makers = [losing, losing, doubling, delaying, failing, failing, failing, failingAtSentry];
  const make = makers[random.below(makers.length)] ?? losing;
  return make(random);
}

function losing(random: Random): What {
  const count = 1 + random.below(3);
  return {
    says: `the next ${count} webhooks of GitHub and of Sentry are lost`,
    strike: ({ world }) => {
      world.github.deliveries.drop(count, 'suture');
      world.sentry.deliveries.drop(count);
    },
  };
}

function doubling(random: Random): What {
  const count = 1 + random.below(3);
  return {
    says: `the next ${count} webhooks of GitHub and of Sentry come twice`,
    strike: ({ world }) => {
      world.github.deliveries.repeat(count, 'suture');
      world.sentry.deliveries.repeat(count);
    },
  };
}

function delaying(random: Random): What {
  const ms = 300 + random.below(1_500);
  return {
    says: `what GitHub and Sentry send is kept back for ${ms} ms, and comes in the wrong order`,
    strike: async ({ world }) => {
      for (const { deliveries } of [world.github, world.sentry]) deliveries.hold();
      await pause(ms);
      for (const { deliveries } of [world.github, world.sentry]) {
        deliveries.reorder();
        deliveries.release();
      }
    },
  };
}

/** Only Suture meets it: people, CI and git of others go on. */
const agent = /^(?:suture\b|git\/)/;

function failing(random: Random): What {
  const method = ['GET', 'POST', 'PATCH', 'DELETE'][random.below(4)] ?? 'GET';
  const status = [500, 502, 503, 0][random.below(4)] ?? 500;
  const after = random.chance(0.5);
  const how = status === 0 ? 'is cut off' : `is answered ${status}`;
  return {
    says: `Suture's next ${method} to GitHub ${how}, ${after ? 'after it was' : 'without being'} carried out`,
    strike: ({ world }) => world.github.fail({ method, path: /./, status, times: 1, after, agent }),
  };
}

function failingAtSentry(random: Random): What {
  const status = [500, 502, 503, 429][random.below(4)] ?? 500;
  const after = random.chance(0.5);
  return {
    says: `Suture's next call to Sentry is answered ${status}, ${after ? 'after it was' : 'without being'} carried out`,
    strike: ({ world }) => world.sentry.fail({ path: /^\/api\/0\//, status, times: 1, after }),
  };
}

function calm({ world }: Scene): void {
  world.github.deliveries.drop(0);
  world.github.deliveries.repeat(0);
  world.github.deliveries.release();
  world.sentry.deliveries.release();
}
