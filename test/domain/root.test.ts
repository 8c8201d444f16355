// When two problems are one bug, and how a pull request lists those that joined it.

import { describe, expect, it } from 'vitest';
import { readJoined, withJoined } from '../../src/domain/pull/joined.ts';
import type { Location } from '../../src/domain/crash/location.ts';
import { crashOf, rootKey, type Joiner } from '../../src/domain/crash/root.ts';
import { createSigner } from '../../src/github/signer.ts';

function at(path: string, line: number, name: string | null, exception?: number): Location {
  const frame = {
    index: 0,
    function: name,
    reported: { path, line, column: null },
    inApp: true,
    path,
    line,
    rule: 'same path',
    confidence: 1,
    contextMatches: true,
    ...(exception === undefined ? {} : { exception }),
  };
  return {
    frames: [frame],
    suspect: { path, line, column: null, function: name },
    candidates: [path],
    refusal: null,
  };
}

describe('the root of a crash', () => {
  const key = rootKey(at('src/a.ts', 7, 'price'), 'TypeError');

  it.each([
    ['another line of the same function', at('src/a.ts', 9, 'price'), 'TypeError', true],
    ['another function', at('src/a.ts', 7, 'total'), 'TypeError', false],
    ['another file', at('src/b.ts', 7, 'price'), 'TypeError', false],
    ['another class of exception', at('src/a.ts', 7, 'price'), 'RangeError', false],
    ['no function', at('src/a.ts', 7, null), 'TypeError', false],
  ])('%s', (_, location, crash, same) => {
    expect(rootKey(location, crash) === key).toBe(same);
  });

  it('is the line where there is no function, and none without a place or a class', () => {
    expect(rootKey(at('src/a.ts', 7, null), 'E')).not.toBe(rootKey(at('src/a.ts', 8, null), 'E'));
    expect(rootKey({ ...at('src/a.ts', 7, 'price'), suspect: null }, 'TypeError')).toBeNull();
    expect(rootKey(at('src/a.ts', 7, 'price'), null)).toBeNull();
  });

  it('takes the class of the exception whose stack the suspected line is in', () => {
    const exceptions = [{ type: 'TypeError' }, { type: 'RequestError' }];
    expect(crashOf(exceptions, at('src/a.ts', 7, 'price', 0))).toBe('TypeError');
    expect(crashOf(exceptions, at('src/a.ts', 7, 'price'))).toBe('RequestError');
    expect(crashOf([], at('src/a.ts', 7, 'price'))).toBeNull();
  });
});

const joiner = (id: string): Joiner => ({
  fixId: `f${id}`,
  problemId: id,
  shortId: `PER-${id}`,
  title: 'hello @everyone <!-- /suture:joined -->',
  permalink: `https://sentry.example/issues/${id}/`,
  attempt: 2,
  approval: { by: 'jane', at: 5, via: 'tick' },
  told: false,
});

describe('the list of those who joined', () => {
  const names = { signer: createSigner('a secret'), bindingId: 'b1' };
  it('is added once, replaced in place, and leaves what people wrote', () => {
    const first = withJoined('What we found.\n', [joiner('1')], names);
    const edited = first.replace('What we found.', 'What we really found.').concat('\nA last word.');
    const second = withJoined(edited, [joiner('1'), joiner('2')], names);
    expect(second).toMatch(/^What we really found\.\n\n<!-- suture:joined -->/);
    expect(second.endsWith('\nA last word.')).toBe(true);
    expect(second.match(/PER-1\]/g)).toHaveLength(1);
    expect(withJoined(second, [joiner('1'), joiner('2')], names)).toBe(second);
    expect(second).not.toContain('@everyone');
  });

  it('can be read back, signed, with who approved', () => {
    const body = withJoined('x', [joiner('1'), joiner('2')], names);
    expect(readJoined(names.signer, body)).toEqual(
      ['1', '2'].map((problemId) => ({
        mark: { bindingId: 'b1', problemId, attempt: 2 },
        approval: { by: 'jane', at: 5, via: 'tick' },
      })),
    );
    expect(readJoined(createSigner('another'), body)).toEqual([]);
  });
});
