// The grammar of comment commands.

import { expect, it } from 'vitest';
import { parseCommands } from '../../src/domain/command.ts';
import { nearest } from '../../src/domain/nearest.ts';

it.each([
  ['/sentry fix PER-1A', [{ kind: 'fix', shortIds: ['PER-1A'] }]],
  ['  /sentry fix per-1a, per-2b  ', [{ kind: 'fix', shortIds: ['PER-1A', 'PER-2B'] }]],
  ['/sentry fix PER-1A PER-1A', [{ kind: 'fix', shortIds: ['PER-1A'] }]],
  ['Hello\n/sentry fix MY-APP-3\nthanks', [{ kind: 'fix', shortIds: ['MY-APP-3'] }]],
  [
    '/sentry retry PER-1A look at the cache',
    [{ kind: 'retry', shortId: 'PER-1A', hint: 'look at the cache' }],
  ],
  ['/sentry retry PER-1A', [{ kind: 'retry', shortId: 'PER-1A', hint: null }]],
  ['/sentry', [{ kind: 'help' }]],
  ['/sentry help\n/sentry fix A-1', [{ kind: 'help' }, { kind: 'fix', shortIds: ['A-1'] }]],
  ['/sentry fix', [{ kind: 'unclear', text: '/sentry fix', reason: 'It names no Sentry issue.' }]],
  [
    '/sentry fix that',
    [{ kind: 'unclear', text: '/sentry fix that', reason: 'It names something that is no Sentry issue id.' }],
  ],
  ['/sentry dance', [{ kind: 'unclear', text: '/sentry dance', reason: 'I do not know this command.' }]],
  ['> /sentry fix PER-1A', []],
  ['```\n/sentry fix PER-1A\n```', []],
  ['~~~~\n/sentry fix PER-1A\n~~~\n/sentry fix PER-2A\n~~~~', []],
  ['    /sentry fix PER-1A', []],
  ['please /sentry fix PER-1A', []],
  ['/sentryfix PER-1A', []],
  ['', []],
])('%j', (comment, commands) => {
  expect(parseCommands(comment)).toEqual(commands);
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
