// The tries of a fixer at one task, whether it remembers between them or not.

import { Refusal } from '../../domain/failure.ts';
import type { Fixer, FixerTries, FixerWork, FixTask } from '../../ports.ts';

/** Opens them. A fixer that refuses to begin has refused, and the next one may try. */
export async function openTries(
  fixer: Fixer,
  task: FixTask,
  dir: string,
  work: FixerWork,
): Promise<FixerTries> {
  const forgetful: FixerTries = {
    attempt: (previousFailure) => fixer.fix({ ...task, previousFailure }, dir),
    close: () => Promise.resolve(),
  };
  if (!fixer.open) return forgetful;
  try {
    return await fixer.open(task, dir, work);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const tried = [{ what: fixer.name, why: error.message }];
    return { ...forgetful, attempt: () => Promise.resolve({ outcome: 'refused', tried }) };
  }
}
