// A record of every word of people's that may start work: what the promises about people are checked against.

import type { Happening, Role } from '../../src/ports.ts';
import { isLost, type Mail } from './mail.ts';
import type { Site, World } from './world.ts';

/** One tick or command, as it was made. */
export type Act = {
  site: Site;
  problemId: string;
  login: string;
  at: number;
  /** The comment's id; null for a tick. */
  comment: number | null;
  /** Had the role at some moment since it was made. */
  permitted: boolean;
  /** Must be heard: made where it was offered, by one who might. */
  binding: boolean;
  /** The delivery that tells of it. */
  told: Happening | null;
};

export type Crowd = {
  acts: Act[];
  /** Who asked for a problem to be archived. */
  archives: { site: Site; problemId: string; permitted: boolean }[];
  /** Pull requests closed by a person, and when. */
  closed: { site: Site; problemId: string; at: number }[];
  /** Who asked for a change of an open pull request. */
  reviews: { site: Site; problemId: string; login: string; at: number; permitted: boolean }[];
  /** What somebody wanted left alone, as `binding#problem`: ticking it need not do anything. */
  skipped: Set<string>;
  /** Bodies that a browser may still show. */
  seen: Map<Site, string[]>;
};

export function newCrowd(): Crowd {
  return { acts: [], archives: [], closed: [], reviews: [], skipped: new Set(), seen: new Map() };
}

export const human = (login: string) => ({ login, kind: 'human' as const });

export type Word = { site: Site; problemId: string; login: string; comment: number | null; offered: boolean };

export function note(world: World, crowd: Crowd, word: Word): Act {
  const { offered, ...act } = word;
  const permitted = canWrite(word.site, word.login);
  const skipped = word.comment === null && crowd.skipped.has(`${word.site.binding.id}#${word.problemId}`);
  const noted = { ...act, at: world.now, permitted, binding: offered && permitted && !skipped, told: null };
  crowd.acts.push(noted);
  return noted;
}

/** Runs what tells the world of these words, and remembers by which delivery. */
export function tell(mail: Mail, words: readonly Act[], act: () => void): void {
  mail.last = null;
  act();
  for (const word of words) word.told = mail.last;
}

/** True when nobody will ever be told of it. */
export function isUntold({ mail, now }: World, { told }: Act): boolean {
  return told === null || isLost(mail, told, now);
}

/** Somebody said no meanwhile: an earlier tick need not be heard any more. */
export function release(crowd: Crowd, site: Site, problemId: string): void {
  for (const act of crowd.acts) if (act.site === site && act.problemId === problemId) act.binding = false;
}

export function canWrite(site: Site, login: string): boolean {
  return ['write', 'maintain', 'admin'].includes(site.repo.roles.get(login) ?? 'none');
}

export function setRole(world: World, crowd: Crowd, how: { site: Site; login: string; role: Role }): void {
  how.site.repo.roles.set(how.login, how.role);
  world.forge.revision += 1;
  for (const act of crowd.acts) {
    if (act.site !== how.site || act.login !== how.login) continue;
    act.permitted ||= canWrite(how.site, how.login);
    act.binding = false;
  }
  if (!canWrite(how.site, how.login)) return;
  for (const act of [...crowd.archives, ...crowd.reviews]) if (act.site === how.site) act.permitted = true;
}
