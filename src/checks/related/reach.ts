// Which files reach which others through what they import, as far as the text tells. It runs nothing, and what it cannot
// know it takes for reached.

import path from 'node:path';
import { parseAsync } from '@ast-grep/napi';
import { readWithin } from '../../run/read-within.ts';

/** Larger files are generated or bundled. */
const largestText = 1024 * 1024;
/** Of all texts together: reading more would take longer than it may save. */
const mostRead = 32 * 1024 * 1024;
/** Parsers work beside this process's own thread. */
const atOnce = 8;
const endings = ['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx'];
const script = /\.[cm]?[jt]sx?$/;

export function isScript(file: string): boolean {
  return script.test(file) && !/\.d\.[cm]?ts$/.test(file);
}

export type Ways = {
  /** The worktree. */
  root: string;
  /** Where the tests are started, repository-relative. */
  folder: string;
  /** Every file there is, repository-relative; what is none of them is not looked at. */
  files: ReadonlySet<string>;
  /** Names by which packages of this repository import themselves or each other: `shop`, `#`. */
  names: readonly string[];
};

/**
 * Those of the files `from` that reach one of `targets`, which need not exist; a target reaches itself. Null when there is
 * too much to read.
 */
export async function reaching(
  from: readonly string[],
  targets: readonly string[],
  ways: Ways,
): Promise<string[] | null> {
  const users = new Map<string, string[]>();
  const reached = new Set(targets);
  const seen = new Set(from);
  let read = 0;
  for (let ahead = [...from]; ahead.length > 0;) {
    const texts = await Promise.all(ahead.splice(0, atOnce).map((file) => textsOf(file, ways.root)));
    for (const { file, size, quoted } of texts) {
      read += size;
      if (quoted.some((text) => isOwnName(text, ways.names))) reached.add(file);
      const uses = new Set(quoted.flatMap((text) => named(text, file, { ways, reached })));
      for (const used of uses) users.set(used, [...(users.get(used) ?? []), file]);
      ahead.push(...[...uses].filter((used) => !seen.has(used)));
      for (const used of uses) seen.add(used);
    }
    if (read > mostRead) return null;
  }
  const back = [...reached];
  for (let file = back.pop(); file !== undefined; file = back.pop())
    for (const user of users.get(file) ?? []) {
      if (reached.has(user)) continue;
      reached.add(user);
      back.push(user);
    }
  return from.filter((file) => reached.has(file));
}

/** Every text in quotes: what is imported stands in one, whatever imports it, and so do files that are started. */
async function textsOf(
  file: string,
  root: string,
): Promise<{ file: string; size: number; quoted: string[] }> {
  const text = isScript(file) ? readWithin(root, path.join(root, file), largestText) : null;
  if (text === null) return { file, size: 0, quoted: [] };
  const parsed = await parseAsync(/\.[cm]?ts$/.test(file) ? 'TypeScript' : 'Tsx', text);
  const found = parsed.root().findAll({ rule: { kind: 'string_fragment' } });
  return { file, size: text.length, quoted: found.map((node) => node.text()) };
}

function isOwnName(text: string, names: readonly string[]): boolean {
  return names.some((name) => text === name || text.startsWith(name.endsWith('#') ? name : `${name}/`));
}

/** The files that the text may mean: relative to its own file, or to where the tests are started. */
function named(
  text: string,
  file: string,
  { ways, reached }: { ways: Ways; reached: ReadonlySet<string> },
): string[] {
  const isRelative = /^\.\.?(?:\/|$)/.test(text);
  if (!isRelative && !script.test(text)) return [];
  const plain = text.replace(/[?#].*$/, '');
  const bases = isRelative ? [path.posix.dirname(file), ways.folder] : [ways.folder];
  return bases
    .flatMap((base) => candidates(path.posix.join(base, plain)))
    .filter((one) => ways.files.has(one) || reached.has(one));
}

/** As Node and TypeScript look for it: itself, TypeScript's file in place of JavaScript's, with an ending, in a folder. */
function candidates(place: string): string[] {
  const typescript = place.replace(/\.([cm]?)js(x?)$/, '.$1ts$2');
  return [
    ...new Set([place, typescript, typescript.replace(/\.ts$/, '.tsx')]),
    ...endings.flatMap((ending) => [place + ending, path.posix.join(place, `index${ending}`)]),
  ];
}
