import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHistory } from '../../src/git/history.ts';
import { createReading } from '../../src/git/repository.ts';
import { locateCrash } from '../../src/jobs/locate-crash.ts';
import { lookAround } from '../../src/jobs/look-around.ts';
import type { History, Repository } from '../../src/ports.ts';
import { createSyntax } from '../../src/syntax/syntax.ts';
import { eventOf, exceptionOf, frameAt } from '../domain/crash-samples.ts';

let dir: string;
let history: History;
let repository: Repository;

function run(args: readonly string[], at = 0): string {
  const time = `${1_700_000_000 + at} +0000`;
  const who = {
    GIT_AUTHOR_NAME: 'Jane Doe',
    GIT_AUTHOR_EMAIL: 'jane@example.com',
    GIT_COMMITTER_NAME: 'Jane Doe',
    GIT_COMMITTER_EMAIL: 'jane@example.com',
  };
  const env = {
    PATH: process.env['PATH'],
    HOME: dir,
    ...who,
    GIT_AUTHOR_DATE: time,
    GIT_COMMITTER_DATE: time,
  };
  return execFileSync('git', ['-c', 'init.defaultBranch=main', ...args], {
    cwd: dir,
    env,
    encoding: 'utf8',
  }).trim();
}

async function commit(message: string, at: number, files: Record<string, string>): Promise<string> {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(dir, name), text);
  run(['add', '-A']);
  run(['commit', '-q', '-m', message], at);
  return run(['rev-parse', 'HEAD']);
}

const cart = ['export function total(rows) {', '  const first = rows[0];', '  return first.sum;', '}', ''];
const money = [
  'export function parse(text) {',
  '  const parts = text.split(".");',
  '  return parts[1].length;',
  '}',
  '',
];
let first: string;
let second: string;
let head: string;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'history-'));
  run(['init', '-q']);
  first = await commit('cart and money', 0, {
    'cart.js': cart.join('\n'),
    'money.js': money.join('\n'),
    'gone.js': 'throw new Error("old");\n',
  });
  run(['tag', '-a', 'v1.0.0', '-m', 'one']);
  second = await commit('a header', 100, { 'cart.js': ['// Carts.', '', ...cart].join('\n') });
  run(['tag', 'v1.1.0']);
  await rename(path.join(dir, 'money.js'), path.join(dir, 'price.js'));
  await rm(path.join(dir, 'gone.js'));
  head = await commit('rename, change, delete', 200, {
    'cart.js': ['// Carts.', '', cart[0], cart[1], '  return first?.sum;', '}', ''].join('\n'),
  });
  const place = { gitDir: path.join(dir, '.git') };
  history = createHistory(place);
  repository = { ...createReading(place), openWorktree: refuse, removeWorktree: refuse };
});

afterAll(() => rm(dir, { recursive: true, force: true }));

function refuse(): Promise<never> {
  return Promise.reject(new Error('Locating changes nothing.'));
}

describe('the history of a repository', () => {
  it('lists tags with their commits, annotated ones too', async () => {
    expect(await history.listTags()).toEqual([
      { name: 'v1.0.0', commit: first },
      { name: 'v1.1.0', commit: second },
    ]);
  });

  it('finds the commit that stood at a time', async () => {
    const at = (seconds: number) => history.commitBefore(head, (1_700_000_000 + seconds) * 1000);
    expect(await at(150)).toBe(second);
    expect(await at(100)).toBe(second);
    expect(await at(999)).toBe(head);
    expect(await at(-1)).toBeNull();
  });

  it('says what became of a file', async () => {
    expect(await history.changeOf(first, second, 'cart.js')).toEqual({
      path: 'cart.js',
      hunks: [{ fromLine: 0, fromCount: 0, toLine: 1, toCount: 2 }],
    });
    expect(await history.changeOf(first, head, 'money.js')).toEqual({ path: 'price.js', hunks: [] });
    expect(await history.changeOf(first, head, 'gone.js')).toEqual({ path: null, hunks: [] });
    expect(await history.changeOf(first, head, '../cart.js')).toEqual({ path: null, hunks: [] });
  });

  it('says who wrote a line last', async () => {
    expect(await history.blame(head, 'cart.js', { from: 4, to: 5 })).toEqual([
      { line: 4, commit: first, author: 'Jane Doe', at: 1_700_000_000_000, summary: 'cart and money' },
      { line: 5, commit: head, author: 'Jane Doe', at: 1_700_000_200_000, summary: 'rename, change, delete' },
    ]);
    expect(await history.blame(head, 'cart.js', { from: 90, to: 91 })).toEqual([]);
    expect(await history.blame(head, 'nowhere.js', { from: 1, to: 1 })).toEqual([]);
  });

  it('searches by pattern, in files that end so', async () => {
    const found = await history.searchPattern(head, '(export )function (total|parse)', {
      limit: 9,
      endings: ['js'],
    });
    expect(found.map((hit) => [hit.path, hit.line])).toEqual([
      ['cart.js', 3],
      ['price.js', 1],
    ]);
    expect(await history.searchPattern(head, 'total', { limit: 9, endings: ['py'] })).toEqual([]);
    expect(await history.searchPattern(head, 'nothing like it', { limit: 9, endings: [] })).toEqual([]);
  });
});

