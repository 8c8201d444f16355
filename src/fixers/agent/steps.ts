// What people see of an agent at work: which file it reads or changes, seldom enough for an issue to follow.

import { code } from '../../domain/untrusted.ts';

export type Steps = { tell(kind: string | null, paths: readonly (string | null)[]): void };

const everyMs = 15_000;

const verbs: Readonly<Record<string, string>> = { edit: 'changes', read: 'reads', search: 'searches' };

/** Tells `progress` at most every 15 seconds, and only what is new. Failures of telling are nobody's business here. */
export function createSteps(
  name: string,
  progress: (step: string) => Promise<void>,
  now: () => number,
): Steps {
  let toldAt = 0;
  let told = '';
  return {
    tell: (kind, paths) => {
      const verb = verbs[kind ?? ''];
      const [first] = paths;
      if (verb === undefined) return;
      const step = `${name} ${verb} ${first ? code(first, 120) : 'files'}`;
      if (step === told || now() - toldAt < everyMs) return;
      told = step;
      toldAt = now();
      progress(step).catch(() => undefined);
    },
  };
}
