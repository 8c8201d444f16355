// What an agent that asks may do: change files of its folder, once each, and nothing else. Doubt means no.
// This is courtesy and record, not the wall: the sandbox and the policy on the diff are.

import { protection } from '../proof/path-rules.ts';

export type Asked = {
  /** In the protocol's words: `read`, `edit`, `execute` …; null when it does not say. */
  kind: string | null;
  /** Repository-relative; null for one outside the folder. */
  paths: readonly (string | null)[];
};

export type Ruling = { allow: boolean; /** For the record: `edits src/a.ts`. */ why: string };

const looking = new Set(['read', 'search', 'think']);

/** Decides by kind and target (reference coding-agents.md, 2.5). */
export function ruleOn({ kind, paths }: Asked, protectedPaths: readonly string[]): Ruling {
  if (paths.includes(null)) return { allow: false, why: `${kind ?? 'something'} outside the folder` };
  if (kind !== null && looking.has(kind)) return { allow: true, why: `${kind} ${paths.join(', ')}`.trim() };
  if (kind !== 'edit')
    return { allow: false, why: `${kind ?? 'something unnamed'} is not among what a fix needs` };
  if (paths.length === 0) return { allow: false, why: 'an edit that does not say of which file' };
  const guarded = paths.flatMap((path) => {
    const why = path === null ? null : protection(path, protectedPaths);
    return why === null ? [] : [`${path} ${why}`];
  });
  return guarded.length > 0
    ? { allow: false, why: guarded.join(', ') }
    : { allow: true, why: `edits ${paths.join(', ')}` };
}

export type Choice = { optionId: string; kind: string };

/** The option that says so for this one time; names and places differ by agent, kinds do not. Null when there is none. */
export function chooseOnce(options: readonly Choice[], allow: boolean): string | null {
  const of = (kind: string): string | null =>
    options.find((option) => option.kind === kind)?.optionId ?? null;
  return allow ? (of('allow_once') ?? of('reject_once')) : of('reject_once');
}
