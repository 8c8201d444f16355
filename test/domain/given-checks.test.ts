// Which of a repository's own checks are for which files.

import { expect, it } from 'vitest';
import { checksFor, type GivenCheck } from '../../src/domain/proof/given-checks.ts';

const named = (name: string, ...when: string[]): GivenCheck => ({
  name,
  run: ['make'],
  when,
  install: null,
  cache: [],
});
const given = [named('all'), named('web', 'web/**', '*.css'), named('api', 'api/')];

it.each([
  [['web/src/a.ts'], 'all web'],
  [['api/a.css'], 'all web api'],
  [['docs/a.md'], 'all'],
  [['docs/a.md', 'api/x.py'], 'all api'],
  [[], 'all web api'],
])('of changes in %j: %s', (paths, names) => {
  expect(
    checksFor(given, paths)
      .map(({ name }) => name)
      .join(' '),
  ).toBe(names);
});
