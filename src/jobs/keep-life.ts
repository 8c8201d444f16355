// Writes down what was learnt of a pull request's life, or done in it.

import type { Fix, FixFacts } from '../domain/fix.ts';
import type { LifeFacts } from '../domain/pull/life-facts.ts';
import type { Ports } from '../ports.ts';

/** Keeps what was learnt or done; what others wrote meanwhile stays. */
export async function keepLife(
  ports: Pick<Ports, 'store'>,
  fix: Fix,
  edit: (facts: FixFacts) => Partial<LifeFacts>,
): Promise<void> {
  await ports.store.updateFix(fix.id, (known) => ({
    ...known,
    facts: { ...known.facts, life: { ...known.facts.life, ...edit(known.facts) } },
  }));
}
