import { describe, expect, it } from 'vitest';
import { checkContext } from '../../src/domain/locate/context-lines.ts';
import { frameOf } from './crash-samples.ts';

const text = ['function a() {', '  return rows[0].sum;', '}', '', 'function b() {', '  return total;', '}'];

function check(line: number, context: [number, string][], lines = text) {
  const frame = frameOf({ line, context: context.map(([at, text]) => ({ line: at, text })) });
  return checkContext(frame, lines);
}

describe('the source line of an event against a file', () => {
  it('is there', () => {
    expect(check(2, [[2, '  return rows[0].sum;']])).toEqual({ matches: true, line: 2, how: 'same line' });
  });

  it('is there with other indentation and line ends', () => {
    expect(check(2, [[2, '\treturn  rows[0].sum;\r']]).matches).toBe(true);
  });

  it('moved', () => {
    expect(check(40, [[40, 'return total;']])).toEqual({ matches: true, line: 6, how: 'moved' });
  });

  it('is gone', () => {
    expect(check(2, [[2, 'return rows.at(0)?.sum;']])).toEqual({
      matches: false,
      line: null,
      how: 'not there',
    });
  });

  it('moved to one of several places: refused', () => {
    const twice = [...text, ...text];
    expect(check(40, [[40, 'return total;']], twice)).toEqual({
      matches: false,
      line: null,
      how: 'several places',
    });
  });

  it('moved, and its neighbours say to which of several places', () => {
    const twice = [...text, 'function c() {', '  return total;', '}'];
    expect(
      check(
        40,
        [
          [39, 'function c() {'],
          [40, 'return total;'],
        ],
        twice,
      ),
    ).toMatchObject({ line: 9, how: 'moved' });
  });

  it('says nothing when a brace stands alone', () => {
    expect(check(3, [[3, '}']])).toEqual({ matches: null, line: 3, how: 'no context' });
  });

  it('counts a brace that has its neighbours', () => {
    expect(
      check(3, [
        [2, '  return rows[0].sum;'],
        [3, '}'],
      ]),
    ).toEqual({ matches: true, line: 3, how: 'same line' });
  });

  it('is unknown without context, and without a line', () => {
    expect(check(2, [])).toEqual({ matches: null, line: 2, how: 'no context' });
    expect(checkContext(frameOf({ context: [{ line: 2, text: 'x' }] }), text).matches).toBeNull();
  });

  it('compares the pieces of a cut line', () => {
    expect(check(1, [[1, '{snip} rows[0].sum {snip}']], ['let a = rows[0].sum + 1;']).matches).toBe(true);
    expect(check(1, [[1, '{snip} rows[1].sum {snip}']], ['let a = rows[0].sum + 1;']).matches).toBe(false);
  });

  it('compares the beginning of a line that was cut off', () => {
    const long = `const rows = [${'1, '.repeat(60)}];`;
    expect(check(1, [[1, `${long.slice(0, 120)}...`]], [long]).matches).toBe(true);
    expect(check(1, [[1, 'call(...)']], ['call(1)']).matches).toBe(false);
  });
});
