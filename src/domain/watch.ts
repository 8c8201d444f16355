// Whether a resolved problem stays gone: when to look, what a look means, and what is said of it.
// It counts what the source counts; it asks nobody.

import { utcDay } from './dates.ts';
import type { FixFacts } from './fix.ts';
import type { Problem } from './problem.ts';
import { inline } from './untrusted.ts';

export type Watch = {
  /** From when it counts: the resolution, or the first look at a release that has the fix. */
  since: number;
  /** The release from which it counts; null while none has the fix, and where releases do not matter. */
  release: string | null;
  /** Null: counting does not wait for a release. Else the newest one when it was resolved: a later one has the fix. */
  waitsAfter: string | null;
  /** Events in the 14 days before, and all there were when counting began. */
  before: number;
  total: number;
  /** Events since counting began. */
  after: number;
  checkedAt: number;
  /** Null while it goes on. `left`: there is nothing to be seen any more. */
  end: { kind: 'gone' | 'back' | 'left'; at: number; why: string } | null;
};

const day = 24 * 60 * 60 * 1000;
const mostBetween = day / 2;
/** So long a release with the fix is waited for. */
const longestWait = 30 * day;
/** A fix that was resolved longer ago without a watch has none: what was before it cannot be counted any more. */
const begunWithin = 2 * day;

/** True when it is time to look: twice a day, and fourteen times at least over a shorter watch. */
export function watchDue(facts: FixFacts, { days, now }: { days: number; now: number }): boolean {
  const { resolution, watch } = facts;
  if (resolution === null || resolution.how === 'gone' || days <= 0) return false;
  if (watch === null) return now - resolution.at < begunWithin;
  return watch.end === null && now - watch.checkedAt >= Math.min(mostBetween, (days * day) / 14);
}

export type Look = {
  /** The problem as it is now; null when the source does not show it. */
  problem: Problem | null;
  release: string | null;
  days: number;
  now: number;
};

/** What a look found, as a watch. The first one begins it. */
export function looked(facts: FixFacts, look: Look): Watch | null {
  const { resolution } = facts;
  if (resolution === null) return null;
  const known = facts.watch ?? begun(look, { releases: resolution.how.startsWith('in-') });
  return known.end === null ? moved(withRelease(known, look), look) : known;
}

function begun({ problem, release, now }: Look, { releases }: { releases: boolean }): Watch {
  const total = problem?.count ?? 0;
  const daily = problem?.daily ?? [];
  return {
    since: now,
    release: null,
    waitsAfter: releases ? release : null,
    before: daily.length > 0 ? daily.reduce((sum, events) => sum + events, 0) : total,
    total,
    after: 0,
    checkedAt: now,
    end: null,
  };
}

/** The first release other than the newest one of then has the fix; counting starts over with it. */
function withRelease(watch: Watch, { problem, release, now }: Look): Watch {
  const waits = watch.waitsAfter !== null && watch.release === null;
  if (!waits || release === null || release === watch.waitsAfter) return watch;
  return { ...watch, release, since: now, total: problem?.count ?? watch.total };
}

function moved(watch: Watch, { problem, days, now }: Look): Watch {
  const after = Math.max(0, (problem?.count ?? watch.total) - watch.total);
  const seen = { ...watch, after, checkedAt: now };
  const end = (kind: 'gone' | 'back' | 'left', why: string): Watch => ({
    ...seen,
    end: { kind, at: now, why },
  });
  if (problem === null) return end('left', 'Sentry does not show it any more');
  if (problem.status === 'unresolved') return end('back', '');
  if (problem.status === 'ignored') return end('left', 'it was archived in Sentry');
  const waits = watch.waitsAfter !== null && watch.release === null;
  if (waits && now - watch.since >= longestWait)
    return end('left', 'no release with the fix came out in 30 days, so nothing can be said');
  return !waits && now - watch.since >= days * day ? end('gone', '') : seen;
}

/** One clause for people. */
export function watchText(watch: Watch, days: number): string {
  const before = `${events(watch.before)} in the 14 days before`;
  if (watch.end?.kind === 'left') return `No longer watched: ${watch.end.why}`;
  if (watch.end?.kind === 'back') return backText(watch);
  if (watch.end) return endText(watch, before);
  if (watch.waitsAfter !== null && watch.release === null)
    return `Watched from the next release on: ${before}`;
  return `Watched until ${utcDay(watch.since + days * day)}: ${before}, ${watch.after} since ${sinceText(watch)}`;
}

function endText(watch: Watch, before: string): string {
  const length = Math.max(1, Math.round(((watch.end?.at ?? watch.since) - watch.since) / day));
  const since = `${watch.after} in ${length} ${length === 1 ? 'day' : 'days'} since`;
  if (watch.after === 0) return `Gone since ${sinceText(watch)}: ${before}, ${since}`;
  return `Not back since ${sinceText(watch)}: ${before}, ${since}, all of them from releases without the fix`;
}

/** For the next attempt, too. */
export function backText(watch: Watch): string {
  return `It came back: ${events(watch.before)} in the 14 days before, ${watch.after} since ${sinceText(watch)}`;
}

function sinceText({ release, since }: Watch): string {
  return release === null ? utcDay(since) : inline(release, 60);
}

function events(count: number): string {
  return `${count} ${count === 1 ? 'event' : 'events'}`;
}
