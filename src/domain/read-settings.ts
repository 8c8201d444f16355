// From a settings file to settings, or to mistakes that say line, key and the nearest right one.
// A file with any mistake changes nothing: the last good settings stay in force.

import type { z } from 'zod';
import { nearest } from './triage/nearest.ts';
import { settingsOf, settingsPath, settingsSchema, type Settings } from './settings.ts';
import { code } from './untrusted.ts';

/** A parsed document that still knows its lines. */
export type TextDocument = {
  /** Null for an empty document. */
  value: unknown;
  /** What is no proper syntax, by line (1-based). */
  errors: { line: number; message: string }[];
  /** The line of the key or item at this path (1-based); of its nearest parent when it is not there. */
  lineOf(path: readonly PropertyKey[]): number;
};

export type ReadSettings = { settings: Settings; mistakes: [] } | { settings: null; mistakes: string[] };

/** At most so many are shown; the rest is counted by the reader of the file. */
const mostMistakes = 10;

/** Takes the parsed file. Mistakes are finished sentences, safe to publish. */
export function readSettings(document: TextDocument): ReadSettings {
  const broken = document.errors.map(({ line, message }) => sentence(line, code(message, 160)));
  if (broken.length > 0) return { settings: null, mistakes: broken.slice(0, mostMistakes) };
  const read = settingsSchema.safeParse(document.value ?? {});
  if (read.success) return { settings: settingsOf(read.data), mistakes: [] };
  const mistakes = read.error.issues
    .flatMap((issue) => mistakesOf(issue, document))
    .toSorted((left, right) => left.line - right.line);
  return { settings: null, mistakes: mistakes.slice(0, mostMistakes).map(({ text }) => text) };
}

type Mistake = { line: number; text: string };

function mistakesOf(issue: z.core.$ZodIssue, document: TextDocument): Mistake[] {
  if (issue.code !== 'unrecognized_keys') {
    const name = issue.path.map(String).join('.') || 'the file';
    return [mistake(document.lineOf(issue.path), `${code(name, 80)}: ${wrongValue(issue)}.`)];
  }
  const known = keysAt(issue.path);
  return issue.keys.map((key) => {
    const right = nearest(key, known);
    const hint =
      right === null
        ? `there is ${known.map((one) => code(one, 40)).join(', ')}`
        : `do you mean ${code(right, 40)}?`;
    return mistake(document.lineOf([...issue.path, key]), `I know no ${code(key, 60)}; ${hint}`);
  });
}

function mistake(line: number, what: string): Mistake {
  return { line, text: sentence(line, what) };
}

function sentence(line: number, what: string): string {
  return `${settingsPath} line ${line}: ${what}`;
}

function wrongValue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type')
    return `this must be ${issue.expected === 'object' ? 'a group of settings' : `of the kind ${issue.expected}`}`;
  if (issue.code === 'invalid_value')
    return `this must be one of ${issue.values.map((value) => code(String(value), 40)).join(', ')}`;
  if (issue.code === 'too_small') return `this is too small or too short; at least ${String(issue.minimum)}`;
  if (issue.code === 'too_big') return `this is too large or too long; at most ${String(issue.maximum)}`;
  if (issue.code === 'invalid_format')
    return 'this may have letters, digits, spaces and . : / ( ) + , - only';
  if (issue.code === 'invalid_union') return 'this must be text or a list of texts';
  return issue.code === 'custom' ? issue.message : 'this value is not understood';
}

/** The keys that may stand at this path; the groups, and the items of lists, are one level deep. */
function keysAt(path: readonly PropertyKey[]): string[] {
  const [group] = path;
  const shape: Record<string, z.ZodType> = settingsSchema.shape;
  if (group === undefined) return Object.keys(shape);
  const inner = unwrapped(shape[String(group)]);
  return inner !== null && 'shape' in inner ? Object.keys(inner.shape as object) : [];
}

function unwrapped(type: z.ZodType | undefined): z.ZodType | null {
  if (type === undefined) return null;
  return 'unwrap' in type && typeof type.unwrap === 'function' ? unwrapped(type.unwrap() as z.ZodType) : type;
}
