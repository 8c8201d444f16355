// A real checkout with one crash in it: copies a fixture project, commits it, and runs a fixer there.
// It must not decide what is right; the tests do.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import type { CrashEvent } from '../../src/domain/crash/crash-event.ts';
import type { Fixer, FixerResult, FixTask, Log } from '../../src/ports.ts';

export const silentLog: Log = { info() {}, warn() {}, error() {}, child: () => silentLog };

export type CrashFacts = {
  /** A folder of test/fixtures/fixers. */
  project: string;
  /** Repository path. */
  file: string;
  /** Text of the crashing line; a `^` in it marks the column, without one the event has none. */
  at: string;
  /** Where the line is looked for: after this text. */
  after?: string;
  message: string;
  /** The exception's class, `TypeError` unless said. */
  type?: string;
  /** Whether it came as a rejection that nobody handled. */
  rejected?: boolean;
  frames?: FixTask['location']['frames'];
  refusal?: string;
  function?: string;
};

export type Staged = {
  result: FixerResult;
  diff: string;
  status: string;
  /** One when the fixer made none. */
  commits: number;
  typeErrors: string;
};

const fixtures = join(import.meta.dirname, '../fixtures/fixers');

/** Runs the fixer on a fresh copy and reports what it left behind. `arrange` may change the copy first. */
export async function stage(
  fixer: Fixer,
  facts: CrashFacts,
  arrange?: (dir: string) => void,
): Promise<Staged> {
  const dir = mkdtempSync(join(tmpdir(), 'suture-fixer-'));
  try {
    cpSync(committed(facts.project), dir, { recursive: true });
    if (arrange) {
      arrange(dir);
      commitAll(dir);
    }
    const result = await fixer.fix(taskFor(facts, dir), dir);
    return {
      result,
      diff: bodyOf(git(dir, 'diff')),
      status: git(dir, 'status', '--porcelain', '--ignored'),
      commits: Number(git(dir, 'rev-list', '--count', '--all')) - (arrange ? 1 : 0),
      typeErrors: result.outcome === 'changed' ? typeErrors(dir, facts.file) : '',
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const bases = new Map<string, string>();

afterAll(() => {
  for (const dir of bases.values()) rmSync(dir, { recursive: true, force: true });
});

/** The fixture project as a repository of one commit, made once per test file. */
function committed(project: string): string {
  const known = bases.get(project);
  if (known !== undefined) return known;
  const dir = mkdtempSync(join(tmpdir(), 'suture-base-'));
  cpSync(join(fixtures, project), dir, { recursive: true });
  git(dir, 'init', '--quiet', '--initial-branch=main');
  git(dir, 'config', 'core.autocrlf', 'false');
  commitAll(dir);
  bases.set(project, dir);
  return dir;
}

function commitAll(dir: string): void {
  git(dir, 'add', '--all');
  git(dir, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'base');
}

function git(dir: string, ...args: string[]): string {
  return execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
}

/** Without the header, and with carriage returns made visible. */
export function bodyOf(diff: string): string {
  return diff
    .replace(/^(?:diff|index|---|\+\+\+) .*\n/gm, '')
    .replace(/^@@ .*@@/gm, '@@')
    .replaceAll('\r', '␍');
}

/** What this checkout's own compiler says of the project; of plain JavaScript, what its engine says. */
function typeErrors(dir: string, file: string): string {
  if (!existsSync(join(dir, 'tsconfig.json'))) return syntaxErrors(join(dir, file));
  const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '--noEmit', '-p', dir], { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}

function syntaxErrors(path: string): string {
  try {
    execFileSync(process.execPath, ['--check', path], { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return String((error as { stderr?: string }).stderr);
  }
}

export function taskFor(facts: CrashFacts, dir: string): FixTask {
  const spot = spotOf(readFileSync(join(dir, facts.file), 'utf8'), facts);
  return {
    problem: { shortId: 'PER-2B', title: facts.message },
    event: eventOf(facts),
    location: {
      frames: facts.frames ?? [],
      suspect: { path: facts.file, ...spot, function: facts.function ?? null },
      candidates: [facts.file],
      refusal: facts.refusal ?? null,
    },
    diagnosis: { sentences: [], actionable: true, reason: null, rootCause: '' },
    hint: null,
    previousFailure: null,
  };
}

function spotOf(text: string, { at, after }: CrashFacts): { line: number; column: number | null } {
  const wanted = at.replace('^', '');
  const lines = text.split('\n');
  const from = after === undefined ? 0 : lines.findIndex((line) => line.includes(after));
  const index = lines.findIndex((line, number) => number >= from && line.includes(wanted));
  if (index === -1) throw new Error(`The fixture has no line with: ${wanted}`);
  const column = at.includes('^') ? (lines[index]?.indexOf(wanted) ?? 0) + at.indexOf('^') + 1 : null;
  return { line: index + 1, column };
}

function eventOf({ message, type = 'TypeError', rejected = false }: CrashFacts): CrashEvent {
  const mechanism = rejected ? { type: 'onunhandledrejection', handled: false, synthetic: false } : null;
  return {
    id: 'e1',
    platform: 'node',
    type: 'error',
    title: `${type}: ${message}`,
    message: null,
    culprit: null,
    at: null,
    release: null,
    releaseCommit: null,
    environment: null,
    exceptions: [
      { type, value: message, module: null, mechanism, frames: [], rawFrames: [], threadId: null },
    ],
    threads: [],
    breadcrumbs: [],
    request: null,
    contexts: {},
    tags: {},
    processingErrors: [],
    debugImages: [],
  };
}

/** Puts a link where a file was. */
export function replaceByLink(dir: string, file: string, target: string): void {
  rmSync(join(dir, file));
  symlinkSync(target, join(dir, file));
}

/** A fixer's answer in one text: the diff, or each thing tried with its reason. */
export function answerOf({ result, diff }: Staged): string {
  if (result.outcome === 'changed') return diff;
  return result.tried.map(({ what, why }) => `${what}: ${why}`).join('\n');
}

/** What a change is and says, once this checkout's compiler has nothing against it. Throws for a refusal. */
export function changeOf(staged: Staged): string {
  const { result, diff, typeErrors } = staged;
  if (result.outcome !== 'changed') throw new Error(answerOf(staged));
  if (typeErrors !== '') throw new Error(typeErrors);
  const { strategy, summary, symptom } = result.description;
  return [strategy, summary, symptom ?? '', diff].join('\n');
}

/** What the templates make of crashes in one file of the fixture project in plain JavaScript. */
export function plainCrashes(fixer: () => Fixer, file: string) {
  const facts = (at: string, property: string): CrashFacts => ({
    project: 'plain',
    file,
    at,
    message: `Cannot read properties of undefined (reading '${property}')`,
  });
  return {
    fixed: async (at: string, property: string): Promise<string> =>
      changeOf(await stage(fixer(), facts(at, property))),
    /** What that template says; all that was said where it says nothing. */
    refusal: async (template: string, at: string, property: string): Promise<string> => {
      const staged = await stage(fixer(), facts(at, property));
      expect([staged.result.outcome, staged.diff, staged.status]).toEqual(['refused', '', '']);
      const lines = answerOf(staged).split('\n');
      return lines.find((line) => line.startsWith(`${template} `)) ?? lines.join('\n');
    },
  };
}
