// Every template of TypeScript and JavaScript from an event to a proved change: real git, real checks, the whole ladder.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createChecks } from '../../src/checks/checks.ts';
import { changeLimits } from '../../src/domain/proof/limits.ts';
import { createReproducer } from '../../src/fixers/reproduce/reproducer.ts';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import { openLocal } from '../../src/git/local.ts';
import { diagnoseCrash } from '../../src/jobs/diagnose-crash.ts';
import { repair } from '../../src/jobs/repair.ts';
import { createNoSandbox } from '../../src/run/no-sandbox.ts';
import { parseEvent } from '../../src/sentry/parse-event.ts';
import { createSourceMaps } from '../../src/syntax/source-maps.ts';
import { createSyntax } from '../../src/syntax/syntax.ts';
import { silentLog } from '../rooms/fixers-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'suture-templates-'));
const modules = join(import.meta.dirname, '../../node_modules');
const reading = { syntax: createSyntax(), sourceMaps: createSourceMaps() };
const ground = {
  dataDir: join(folder, 'data'),
  sandbox: createNoSandbox(),
  installHosts: [],
  log: silentLog,
};
const ports = {
  checks: createChecks(ground),
  fixers: [createTemplates({ log: silentLog, scripts: workHere })],
  reproducer: createReproducer({ scripts: workHere }),
};
const opened = new Map<string, ReturnType<typeof open>>();

