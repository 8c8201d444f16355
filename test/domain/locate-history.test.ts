import { describe, expect, it } from 'vitest';
import { carryLine } from '../../src/domain/locate/line-map.ts';
import { commitInRelease, tagOfRelease } from '../../src/domain/locate/release-tag.ts';

describe('carrying a line through a diff', () => {
  const hunks = [
    { fromLine: 0, fromCount: 0, toLine: 1, toCount: 2 },
    { fromLine: 10, fromCount: 1, toLine: 12, toCount: 3 },
    { fromLine: 20, fromCount: 5, toLine: 23, toCount: 0 },
    { fromLine: 30, fromCount: 0, toLine: 29, toCount: 1 },
  ];

  it.each([
    [1, { line: 3, how: 'moved' }],
    [9, { line: 11, how: 'moved' }],
    [10, { line: null, how: 'changed' }],
    [11, { line: 15, how: 'moved' }],
    [20, { line: null, how: 'deleted' }],
    [24, { line: null, how: 'deleted' }],
    [25, { line: 24, how: 'moved' }],
    [30, { line: 29, how: 'moved' }],
    [31, { line: 31, how: 'same' }],
  ])('line %i', (line, carried) => {
    expect(carryLine(line, hunks)).toEqual(carried);
  });

  it('leaves lines of an unchanged file', () => {
    expect(carryLine(7, [])).toEqual({ line: 7, how: 'same' });
  });
});

describe('the tag of a release', () => {
  const tags = ['v1.4.2', '1.4.3', 'web@2.0.0', 'api-v2.0.0', 'v1.4.20', 'release-3.0.0', 'V5.0.0-rc.1'].map(
    (name, at) => ({ name, commit: `${at}`.repeat(40) }),
  );

  it.each([
    ['1.4.2', 'v1.4.2'],
    ['v1.4.3', '1.4.3'],
    ['shop@1.4.2', 'v1.4.2'],
    ['com.example.shop@1.4.2+45', 'v1.4.2'],
    ['web@2.0.0', 'web@2.0.0'],
    ['api@2.0.0', 'api-v2.0.0'],
    ['3.0.0', 'release-3.0.0'],
    ['5.0.0-rc.1', 'V5.0.0-rc.1'],
  ])('%s is %s', (release, name) => {
    expect(tagOfRelease(release, tags)?.name).toBe(name);
  });

  it.each(['1.4', '2.0.0', '9.9.9', '', '@', 'latest'])('%j is none', (release) => {
    expect(tagOfRelease(release, tags)).toBeNull();
  });

  it('is none when the same name means different commits', () => {
    const twice = [
      { name: 'V1.0', commit: 'a' },
      { name: 'v1.0', commit: 'b' },
    ];
    expect(tagOfRelease('1.0', twice)).toBeNull();
  });

  it.each([
    ['0123abc', '0123abc'],
    [`shop@1.0.0+${'a1'.repeat(20)}`, 'a1'.repeat(20)],
    ['shop@1.4.2', null],
    ['2024', null],
  ])('%s names the commit %s', (release, commit) => {
    expect(commitInRelease(release)).toBe(commit);
  });
});
