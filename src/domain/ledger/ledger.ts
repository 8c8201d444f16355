// The run ledger: who works on which files of a repository since when, so that two attempts do not touch the same file
// unseen. One entry per batch (what one person approved at nearly one time) with the union of its files.

/** One fix of a batch. */
export type Member = {
  fixId: string;
  shortId: string;
  /** Where the change is expected, and where it was made. */
  paths: string[];
  /** When it was registered. */
  at: number;
  /** When it began to work on them: whoever has begun goes first, whenever it was registered. */
  entered?: number | undefined;
  /** Null while it is worked on. */
  end: { commit: string; at: number } | { aborted: string; at: number } | null;
};

/** An entry. It is active while one of its members is worked on. */
export type Run = { id: string; bindingId: string; by: string; startedAt: number; members: Member[] };

const minute = 60_000;
const day = 24 * 60 * minute;

/** An entry that is older is presumed abandoned (the hand procedure's rule). */
export const staleAfterMs = 120 * minute;
const keptMs = 14 * day;
/** A repository's ledger is one row: it must stay small whatever happens. */
const mostRuns = 200;

export function isActive(run: Run): boolean {
  return run.members.some(({ end }) => end === null);
}

function lastMoved(run: Run): number {
  return Math.max(run.startedAt, ...run.members.map(({ at, end }) => end?.at ?? at));
}

/** Without what ended, or was left behind, more than 14 days ago; newest first. */
export function trimmed(runs: readonly Run[], now: number): Run[] {
  return runs
    .filter((run) => now - lastMoved(run) < keptMs)
    .toSorted((left, right) => right.startedAt - left.startedAt)
    .slice(0, mostRuns);
}

export type Registering = {
  runId: string;
  bindingId: string;
  by: string;
  fixId: string;
  shortId: string;
  paths: readonly string[];
  now: number;
};

/** Registers a fix with its files, in its batch's entry; once registered it only gains files. */
export function register(runs: readonly Run[], wish: Registering): Run[] {
  const { runId, bindingId, by, fixId, shortId, now } = wish;
  const known = runs.find((run) => run.id === runId);
  const run: Run = known ?? { id: runId, bindingId, by, startedAt: now, members: [] };
  const before = run.members.find((member) => member.fixId === fixId);
  const paths = [...new Set([...(before?.paths ?? []), ...wish.paths])];
  const member: Member = { ...before, fixId, shortId, paths, at: before?.at ?? now, end: null };
  const others = run.members.filter((one) => one.fixId !== fixId);
  const changed = { ...run, members: [...others, member] };
  return trimmed([changed, ...runs.filter((one) => one.id !== runId)], now);
}

/** Ends a fix's part; a second word about the same end changes nothing. */
export function close(runs: readonly Run[], fixId: string, end: NonNullable<Member['end']>): readonly Run[] {
  const isOpen = runs.some((run) => run.members.some((member) => member.fixId === fixId && !member.end));
  if (!isOpen) return runs;
  return runs.map((run) => ({
    ...run,
    members: run.members.map((member) =>
      member.fixId === fixId && member.end === null ? { ...member, end } : member,
    ),
  }));
}

/** Two declared paths are the same, or one is a folder above the other; `**` and a closing slash name folders. */
export function overlaps(left: string, right: string): boolean {
  const [a, b] = [folder(left), folder(right)];
  if (a === '' || b === '') return true;
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

function folder(path: string): string {
  return path
    .replace(/^\.\//, '')
    .replace(/\/?\*\*.*$|\/?\*[^/]*$/, '')
    .replace(/\/+$/, '');
}

export function shared(left: readonly string[], right: readonly string[]): string[] {
  return left.filter((path) => right.some((other) => overlaps(path, other)));
}

/** Notes that a fix begins to work on its files, or (null) that it waits after all. */
export function enter(runs: readonly Run[], fixId: string, at: number | null): readonly Run[] {
  return runs.map((run) => ({
    ...run,
    members: run.members.map((member) => {
      if (member.fixId !== fixId || member.end !== null) return member;
      const { entered = null, ...rest } = member;
      return at === null ? rest : { ...rest, entered: entered ?? at };
    }),
  }));
}

export type Overlap = { run: Run; member: Member; paths: string[] };

/**
 * What others of this repository were registered for, or began with, less than two hours ago, and have not done yet,
 * that touches these files. Of two that overlap, the one that has begun goes first, else the one registered first: where
 * a fix works is often known only later than that it was approved.
 */
export function overlapping(
  runs: readonly Run[],
  mine: { fixId: string; paths: readonly string[]; now: number },
): Overlap[] {
  const own = runs.flatMap((run) => run.members).find((member) => member.fixId === mine.fixId);
  const isFirst = (other: Member): boolean => own === undefined || goesFirst(other, own);
  return runs.flatMap((run) =>
    run.members
      .filter((member) => member.fixId !== mine.fixId && member.end === null && isFirst(member))
      .filter((member) => mine.now - (member.entered ?? member.at) < staleAfterMs)
      .map((member) => ({ run, member, paths: shared(mine.paths, member.paths) }))
      .filter(({ paths }) => paths.length > 0),
  );
}

function goesFirst(other: Member, own: Member): boolean {
  const [left, right] = [other.entered ?? null, own.entered ?? null];
  if (left !== null && right === null) return true;
  if (left === null && right !== null) return false;
  const [before, after] = left !== null && right !== null ? [left, right] : [other.at, own.at];
  return before < after || (before === after && other.fixId < own.fixId);
}
