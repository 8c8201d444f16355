// The problems of the simulated programs: each crashes on the second line of a file of its own.

import type { CrashEvent } from '../../src/domain/crash-event.ts';
import type { Problem } from '../../src/domain/problem.ts';
import type { AlertProblem, AlertProject } from './memory/alerts.ts';
import type { Skill } from './memory/proof.ts';

/** What must never leave: it stands in every event, as it may in a real one. */
export const canaries = ['s3cr3t-canary-token', 'victim@canary.example'];

const skills: readonly Skill[] = ['good', 'good', 'good', 'second', 'never', 'protected', 'refused'];

export function skillOf(index: number): Skill {
  return skills[index % skills.length] ?? 'good';
}

export function fileOf(index: number): string {
  return `src/${skillOf(index)}-${index}.ts`;
}

const crashLine = '  return data.rows.map((row) => row.name);';

/** The program before anybody mends it. */
export function sourceFiles(count: number): Record<string, string> {
  const files: Record<string, string> = {
    'package.json': '{"name":"shop","private":true}\n',
    'tsconfig.json': '{}\n',
  };
  for (let index = 0; index < count; index += 1)
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
    title: `TypeError: ${value}`,
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
    exception: { type: 'TypeError', value },
    permalink: `https://alerts.example/issues/${100 + index}/`,
    projectId: project.id,
    daily: [],
    releases: null,
  };
  return { problem, event: eventOf(problem, index) };
}

function eventOf(problem: Problem, index: number): CrashEvent {
  const frame = {
    function: `load${index}`,
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
