// The fixers that shall be asked: all of them in order, or the one that a person named.

import { Refusal } from '../domain/failure.ts';
import type { Fixer } from '../ports.ts';

/** Throws Refusal when the one that was named is not set up any more. */
export function chosenFixers(all: readonly Fixer[], name: string | null | undefined): readonly Fixer[] {
  if (name === null || name === undefined) return all;
  const chosen = all.filter((fixer) => fixer.name === name);
  if (chosen.length > 0) return chosen;
  const names = all.map((fixer) => fixer.name).join(', ');
  throw new Refusal(`There is no fixer ${name}; there is: ${names}.`);
}
