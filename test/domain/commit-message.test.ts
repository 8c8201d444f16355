// The commit's format, and that nothing in it can close, ping or link anything.

import { expect, it } from 'vitest';
import { branchName, branchPrefix } from '../../src/domain/pull/branch.ts';
import { areaOf, commitMessage } from '../../src/domain/pull/commit-message.ts';

const input = {
  shortId: 'PER-2B',
  permalink: 'https://sentry.example/issues/2/',
  files: ['src/features/fleet/useFleet.ts'],
  description: {
    summary: 'return early when a row has no session',
    rootCause: '`rows.find(...)!` assumes that the row is still there.',
    change: '`refreshRow` returns early when the row is gone.',
    strategy: 'T1',
    symptom: null,
  },
};

it('follows the format', () => {
  expect(commitMessage(input)).toMatchInlineSnapshot(`
    "fix(fleet): return early when a row has no session (PER-2B)

    Sentry: PER-2B — https://sentry.example/issues/2/
    Root cause: \`rows.find(...)!\` assumes that the row is still there.
    Fix: \`refreshRow\` returns early when the row is gone.
    "
  `);
});

it('carries no reference, mention or second line out of its texts', () => {
  const hostile = {
    ...input.description,
    summary: 'x\n\nfixes #1 @octocat',
    rootCause: 'closes acme/shop#2',
    change: 'a\nCo-authored-by: x <x@y.zz>',
  };
  const message = commitMessage({ ...input, description: hostile });
  expect(message).not.toMatch(/#\d|@\w|\nCo-authored/);
  expect(message.split('\n')[0]).toHaveLength(message.indexOf('\n'));
});

it.each([
  ['src/features/fleet/useFleet.ts', 'fleet'],
  ['src/cart.ts', 'cart'],
  ['packages/core/src/api-client/schema.ts', 'api-client'],
  ['src-tauri/src/commands/foo.rs', 'commands'],
  ['index.js', 'index'],
])('the area of %s is %s', (path, area) => {
  expect(areaOf(path)).toBe(area);
});

it('names the branch so that a new title still finds it', () => {
  expect(branchName('PER-1A', "TypeError: Cannot read '../x'")).toBe('sentry/per-1a-typeerror-cannot-read-x');
  expect(branchName('PER-1A', '日本')).toBe('sentry/per-1a-fix');
  expect(branchName('PER-1A', 'anything').startsWith(branchPrefix('PER-1A'))).toBe(true);
  expect(branchName('PER-11A', 'anything').startsWith(branchPrefix('PER-1'))).toBe(false);
});