describe('locating across releases', () => {
  it('carries a line from the release’s tag to today’s head', async () => {
    const location = await crash('shop@1.0.0', frameAt('/app/cart.js', 2, '  const first = rows[0];'));
    expect(location.suspect).toEqual({ path: 'cart.js', line: 4, column: null, function: 'total' });
    expect(location.origin).toEqual({ commit: first, how: 'tag', name: 'v1.0.0' });
    expect(location.frames[0]?.rule).toBe('code mapping, carried from v1.0.0');
  });

  it('follows a renamed file, by the commit in the release’s name', async () => {
    const location = await crash(`shop@${first}`, frameAt('/app/money.js', 3, '  return parts[1].length;'));
    expect(location.suspect).toEqual({ path: 'price.js', line: 3, column: null, function: 'parse' });
    expect(location.origin?.how).toBe('release commit');
  });

  it('does not touch a line that was changed since, or a file that is gone', async () => {
    const changed = await crash('1.0.0');
    expect([changed.suspect, changed.refusal]).toEqual([
      null,
      'The line that crashed in `cart.js` was changed since `v1.0.0`: it may be mended already, so I do not touch it.',
    ]);
    const gone = await crash('1.0.0', frameAt('/app/gone.js', 1, 'throw new Error("old");'));
    expect([gone.suspect, gone.frames[0]?.path, gone.refusal]).toEqual([
      null,
      null,
      'The line that crashed in `gone.js` was deleted since `v1.0.0`: it may be mended already, so I do not touch it.',
    ]);
  });

  it('goes by the time of the event only when the trace does not fit today', async () => {
    const then = await crash(null, undefined, 1_700_000_050_000);
    expect(then.refusal).toContain('was changed since');
    const today = await crash(null, frameAt('/app/cart.js', 5, '  return first?.sum;'), 1_700_000_050_000);
    expect(today.suspect).toMatchObject({ path: 'cart.js', line: 5 });
    expect(today.origin).toBeUndefined();
  });

  it('does not believe a release that its own code refutes', async () => {
    const location = await crash('1.0.0', frameAt('/app/cart.js', 5, '  return first?.sum;'));
    expect(location.suspect).toMatchObject({ path: 'cart.js', line: 5 });
  });

  it('finds who defines a function when a frame has no file', async () => {
    const frame = { ...frameAt('', 1), filename: null, line: null, function: 'parse_nothing' };
    expect((await crash(null, frame)).candidates).toEqual([]);
    const known = { ...frame, function: 'total' };
    const location = await crash(null, known);
    expect([location.candidates, location.suspect, location.frames[0]?.rule]).toEqual([
      ['cart.js'],
      null,
      'symbol',
    ]);
  });
});

describe('looking round a crash', () => {
  it('names callers, the value’s origin, the commit, the owners and the same pattern elsewhere', async () => {
    const text = [
      "import { rows } from './rows.js';",
      'export function sum(id) {',
      '  const found = rows.find((row) => row.id === id);',
      '  return found.total.net;',
      '}',
      '',
    ];
    const more = ['export function tax(found) {', '  return found.total.net * 0.2;', '}', ''];
    const base = await commit('sums', 300, {
      'sum.js': text.join('\n'),
      'tax.js': more.join('\n'),
      'sum.test.js': 'found.total.net;\n',
      CODEOWNERS: '* @org/all\n/sum.js @org/money\n',
    });
    const event = eventOf({
      exceptions: [
        exceptionOf({
          value: "Cannot read properties of undefined (reading 'net')",
          frames: [frameAt('/app/tax.js', 2), frameAt('/app/sum.js', 4, '  return found.total.net;')],
        }),
      ],
    });
    const syntax = createSyntax();
    const mappings = [{ stackRoot: '/app/', sourceRoot: '' }];
    const location = await locateCrash({ event, repository, history, syntax, base, mappings });
    expect(await lookAround({ event, location, repository, history, syntax, base })).toEqual({
      callers: [{ function: null, path: 'tax.js', line: 2 }],
      valueOrigin: {
        expression: 'found.total',
        line: 3,
        text: 'const found = rows.find((row) => row.id === id);',
        argument: false,
      },
      suspectCommit: { commit: base, author: 'Jane Doe', at: 1_700_000_300_000, summary: 'sums' },
      owners: ['@org/money'],
      samePattern: {
        count: 1,
        places: [{ path: 'tax.js', line: 2, text: '  return found.total.net * 0.2;' }],
      },
    });
    expect(
      await lookAround({
        event,
        location: { ...location, suspect: null },
        repository,
        history,
        syntax,
        base,
      }),
    ).toBeNull();
  });
});

function crash(
  release: string | null,
  frame = frameAt('/app/cart.js', 3, '  return first.sum;'),
  at: number | null = null,
) {
  return locateCrash({
    event: eventOf({ release, at, exceptions: [exceptionOf({ frames: [frame] })] }),
    repository,
    history,
    syntax: createSyntax(),
    base: head,
    mappings: [{ stackRoot: '/app/', sourceRoot: '' }],
  });
}
