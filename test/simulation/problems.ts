// The problems of the simulated programs: each crashes on the second line of a file of its own.

import type { CrashEvent } from '../../src/domain/crash/crash-event.ts';
import type { Problem } from '../../src/domain/problem.ts';
import type { AlertProblem, AlertProject } from './memory/alerts.ts';
import type { Skill } from './memory/proof.ts';

/** What must never leave: it stands in every event, as it may in a real one. */
export const canaries = ['s3cr3t-canary-token', 'victim@canary.example'];

const skills: readonly Skill[] = ['good', 'good', 'good', 'second', 'never', 'protected', 'refused'];

/** 7 crashes where 0 does and in the same way, so it has the same cause; 8 where 1 does, in another way. */
const places: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 0, 1];
const other = 8;
export const problemCount = places.length;

function placeOf(index: number): number {
  return places[index % problemCount] ?? 0;
}

function skillOf(index: number): Skill {
  return skills[placeOf(index)] ?? 'good';
}

export function fileOf(index: number): string {
  return `src/${skillOf(index)}-${placeOf(index)}.ts`;
}

/** What makes two problems one bug. */
export function rootOf(problemId: string | null): string | null {
  if (problemId === null) return null;
  const index = Number(problemId) - 100;
  return `${fileOf(index)} ${classOf(index)}`;
}

function classOf(index: number): string {
  return index === other ? 'RangeError' : 'TypeError';
}

const crashLine = '  return data.rows.map((row) => row.name);';

/** The program before anybody mends it. */
export function sourceFiles(settings: object): Record<string, string> {
  const files: Record<string, string> = {
    'package.json': '{"name":"shop","private":true}\n',
    'tsconfig.json': '{}\n',
    '.github/sentry.yml': JSON.stringify(settings),
  };
  for (const index of new Set(places))
    files[fileOf(index)] = `export function load${index}(data?: Data) {\n${crashLine}\n}\n`;
  return files;
}

/** The same index in two projects gives the same id and short id: only the binding tells them apart. */
export function problemOf(input: { project: AlertProject; index: number; at: number }): AlertProblem {
  const { index, at, project } = input;
  const value = `Cannot read properties of undefined (reading 'rows') password=${canaries[0]} ${canaries[1]}`;
  const problem: Problem = {
    id: String(100 + index),
    shortId: `SHOP-${index}A`,
    title: `${classOf(index)}: ${value}`,
    culprit: fileOf(index),
    level: 'error',
    status: 'unresolved',
    substatus: 'new',
    count: 5 + index,
    userCount: 2,
    firstSeen: at,
    lastSeen: at,
    platform: 'node',
    category: 'error',
    unhandled: true,
    exception: { type: classOf(index), value },
    permalink: `https://alerts.example/issues/${100 + index}/`,
    projectId: project.id,
    daily: [],
    releases: null,
  };
  return { problem, event: eventOf(problem, index) };
}

function eventOf(problem: Problem, index: number): CrashEvent {
  const frame = {
    function: `load${placeOf(index)}`,
    rawFunction: null,
    module: null,
    package: null,
    filename: fileOf(index),
    absPath: `/app/${fileOf(index)}`,
    line: 2,
    column: null,
    inApp: true,
    context: [{ line: 2, text: crashLine }],
    platform: null,
  };
  const { type, value } = problem.exception;
  const exception = {
    type,
    value,
    module: null,
    mechanism: null,
    frames: [frame],
    rawFrames: [],
    threadId: null,
  };
  return {
    id: `e${index}`,
    platform: 'node',
    type: 'error',
    title: problem.title,
    message: null,
    culprit: problem.culprit,
    at: problem.lastSeen,
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
