// Locating in a repository of 100,000 files: Suture (index, file, line, function, certainty) beside `git grep` doing
// the one look-up it can do, the crash line's text. Same machine, same clone, same run.

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CrashEvent, Frame } from '../src/domain/crash/crash-event.ts';
import { createHistory } from '../src/git/history.ts';
import { createReading } from '../src/git/repository.ts';
import { locateCrash } from '../src/jobs/locate-crash.ts';
import { createSyntax } from '../src/syntax/syntax.ts';

const files = 100_000;
const events = 60;

export const locate = {
  name: 'locate',
  what: `one event of 20 frames in a repository of ${files.toLocaleString('en')} files; milliseconds`,
  run: async (): Promise<string[][]> => {
    const dir = await mkdtemp(path.join(tmpdir(), 'locate-bench-'));
    try {
      return await measure(dir, makeRepository(dir));
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};

async function measure(dir: string, base: string): Promise<string[][]> {
  const place = { gitDir: dir };
  const repository = { ...createReading(place), openWorktree: refuse, removeWorktree: refuse };
  const input = { repository, history: createHistory(place), syntax: createSyntax(), base, mappings: [] };
  const before = heapInUse();
  const index = await timed(() => locateCrash({ ...input, event: crashIn(0) }));
  const memory = (heapInUse() - before) / 1024 / 1024;
  const ours: number[] = [];
  const grep: number[] = [];
  const hostile: number[] = [];
  for (let at = 1; at <= events; at += 1) {
    ours.push(await timed(() => locateCrash({ ...input, event: crashIn(at * 1601) })));
    hostile.push(await timed(() => locateCrash({ ...input, event: hostileEvent(at) })));
    if (at % 6 === 0) grep.push(await timed(() => grepFor(dir, base, crashLine(at * 1601))));
  }
  const row = (name: string, share: number): string[] => {
    const [mine, theirs] = [quantile(ours, share), quantile(grep, share)];
    return [name, mine.toFixed(1), theirs.toFixed(1), `${(mine / theirs).toFixed(3)}x`];
  };
  return [
    ['', 'Suture', 'git grep', 'ratio'],
    ['first event, with the index', index.toFixed(0), '', ''],
    ['memory for the index, MB', memory.toFixed(0), '', ''],
    row('event: p50', 0.5),
    row('event: p99', 0.99),
    ['hostile event: slowest', Math.max(...hostile).toFixed(1), '', ''],
  ];
}

/** Bytes that are still needed: garbage is collected first, without which the figure says nothing. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function grepFor(dir: string, base: string, text: string): void {
  execFileSync('git', ['grep', '-n', '-F', '-e', text, base], { cwd: dir });
}

/** A bare repository with one commit, made in one go. */
function makeRepository(dir: string): string {
  execFileSync('git', ['init', '-q', '--bare', dir]);
  const parts = ['commit refs/heads/main\ncommitter a <a@example.com> 1700000000 +0000\ndata 1\nx\n'];
  for (let at = 0; at < files; at += 1) {
    const text = textOf(at);
    parts.push(`M 100644 inline ${pathOf(at)}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
  }
  execFileSync('git', ['fast-import', '--quiet'], { cwd: dir, input: parts.join('') });
  return execFileSync('git', ['rev-parse', 'main'], { cwd: dir, encoding: 'utf8' }).trim();
}

function pathOf(at: number): string {
  return `packages/p${at % 200}/src/area${Math.floor(at / 200) % 25}/module-${at}.ts`;
}

function crashLine(at: number): string {
  return `  return rows${at}.first.status;`;
}

function textOf(at: number): string {
  const filler = Array.from({ length: 20 }, (_, line) => `export const value${line} = ${at + line};`);
  return [...filler, `export function read${at}() {`, crashLine(at), '}', ''].join('\n');
}

/** Twenty frames in ten files, the crash in a file of that number. */
function crashIn(at: number): CrashEvent {
  const frames = Array.from({ length: 20 }, (_, depth) =>
    frameIn((at + Math.floor(depth / 2) * 977) % files),
  );
  return eventWith(frames.toReversed());
}

function frameIn(at: number): Frame {
  return {
    ...emptyFrame,
    filename: `/app/${pathOf(at)}`,
    function: `read${at}`,
    line: 22,
    context: [{ line: 22, text: crashLine(at) }],
  };
}

/** Deep, dotted and long paths of a name that a thousand files could have. */
function hostileEvent(at: number): CrashEvent {
  const path = [
    '../'.repeat(600),
    'a/'.repeat(1000),
    `${'%2e%2e%2f'.repeat(200)}module-${at}.ts`,
    `${'<'.repeat(900)}::x`,
  ];
  const frames = Array.from({ length: 200 }, (_, depth) => {
    const filename = `${path[depth % path.length]}module-${depth * 7}.ts`;
    return { ...emptyFrame, filename, function: `${'a::'.repeat(300)}<${'('.repeat(300)}`, line: depth };
  });
  return eventWith(frames);
}

const emptyFrame: Frame = {
  function: null,
  rawFunction: null,
  module: null,
  package: null,
  filename: null,
  absPath: null,
  line: null,
  column: null,
  inApp: true,
  context: [],
  platform: null,
};

function eventWith(frames: Frame[]): CrashEvent {
  const value = "Cannot read properties of undefined (reading 'status')";
  const exception = {
    type: 'TypeError',
    value,
    module: null,
    mechanism: null,
    frames,
    rawFrames: [],
    threadId: null,
  };
  return {
    id: '1'.repeat(32),
    platform: 'node',
    type: 'error',
    title: 'TypeError',
    message: null,
    culprit: null,
    at: null,
    release: null,
    releaseCommit: null,
    environment: null,
    exceptions: [exception],
    threads: [],
    breadcrumbs: [],
    request: null,
    contexts: {},
    tags: {},
    processingErrors: [],
    debugImages: [],
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('Measuring changes nothing.'));
}
