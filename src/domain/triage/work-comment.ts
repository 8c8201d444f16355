// The one comment that follows a fix while an agent or a command works on it. Steps are finished words, safe to publish.

import { utcTime } from '../dates.ts';
import { budgetText, spentText, type Budget, type Spent } from '../agent/spending.ts';
import { inline } from '../untrusted.ts';

export type WorkNote = { at: number; text: string };

export type WorkText = {
  shortId: string;
  /** Who asked for it. */
  by: string;
  /** Another attempt on an open pull request; the comment stands there. */
  again: boolean;
  budget: Budget | null;
  /** Oldest first. */
  notes: readonly WorkNote[];
  /** How it went, null while it goes on. */
  end: string | null;
};

const mostNotes = 30;

/** Takes at least one note. */
export function workComment({ shortId, by, again, budget, notes, end }: WorkText): string {
  const left = notes.length - mostNotes;
  const shown = [
    ...notes.slice(0, left > 0 ? 1 : 0),
    ...notes.slice(-(left > 0 ? mostNotes - 1 : mostNotes)),
  ];
  const lines = shown.map(({ at, text }) => `- ${utcTime(at)} · ${text}`);
  if (left > 0) lines.splice(1, 0, `- … ${left} more`);
  const whose = `${again ? 'another attempt, ' : ''}approved by ${inline(by, 40)}`;
  const head = `**${inline(shortId, 60)}** · ${whose} · ${end ?? `in work; ${again ? 'close this pull request' : 'empty its box under **In work**'} to stop it`}`;
  return [head, ...(budget === null ? [] : [budgetText(budget)]), lines.join('\n')].join('\n\n');
}

/** What came of one try; the proof decides the rest. */
export function triedNote(fixer: string, outcome: 'changed' | 'refused', spent: Spent | undefined): string {
  const what = outcome === 'changed' ? 'has changed something; its proof follows' : 'has changed nothing';
  const cost = spent && spent.requests > 0 ? ` (${spentText(spent)})` : '';
  return `the ${fixer} ${what}${cost}`;
}
