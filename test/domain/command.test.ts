// The grammar of comment commands.

import { expect, it } from 'vitest';
import { commandHelp, newCommands, parseCommands } from '../../src/domain/triage/command.ts';
import { nearest } from '../../src/domain/triage/nearest.ts';

const id = (shortId: string) => ({ kind: 'id', shortId });
const number = (value: number) => ({ kind: 'number', number: value });
const some = (...targets: unknown[]) => ({ kind: 'some', targets });
const fix = (selection: unknown, yes = false, anyway = false) => ({ kind: 'fix', selection, yes, anyway });
const list = { kind: 'list', includeWarn: false, page: 1 };

it.each([
  ['/sentry', [list]],
  ['/sentry list', [list]],
  ['/sentry list --include-warn', [{ ...list, includeWarn: true }]],
  ['/sentry list --page 3 --include-warn', [{ ...list, includeWarn: true, page: 3 }]],
  ['/sentry list --page=2', [{ ...list, page: 2 }]],
  ['/sentry fix PER-1A', [fix(some(id('PER-1A')))]],
  ['  /sentry fix per-1a, per-2b  ', [fix(some(id('PER-1A'), id('PER-2B')))]],
  ['/sentry fix PER-1A PER-1A', [fix(some(id('PER-1A')))]],
  ['/sentry fix 1,2,5', [fix(some(number(1), number(2), number(5)))]],
  ['/sentry fix #1 PER-1A --yes', [fix(some(number(1), id('PER-1A')), true)]],
  ['/sentry fix all', [fix({ kind: 'all' })]],
  ['/sentry fix PER-1A --anyway', [fix(some(id('PER-1A')), false, true)]],
  ['/sentry fix ALL --yes', [fix({ kind: 'all' }, true)]],
  ['/sentry fix top 3', [fix({ kind: 'top', count: 3 })]],
  ['/sentry top', [{ kind: 'top', count: 5 }]],
  ['/sentry top 7', [{ kind: 'top', count: 7 }]],
  ['/sentry top 7 --fix', [fix({ kind: 'top', count: 7 })]],
  ['/sentry skip PER-1A 2', [{ kind: 'skip', targets: [id('PER-1A'), number(2)] }]],
  [
    '/sentry archive PER-1A not our script',
    [{ kind: 'archive', target: id('PER-1A'), reason: 'not our script' }],
  ],
  [
    '/sentry retry PER-1A look at the cache',
    [{ kind: 'retry', target: id('PER-1A'), hint: 'look at the cache' }],
  ],
  ['/sentry retry PER-1A', [{ kind: 'retry', target: id('PER-1A'), hint: null }]],
  ['/sentry retry keep the log line', [{ kind: 'retry', target: null, hint: 'keep the log line' }]],
  ['/sentry retry', [{ kind: 'retry', target: null, hint: null }]],
  ['/sentry link PER-1A', [{ kind: 'link', target: id('PER-1A') }]],
  ['/sentry stats\n/sentry status', [{ kind: 'stats' }, { kind: 'status' }]],
  ['/sentry help\n/sentry fix A-1', [{ kind: 'help' }, fix(some(id('A-1')))]],
  ['Hello\n/sentry fix MY-APP-3\nthanks', [fix(some(id('MY-APP-3')))]],
  ['> /sentry fix PER-1A', []],
  ['```\n/sentry fix PER-1A\n```', []],
  ['~~~~\n/sentry fix PER-1A\n~~~\n/sentry fix PER-2A\n~~~~', []],
  ['    /sentry fix PER-1A', []],
  ['please /sentry fix PER-1A', []],
  ['<!--\n/sentry fix PER-1A\n-->', []],
  ['/sentryfix PER-1A', []],
  [
    '/sentry fix PER-1A with agent',
    [{ kind: 'fix', selection: some(id('PER-1A')), yes: false, anyway: false, fixer: 'agent' }],
  ],
  [
    '/sentry fix all With COMMAND --yes',
    [{ kind: 'fix', selection: { kind: 'all' }, yes: true, anyway: false, fixer: 'command' }],
  ],
  [
    '/sentry fix PER-1A with agnet',
    [
      {
        kind: 'unclear',
        text: '/sentry fix PER-1A with agnet',
        reason: 'After "with" it needs one fixer: templates, agent, command.',
        right: '/sentry fix PER-1A with agent',
      },
    ],
  ],
  [
    '/sentry fix with templates please',
    [expect.objectContaining({ kind: 'unclear', right: '/sentry fix PER-1A with templates' })],
  ],
  [
    '/sentry retry PER-1A with agent look at the cache',
    [{ kind: 'retry', target: id('PER-1A'), hint: 'look at the cache', fixer: 'agent' }],
  ],
  ['/sentry retry PER-1A with care', [{ kind: 'retry', target: id('PER-1A'), hint: 'with care' }]],
  ['', []],
])('%j', (comment, commands) => {
  expect(parseCommands(comment)).toEqual(commands);
});

it.each([
  ['/sentry fix', '/sentry fix PER-1A'],
  ['/sentry fix that', '/sentry fix PER-1A'],
  ['/sentry fix top lots', '/sentry fix top 3'],
  ['/sentry fxi PER-2B', '/sentry fix PER-2B'],
  ['/sentry retyr PER-2B with care', '/sentry retry PER-2B with care'],
  ['/sentry dance', '/sentry help'],
  ['/sentry archive', '/sentry archive PER-1A third-party'],
  ['/sentry archive PER-2B', '/sentry archive PER-2B third-party'],
  ['/sentry link', '/sentry link PER-1A'],
  ['/sentry top 0', '/sentry top 5'],
  ['/sentry list --page last', '/sentry list --page 2'],
])('%s would have been right as %s, which is understood', (line, right) => {
  expect(parseCommands(line)).toMatchObject([{ kind: 'unclear', text: line, right }]);
  expect(parseCommands(right)).not.toMatchObject([{ kind: 'unclear' }]);
});

it('understands every line of its own help', () => {
  for (const { usage } of commandHelp) expect(parseCommands(usage)).not.toMatchObject([{ kind: 'unclear' }]);
});

it('runs only what an edit added', () => {
  const before = 'Please\n/sentry fix PER-1A\n/sentry stats';
  expect(newCommands(before, before)).toEqual([]);
  expect(newCommands(before, `${before}\n/sentry stats\n/sentry fix PER-2B`)).toEqual([
    { kind: 'stats' },
    fix(some(id('PER-2B'))),
  ]);
  expect(newCommands('', '/sentry stats')).toEqual([{ kind: 'stats' }]);
});

it('reads at most twenty commands', () => {
  expect(parseCommands('/sentry help\n'.repeat(100))).toHaveLength(20);
});

it.each([
  ['PER-2Z', 'PER-2B'],
  ['PER2B', 'PER-2B'],
  ['SOMETHING-ELSE', null],
])('the nearest to %s is %s', (word, expected) => {
  expect(nearest(word, ['PER-1A', 'PER-2B'])).toBe(expected);
});
