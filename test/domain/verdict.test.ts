// What checks say, as a table. Doubt is never a pass.

import { expect, it } from 'vitest';
import { verdictOf } from '../../src/domain/verdict.ts';

const run = (name: string, status: string, conclusion: string | null) => ({ name, status, conclusion });
const done = (conclusion: string) => run(`run-${conclusion}`, 'completed', conclusion);
const status = (state: 'error' | 'failure' | 'pending' | 'success') => ({
  context: `status-${state}`,
  state,
});

it.each([
  ['nothing reported', [], [], 'none'],
  ['one success', [done('success')], [], 'passed'],
  ['a status alone', [], [status('success')], 'passed'],
  ['success beside skipped and neutral', [done('success'), done('skipped'), done('neutral')], [], 'passed'],
  ['only skipped', [done('skipped')], [], 'none'],
  ['only neutral', [done('neutral')], [], 'none'],
  ['one still runs', [done('success'), run('slow', 'in_progress', null)], [], 'pending'],
  ['one is queued', [run('slow', 'queued', null)], [], 'pending'],
  ['a status is pending', [done('success')], [status('pending')], 'pending'],
  ['a failure beats a running one', [done('failure'), run('slow', 'in_progress', null)], [], 'failed'],
  ['cancelled', [done('success'), done('cancelled')], [], 'failed'],
  ['timed out', [done('timed_out')], [], 'failed'],
  ['action required', [done('action_required')], [], 'failed'],
  ['stale', [done('success'), done('stale')], [], 'failed'],
  ['a status failed', [done('success')], [status('failure')], 'failed'],
  ['a status errs', [], [status('error')], 'failed'],
  ['a conclusion we do not know', [done('success'), done('splendid')], [], 'pending'],
  ['completed without a conclusion', [run('odd', 'completed', null)], [], 'pending'],
])('%s', (_, runs, statuses, state) => {
  expect(verdictOf({ runs, statuses }).state).toBe(state);
});

it('names what failed and what it waits for', () => {
  expect(verdictOf({ runs: [done('failure')], statuses: [status('error')] }).detail).toBe(
    'run-failure, status-error failed',
  );
  expect(verdictOf({ runs: [run('test', 'queued', null)], statuses: [] }).detail).toBe('waiting for test');
  expect(verdictOf({ runs: [done('success'), done('success')], statuses: [] }).detail).toBe(
    '2 checks passed',
  );
});