afterAll(async () => {
  for (const one of opened.values()) await (await one).repository.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A fixture project as somebody's repository, with a worktree in which this checkout's packages are installed. */
async function open(project: string) {
  const dir = join(folder, project);
  cpSync(join(import.meta.dirname, '../fixtures/fixers', project), dir, { recursive: true });
  const test = ownTests[project];
  if (test) writeFileSync(join(dir, 'package.json'), manifestWith(project, test));
  writeFileSync(join(dir, '.gitignore'), 'node_modules\n');
  git(dir, 'init', '--quiet', '--initial-branch=main');
  git(dir, 'add', '--all');
  git(dir, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'base');
  const repository = await openLocal(dir, silentLog);
  const worktree = await repository.openWorktree(project, (await repository.resolveRevision('main')) ?? '');
  if (project !== 'plain') symlinkSync(modules, join(worktree.dir, 'node_modules'));
  return { repository, worktree };
}

/** No compiler looks at plain JavaScript: its engine reads it, and that is all that tests do here. */
const ownTests: Readonly<Record<string, string>> = {
  plain:
    'node --check src/devices.mjs && node --check src/nodes.js && node --check src/notices.js && node --check old/commits.js',
  loose: 'node --check src/api.js',
};

function manifestWith(name: string, test: string): string {
  return JSON.stringify({ name, private: true, engines: { node: '>=18' }, scripts: { test } });
}

function git(dir: string, ...args: string[]): string {
  return execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
}

type Crash = { project: string; file: string; at: string; type: string; value: string; rejected: boolean };

/** As the Node SDK reports it; the `^` of `at` is the column. */
function eventOf(dir: string, { file, at, type, value, rejected }: Crash): unknown {
  const wanted = at.replace('^', '');
  const lines = readFileSync(join(dir, file), 'utf8').split('\n');
  const lineNo = lines.findIndex((line) => line.includes(wanted)) + 1;
  const line = lines[lineNo - 1] ?? '';
  const frame = {
    filename: file,
    function: 'run',
    lineNo,
    colNo: line.indexOf(wanted) + at.indexOf('^') + 1,
    inApp: true,
    context: [[lineNo, line]],
    absPath: null,
    module: null,
    package: null,
    platform: null,
  };
  const mechanism = rejected
    ? { type: 'onunhandledrejection', handled: false }
    : { type: 'generic', handled: true };
  const values = [{ type, value, mechanism, stacktrace: { frames: [frame] } }];
  const entries = [{ type: 'exception', data: { values } }];
  return {
    id: '1',
    eventID: '1',
    platform: 'node',
    title: `${type}: ${value}`,
    message: '',
    entries,
    tags: [],
  };
}

const missing = (property: string) => `Cannot read properties of undefined (reading '${property}')`;

describe('a crash becomes a proved change', () => {
  it.each([
    ['T1', 'strict', 'src/fleet.ts', 'row.^status;', missing('status')],
    ['T2', 'loose', 'src/rooms.ts', 'guest.^room?.label', missing('room')],
    ['T2', 'plain', 'src/nodes.js', 'node.loc.^start', missing('start')],
    ['T3', 'strict', 'src/lists.ts', 'sockets!.^forEach', missing('forEach')],
    ['T4', 'loose', 'src/api.js', 'users.^map', 'users.map is not a function'],
    ['T5', 'strict', 'src/jobs.ts', '^upload(name);', 'upload failed'],
    [
      'T6',
      'parsing',
      'src/settings.ts',
      'const settings = ^JSON',
      'Unexpected token < in JSON at position 0',
    ],
    ['T7', 'strict', 'src/sums.ts', 'grams.^reduce', 'Reduce of empty array with no initial value'],
    ['T8', 'plain', 'old/commits.js', 'const commits = res.^data', missing('data')],
    ['T9', 'plain', 'src/devices.mjs', 'device.exposes.^includes', missing('includes')],
    ['T10', 'plain', 'src/devices.mjs', 'device.^model', missing('model')],
    ['T11', 'plain', 'src/devices.mjs', 'info.cert.^daysLeft', missing('daysLeft')],
    ['T12', 'plain', 'src/notices.js', 'user.profile.^name', missing('name')],
    ['T13', 'plain', 'src/notices.js', 'monitor.^label', missing('label')],
  ])('%s in %s: %s', async (name, project, file, at, value) => {
    const type = name === 'T6' ? 'SyntaxError' : name === 'T5' ? 'Error' : 'TypeError';
    const crash = { project, file, at, type, value, rejected: name === 'T5' };
    const fix = await climbed(crash);
    if (fix.outcome !== 'fixed') throw new Error(fix.reason);
    expect(fix).toMatchObject({ outcome: 'fixed', fixer: 'templates', files: [file] });
    expect(fix.ladder.find(({ step }) => step === 'change')?.detail).toContain(`${name} `);
    const proved = fix.ladder.filter(({ step }) => /^(?:tsc|npm)\b/.test(step)).map(({ result }) => result);
    expect(new Set(proved)).toEqual(new Set(['passed']));
  });
});

it('says first why the nearest template refused, and keeps the rest for who looks closer', async () => {
  const [file, at, value] = ['src/nodes.js', 'node.range.^end', missing('end')];
  const fix = await climbed({ project: 'plain', file, at, type: 'TypeError', value, rejected: false });
  const nearest =
    'T2 unchecked null: `size` is not declared to return nothing, and line 35 relies on its result.';
  expect(fix).toMatchObject({ outcome: 'refused', reason: nearest });
  const row = fix.ladder.find(({ step }) => step === 'templates')?.detail ?? '';
  expect(row.startsWith(`refused. ${nearest} T`)).toBe(true);
  expect(row).toContain('T1 non-null assertion: No `!` stands on the value that was missing.');
});

/** The whole ladder for one crash. */
async function climbed(crash: Crash) {
  const { project } = crash;
  const { repository, worktree } = await (opened.get(project) ?? remember(project));
  const event = parseEvent(eventOf(join(folder, project), crash));
  const found = await diagnoseCrash(reading, { event, repository, base: worktree.base });
  const problem = { shortId: 'SHOP-1', title: event.title };
  return await repair(ports, {
    task: { problem, event, ...found, hint: null, earlier: [], previousFailure: null },
    worktree,
    protectedPaths: [],
    limits: changeLimits,
    progress: async () => {},
  });
}

function remember(project: string): ReturnType<typeof open> {
  const one = open(project);
  opened.set(project, one);
  return one;
}
