// The tries of a fixer at one task, whether it remembers between them or not.

import { Refusal } from '../../domain/failure.ts';
import type { Fixer, FixerResult, FixerTries, FixerWork, FixTask } from '../../ports.ts';

/** Opens them. A fixer that refuses, to begin or to go on, has refused, and the next one may try. */
export async function openTries(
  fixer: Fixer,
  task: FixTask,
  dir: string,
  work: FixerWork,
): Promise<FixerTries> {
  try {
    const tries = (await fixer.open?.(task, dir, work)) ?? forgetful(fixer, task, dir);
    return {
      attempt: async (previousFailure) => {
        try {
          return await tries.attempt(previousFailure);
        } catch (error) {
          return refusalOf(fixer, error);
        }
      },
      close: () => tries.close(),
    };
  } catch (error) {
    const refused = refusalOf(fixer, error);
    return { attempt: () => Promise.resolve(refused), close: () => Promise.resolve() };
  }
}

function forgetful(fixer: Fixer, task: FixTask, dir: string): FixerTries {
  return {
    attempt: (previousFailure) => fixer.fix({ ...task, previousFailure }, dir),
    close: () => Promise.resolve(),
  };
}

/** Throws what is no refusal: it is a mistake of ours, or a person has withdrawn the fix. */
function refusalOf(fixer: Fixer, error: unknown): FixerResult {
  if (!(error instanceof Refusal)) throw error;
  return { outcome: 'refused', tried: [{ what: fixer.name, why: error.message }] };
}
