// Which failing test shows the crash of an event, and which only fails.

import { describe, expect, it } from 'vitest';
import { messageKind, sameKind } from '../../src/domain/crash/message-kind.ts';
import { differenceOf, type Crashed, type Thrown } from '../../src/domain/proof/reproduction.ts';

describe('messages of one kind', () => {
  it.each([
    ["Cannot read properties of undefined (reading 'id')", "Cannot read property 'id' of undefined", true],
    [
      "Cannot read properties of undefined (reading 'id')",
      'can\'t access property "id", row is undefined',
      true,
    ],
    [
      "Cannot read properties of undefined (reading 'id')",
      "undefined is not an object (evaluating 'rows[0].id')",
      true,
    ],
    [
      "Cannot read properties of undefined (reading 'id')",
      "Cannot read properties of null (reading 'id')",
      false,
    ],
    [
      "Cannot read properties of undefined (reading 'id')",
      "Cannot read properties of undefined (reading 'x')",
      false,
    ],
    ["Cannot read properties of undefined (reading 'id')", 'row.id is not a function', false],
    [
      'rows is not iterable',
      "undefined is not a function (near '...rows...') or its return value is not iterable",
      true,
    ],
    [`Unexpected token '<', "<!DOCTYPE "... is not valid JSON`, 'Unexpected end of JSON input', true],
    ["Expected property name or '}' in JSON at position 1", 'JSON.parse: unexpected character', true],
    ['Unexpected identifier', 'Unexpected end of JSON input', false],
    [
      'index out of bounds: the len is 3 but the index is 9',
      'index out of bounds: the len is 0 but the index is 0',
      true,
    ],
    ['no order 1001 for mia', 'no order 7 for mia', true],
    ["no order 'a'", 'no customer', false],
  ])('%s | %s: %s', (one, other, same) => {
    expect(sameKind(messageKind(one), messageKind(other))).toBe(same);
    expect(sameKind(messageKind(other), messageKind(one))).toBe(same);
  });

  it('reads hostile messages in no time', () => {
    const text = `undefined is not an object (evaluating '${'a.'.repeat(50_000)}`;
    expect(messageKind(text).kind).toBe('absence');
    expect(messageKind(`'${'x"'.repeat(50_000)}`).kind.length).toBeLessThanOrEqual(200);
  });
});

const thrown = (change: Partial<Thrown>): Thrown => ({
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading 'id')",
  frames: [{ function: 'firstId', path: 'src/rows.ts', line: 3 }],
  ...change,
});
const frame = (name: string | null, line: number, path = 'src/rows.ts') => ({ function: name, path, line });

describe('the same exception in the same function', () => {
  const crashed: Crashed = {
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'id')",
    suspect: { path: 'src/rows.ts', line: 12, column: null, function: 'firstId' },
  };
  it.each([
    ['as it was', {}, null],
    ['a method', { frames: [frame('Rows.firstId [as first]', 3)] }, null],
    ['an async one', { frames: [frame('async firstId', 3)] }, null],
    ['a callback in it, by its line', { frames: [frame(null, 12)] }, null],
    ['a callback in it, by the function round it', { frames: [frame(null, 3), frame('firstId', 2)] }, null],
    ['another class', { type: 'RangeError' }, 'another class of exception was thrown'],
    ['another message', { message: 'no such row' }, 'the exception has another message'],
    ['another function', { frames: [frame('lastId', 3)] }, 'it was thrown in another function'],
    [
      'another function that it calls',
      { frames: [frame('idOf', 3), frame('firstId', 12)] },
      'it was thrown in another function',
    ],
    ['another file', { frames: [frame('firstId', 12, 'src/other.ts')] }, 'it was thrown in another function'],
    ['the test itself', { frames: [] }, 'it was thrown in another function'],
  ])('%s', (_, change, difference) => {
    expect(differenceOf(crashed, thrown(change))).toBe(difference);
  });

  it('takes a crash outside every function by its line only', () => {
    const top = { ...crashed, suspect: { ...crashed.suspect, function: null } };
    expect(differenceOf(top, thrown({ frames: [frame(null, 12)] }))).toBeNull();
    expect(differenceOf(top, thrown({ frames: [frame('firstId', 3)] }))).not.toBeNull();
  });
});
