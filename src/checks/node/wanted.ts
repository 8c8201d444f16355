// Which Node a repository's programs are made for, read out of the files that say so. It must not run or fetch anything.

import path from 'node:path';
import semver from 'semver';
import { parse } from 'yaml';
import { readWithin } from '../../run/read-within.ts';
import { namesIn, packageManagerOf, readManifest } from '../project.ts';

export type WantedNode = {
  /** A range as npm understands it, such as `16` or `>=12 <15`. */
  range: string;
  /** The same in the repository's own words. Hostile text. */
  words: string;
  /** The file that asks for it, repository-relative. */
  from: string;
};

/**
 * Null when Suture's own Node will do, or nothing is said: 1. files that pin one  2. the versions that CI runs
 * 3. `engines`. A pinned patch version asks for its major version only.
 */
export async function wantedNode(root: string, own = process.versions.node): Promise<WantedNode | null> {
  const engines = readManifest(root, '.')?.engines?.node;
  const wanted = pinned(root) ?? (await runByCi(root, { engines, own })) ?? fromEngines(engines);
  if (wanted === null) return null;
  return semver.satisfies(own, wanted.range) ? null : wanted;
}

function pinned(root: string): WantedNode | null {
  for (const { file, read } of pins) {
    const text = readWithin(root, path.join(root, file), longest);
    const words = text === null ? '' : (read(text) ?? '').trim();
    const range = rangeOf(words);
    if (range !== null) return { range, words, from: file };
  }
  const words = readManifest(root, '.')?.volta?.node ?? '';
  const range = rangeOf(words);
  return range === null ? null : { range, words, from: 'package.json (volta)' };
}

const longest = 256 * 1024;

const pins: readonly { file: string; read: (text: string) => string | undefined }[] = [
  { file: '.nvmrc', read: firstLine },
  { file: '.node-version', read: firstLine },
  { file: '.tool-versions', read: (text) => /^nodejs?[ \t]+(\S+)/m.exec(text)?.[1] },
];

function firstLine(text: string): string | undefined {
  return text.split('\n').find((line) => !/^\s*(?:#|$)/.test(line));
}

// Names of the long-term lines, as nvm knows them.
const lines = ['argon', 'boron', 'carbon', 'dubnium', 'erbium', 'fermium', 'gallium', 'hydrogen', 'iron'];
const laterLines = ['jod', 'krypton'];

/** Null for what says nothing definite, such as `node` or `lts/*`: then the newest will do, and ours is one of them. */
function rangeOf(text: string): string | null {
  const word = text.trim().toLowerCase();
  const line = [...lines, ...laterLines].indexOf(word.replace(/^lts\//, ''));
  if (line >= 0) return String(4 + 2 * line);
  const exact = semver.parse(word);
  if (exact) return String(exact.major);
  return word === '' || word === '*' ? null : semver.validRange(word);
}

type Bounds = { engines: string | undefined; own: string };

/**
 * The highest that CI names and `engines` allows; ours, where CI runs its major version, too. Without a lock file the
 * packages are newer than what CI ran once, and may need a newer Node.
 */
async function runByCi(root: string, { engines, own }: Bounds): Promise<WantedNode | null> {
  if ((await packageManagerOf(root, '.')).lockFile === null) return null;
  const found: { major: number; from: string }[] = [];
  for (const file of await ciFiles(root))
    for (const major of majorsIn(readWithin(root, path.join(root, file), longest) ?? ''))
      found.push({ major, from: file });
  const allowed = semver.validRange(engines ?? '') ?? '*';
  const fitting = found.filter(({ major }) => semver.intersects(String(major), allowed));
  const ours = fitting.find(({ major }) => major === semver.major(own));
  const [highest] = ours ? [ours] : fitting.toSorted((left, right) => right.major - left.major);
  const range = String(highest?.major ?? '');
  return highest ? { range, words: range, from: highest.from } : null;
}

const mostFiles = 20;

async function ciFiles(root: string): Promise<string[]> {
  const folder = '.github/workflows';
  const workflows = (await namesIn(root, folder)).filter((name) => /\.ya?ml$/.test(name)).toSorted();
  return [...workflows.slice(0, mostFiles).map((name) => `${folder}/${name}`), '.travis.yml'];
}

/** Every program of a fix asks, and parsing YAML is most of the answer. */
const read = new Map<string, readonly number[]>();
const mostRead = 100;

function majorsIn(text: string): readonly number[] {
  if (!/node/i.test(text)) return [];
  const known = read.get(text);
  if (known) return known;
  const majors = majorsOfYaml(text);
  for (const oldest of read.keys()) if (read.size >= mostRead) read.delete(oldest);
  read.set(text, majors);
  return majors;
}

/** `node-version: 18`, `node: [14.x, 16.x]` of a matrix, `node_js: 10`; wherever they stand. */
function majorsOfYaml(text: string): number[] {
  const majors: number[] = [];
  const look = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 12) return;
    for (const [key, inner] of Object.entries(value)) {
      if (/^node(?:[-_]?js)?(?:[-_]?versions?)?$/i.test(key)) majors.push(...majorsOf(inner));
      look(inner, depth + 1);
    }
  };
  look(parsedYaml(text), 0);
  return majors;
}

function majorsOf(value: unknown): number[] {
  return [value].flat().flatMap((one) => {
    const isScalar = typeof one === 'string' || typeof one === 'number';
    const [, major] = (isScalar && /^v?(\d{1,2})(?:\.|$)/.exec(String(one).trim())) || [];
    return major === undefined ? [] : [Number(major)];
  });
}

function parsedYaml(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' });
  } catch {
    return null;
  }
}

function fromEngines(words = ''): WantedNode | null {
  const range = semver.validRange(words);
  return range === null || range === '*' ? null : { range, words, from: 'package.json (engines)' };
}
