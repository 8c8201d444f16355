// Plays many real histories, on several stages side by side: most of the time goes to waiting.

import fc from 'fast-check';
import { Broken } from '../promises.ts';
import { realHistories, type RealHistory } from './history.ts';
import { playReal } from './play.ts';
import { openStage, places, type NewDatabase, type Stage } from './stage.ts';

export type RealSearch = {
  count: number;
  seed: number;
  newDatabase: NewDatabase;
  stages: number;
  /** Told after every history. */
  tell: (line: string) => void;
};

export type RealFound = { played: number; broken: { error: Error; history: RealHistory } | null };

/** Stops at the first history that breaks a promise, or that never comes to rest. */
export async function searchReal(input: RealSearch): Promise<RealFound> {
  const waiting = fc.sample(realHistories, { numRuns: input.count, seed: input.seed });
  const found: RealFound = { played: 0, broken: null };
  await Promise.all(Array.from({ length: input.stages }, () => playMany(input, waiting, found)));
  return found;
}

/** A stage is exchanged before its repository runs out of places. */
async function playMany(input: RealSearch, waiting: RealHistory[], found: RealFound): Promise<void> {
  let stage: Stage | null = null;
  let used = 0;
  try {
    for (let history = waiting.shift(); history && !found.broken; history = waiting.shift()) {
      if (stage === null || used + history.problems > places) {
        await stage?.close();
        stage = await openStage(input.newDatabase);
        used = 0;
      }
      used += history.problems;
      const error = await failureOf(stage, history);
      if (error) found.broken ??= { error, history };
      else found.played += 1;
      input.tell(
        `${found.played} of ${input.count}: ${error?.message ?? 'held'}  ${JSON.stringify(history)}`,
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
