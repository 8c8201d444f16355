// docs/promises.md names the tests that guard each promise: every one of them exists, and the simulation breaks each.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planted } from '../simulation/planted.ts';

const page = readFileSync(new URL('../../docs/promises.md', import.meta.url), 'utf8');
const [listed = ''] = page.split('\n## ');
const promises = listed
  .split(/^### /m)
  .slice(1)
  .map((text) => ({
    number: Number(/^\d+/.exec(text)?.[0]),
    guards: [...text.matchAll(/^- `([^`]+)` › (.+)$/gm)].map(([, file = '', name = '']) => ({ file, name })),
  }));

/** A test of that name stands in that file: its title is written out, in whatever quotes. */
function isThere(file: string, name: string): boolean {
  const path = new URL(`../../${file}`, import.meta.url);
  if (!existsSync(path)) return false;
  const titles = readFileSync(path, 'utf8').matchAll(
    /\b(?:it|test)(?:\.\w+(?:\([^)]*\))?)?\(\s*(['"`])(.*?)\1,/gs,
  );
  return [...titles].some(([, , title]) => title === name);
}

describe('the promises', () => {
  it('are eight', () => {
    expect(promises.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each(promises)('$number is guarded by tests that exist', ({ guards }) => {
    expect(guards.length).toBeGreaterThan(0);
    expect(guards.filter(({ file, name }) => !isThere(file, name))).toEqual([]);
  });

  it('are each broken on purpose in the simulation', () => {
    const broken = planted.map(({ promise }) => promise);
    expect(promises.filter(({ number }) => !broken.some((one) => one === number))).toEqual([]);
  });

  it('would be missed if their test were renamed', () => {
    expect(isThere('test/start/promises.test.ts', 'are eight')).toBe(true);
    expect(isThere('test/start/promises.test.ts', 'are nine')).toBe(false);
    expect(isThere('test/start/no-such.test.ts', 'are eight')).toBe(false);
  });
});
