// Plays many real histories, on several stages side by side: most of the time goes to waiting.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { Broken } from '../broken.ts';
import { realHistories, type RealHistory } from './history.ts';
import { playReal } from './play.ts';
import { openStage, places, type NewDatabase, type Stage } from './stage.ts';

export type RealSearch = {
  histories: readonly RealHistory[];
  newDatabase: NewDatabase;
  stages: number;
  /** Told after every history. */
  tell: (line: string) => void;
};

export type RealFound = { played: number; broken: { error: Error; history: RealHistory } | null };

export function drawReal(count: number, seed: number): RealHistory[] {
  return fc.sample(realHistories, { numRuns: count, seed });
}

/** Stops at the first history that breaks a promise, or that never comes to rest. */
export async function searchReal(input: RealSearch): Promise<RealFound> {
  // Suture is started several times in every history: what Node has compiled once is kept from one to the next.
  const compiled = await mkdtemp(path.join(tmpdir(), 'suture-compiled-'));
  const playing: Playing = { ...input, compiled, waiting: [...input.histories] };
  const found: RealFound = { played: 0, broken: null };
  try {
    await Promise.all(Array.from({ length: input.stages }, () => playMany(playing, found)));
    return found;
  } finally {
    await rm(compiled, { recursive: true, force: true });
  }
}

type Playing = RealSearch & { compiled: string; waiting: RealHistory[] };

/** A stage is exchanged before its repository runs out of places. */
async function playMany(playing: Playing, found: RealFound): Promise<void> {
  const { waiting, histories, newDatabase, compiled, tell } = playing;
  let stage: Stage | null = null;
  let used = 0;
  try {
    for (let history = waiting.shift(); history && !found.broken; history = waiting.shift()) {
      if (stage === null || used + history.problems > places) {
        await stage?.close();
        stage = await openStage(newDatabase, compiled);
        used = 0;
      }
      used += history.problems;
      const began = performance.now();
      const error = await failureOf(stage, history);
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      if (error) found.broken ??= { error, history };
      else found.played += 1;
      tell(
        `${found.played} of ${histories.length}, ${seconds} s: ${error?.message ?? 'held'}  ${JSON.stringify(history)}`,
      );
    }
  } finally {
    await stage?.close();
  }
}

async function failureOf(stage: Stage, history: RealHistory): Promise<Error | null> {
  try {
    await playReal(stage, history);
    return null;
  } catch (error) {
    const issue = (await stage.world.triageIssue().catch(() => null))?.body ?? '';
    const log = stage.output().split('\n').slice(-40).join('\n');
    const named = error instanceof Broken ? error.message : String(error);
    return new Error(`${named}\n${issue}\n${log}`, { cause: error });
  }
}
