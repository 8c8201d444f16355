// Which open pull requests need no look now: nothing has moved, here or at the host, since this process settled them.
// It only leaves out work that would change nothing; whoever is in doubt is looked at.

import type { Fix } from '../domain/fix.ts';
import type { Binding } from '../domain/problem.ts';
import { isQuiet, mayBeReopened } from '../domain/pull/pull-life.ts';
import type { KnownSettings } from '../domain/settings.ts';
import type { Ports } from '../ports.ts';

/**
 * What a process settled last, by fix: what the host's mark was before, what we knew after, and when. Never stored: after
 * a restart everything is looked at once.
 */
export type Settled = Map<string, { mark: string; known: string; at: number }>;

/** With a turn of the timer every quarter of an hour, each is looked at once an hour, whatever its mark leaves out. */
const trustedMs = 45 * 60_000;

export type Marked = { fix: Fix; mark: string | null; unchanged: boolean };

/** Each of these fixes, its mark (null where there is none), and whether it may be left alone. */
export async function findUnchanged(
  ports: Pick<Ports, 'host' | 'clock' | 'log'>,
  settled: Settled,
  given: { binding: Binding; fixes: readonly Fix[]; settings: KnownSettings['settings'] },
): Promise<Marked[]> {
  const { binding, fixes, settings } = given;
  const now = ports.clock.now();
  const rules = { now, mostRetries: settings.limits.retriesAfterRedChecks };
  const quiet = new Set(fixes.filter(({ facts }) => isQuiet(facts, rules)).map(({ id }) => id));
  const over = new Set(fixes.filter(({ facts }) => mayBeReopened(facts, now)).map(({ id }) => id));
  const asked = fixes.filter(({ id }) => quiet.has(id) || over.has(id));
  const marks = await readMarks(ports, binding, asked);
  const markOf = ({ facts }: Fix): string | null => marks.get(facts.pull?.number ?? 0) ?? null;
  return fixes.map((fix) => {
    // Only what is open has one.
    if (over.has(fix.id)) return { fix, mark: markOf(fix), unchanged: markOf(fix) === null };
    const mark = quiet.has(fix.id) ? markOf(fix) : null;
    const before = settled.get(fix.id);
    const isSame = mark !== null && before?.mark === mark && before.known === knownOf(fix);
    return { fix, mark, unchanged: isSame && now - before.at < trustedMs };
  });
}

/** A host that cannot tell costs requests, nothing else. */
async function readMarks(
  ports: Pick<Ports, 'host' | 'log'>,
  { id, repo }: Binding,
  fixes: readonly Fix[],
): Promise<ReadonlyMap<number, string>> {
  const numbers = fixes.flatMap(({ facts }) => facts.pull?.number ?? []);
  if (numbers.length === 0) return new Map();
  try {
    return await ports.host.readPullMarks(repo, numbers);
  } catch (error) {
    ports.log.warn(
      { err: error, binding: id, pulls: numbers.length },
      'which pull requests have changed cannot be asked at once; each is looked at',
    );
    return new Map();
  }
}

/** Before a settle begins: until it has returned nothing is known. */
export function settlingBegins(settled: Settled, fixId: string): void {
  settled.delete(fixId);
}

/** Once it has returned: all that the mark stood for, or something later, has been acted on. */
export function settlingEnded(
  ports: Pick<Ports, 'clock'>,
  settled: Settled,
  { fix, mark }: { fix: Fix; mark: string },
): void {
  settled.set(fix.id, { mark, known: knownOf(fix), at: ports.clock.now() });
}

function knownOf({ facts }: Fix): string {
  return JSON.stringify(facts);
}
