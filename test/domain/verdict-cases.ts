// Every row of docs/verdict.md as checks: what a host would show in that case.

import type { Run } from '../../src/domain/pull/latest-runs.ts';
import type { PullChecks } from '../../src/domain/pull/pull-verdict.ts';
import type { Checks, RequiredCheck } from '../../src/domain/pull/verdict.ts';

let ids = 0;

type Made = Partial<Omit<Run, 'name' | 'app'>> & { app?: number };

export function run(name: string, conclusion: string | null, more: Made = {}): Run {
  ids += 1;
  const { app = 1, ...rest } = more;
  const status = conclusion === null ? 'in_progress' : 'completed';
  const times = { startedAt: 100, completedAt: conclusion === null ? null : 200 };
  return { id: ids, name, status, conclusion, suite: 1, app: { id: app, slug: 'ci' }, ...times, ...rest };
}

export function status(
  context: string,
  state: Checks['statuses'][number]['state'],
  appId: number | null = null,
): Checks['statuses'][number] {
  return { context, state, appId };
}

export type Case = { checks: Checks; required: RequiredCheck[] };

function all(...runs: Run[]): Case {
  return { checks: { runs, statuses: [] }, required: [] };
}

function required(runs: Run[], names = ['test'], appId: number | null = null): Case {
  return { checks: { runs, statuses: [] }, required: names.map((name) => ({ name, appId })) };
}

const test = (conclusion: string | null, more?: Made): Run => run('test', conclusion, more);
const lint = (conclusion: string | null, more?: Made): Run => run('lint', conclusion, more);
const again = { startedAt: 300, completedAt: 400 };

export const commitCases: Readonly<Record<string, Case>> = {
  nothing: all(),
  'queued-suite': all(),
  success: all(test('success')),
  'status-only': { checks: { runs: [], statuses: [status('ci', 'success')] }, required: [] },
  'success-and-quiet': all(test('success'), lint('skipped'), run('docs', 'neutral')),
  'only-skipped': all(test('skipped'), lint('skipped')),
  'only-neutral': all(test('neutral')),
  queued: all(test(null, { status: 'queued' })),
  running: all(test('success'), lint(null)),
  waiting: all(test(null, { status: 'waiting' })),
  'status-pending': {
    checks: { runs: [test('success')], statuses: [status('ci', 'pending')] },
    required: [],
  },
  failure: all(test('failure'), lint('success')),
  'failure-while-running': all(test('failure'), lint(null)),
  'timed-out': all(test('timed_out')),
  cancelled: all(lint('success'), test('cancelled')),
  'action-required': all(test('action_required')),
  'startup-failure': all(test('startup_failure')),
  stale: all(lint('success'), test('stale')),
  'status-error': { checks: { runs: [test('success')], statuses: [status('ci', 'error')] }, required: [] },
  'unknown-word': all(lint('success'), test('splendid')),
  'no-conclusion': all(lint('success'), test(null, { status: 'completed' })),
  're-run-green': all(test('failure'), test('success', again)),
  're-run-red': all(test('success'), test('failure', again)),
  're-run-running': all(test('failure'), test(null, { startedAt: 300 })),
  'triggered-again': all(test('failure'), test('success', { ...again, suite: 2 })),
  'cancelled-for-newer': all(
    test('cancelled', { completedAt: 260 }),
    test('success', { suite: 2, startedAt: 250, completedAt: 400 }),
  ),
  'same-name-twice': all(test('failure'), test('success', { suite: 2, startedAt: 110, completedAt: 400 })),
  'same-name-apps': all(test('failure'), test('success', { ...again, app: 2 })),
  'required-passed': required([test('success')]),
  'required-and-other-red': required([test('success'), lint('failure')]),
  'required-and-other-running': required([test('success'), lint(null)]),
  'required-failed': required([test('failure'), lint('success')]),
  'required-running': required([test(null), lint('success')]),
  'required-missing': required([lint('success')]),
  'required-both-kinds': {
    checks: { runs: [test('success')], statuses: [status('test', 'failure')] },
    required: [{ name: 'test', appId: null }],
  },
  'required-skipped': required([test('skipped'), lint('success')]),
  'required-skipped-red': required([test('skipped'), lint('failure')]),
  'required-skipped-alone': required([test('skipped')]),
  'pinned-right': required([test('success', { app: 7 })], ['test'], 7),
  'pinned-wrong': required([test('success', { app: 8 })], ['test'], 7),
  'pinned-status': {
    checks: { runs: [], statuses: [status('test', 'success')] },
    required: [{ name: 'test', appId: 7 }],
  },
  'pinned-status-app': {
    checks: { runs: [], statuses: [status('test', 'success', 7)] },
    required: [{ name: 'test', appId: 7 }],
  },
  'required-twice': required([test('success')], ['test', 'build']),
  'nothing-required': { ...required([test('success'), lint('success')]), required: [] },
};

const now = 100_000_000;
const justNow = now - 60_000;
const longAgo = now - 3_600_000;
const none: Checks = { runs: [], statuses: [] };
const green: Checks = { runs: [test('success')], statuses: [] };
const red: Checks = { runs: [test('failure')], statuses: [] };
const busy: Checks = { runs: [test(null)], statuses: [] };
const other: Checks = { runs: [lint('success')], statuses: [] };
const wanted: RequiredCheck[] = [{ name: 'test', appId: null }];

function pull(head: Checks, merged: Checks | null, mergedAt: number | null, more = {}): PullChecks {
  return { head, merged, required: [], mergedAt, now, ...more };
}

export const pullCases: Readonly<Record<string, PullChecks>> = {
  open: pull(green, null, null),
  'open-silent': pull(none, null, null),
  'merge-commit': pull(green, none, justNow),
  squash: pull(green, none, justNow),
  'squash-red-base': pull(green, red, justNow),
  'red-head': pull(red, green, justNow),
  late: pull(busy, none, longAgo),
  'late-green': pull(green, none, longAgo),
  'checks-on-base': pull(none, green, justNow),
  'checks-on-base-red': pull(none, red, justNow),
  'checks-on-base-running': pull(none, busy, longAgo),
  'merge-queue': pull(other, green, justNow, { required: wanted }),
  'merge-queue-head': pull(green, none, justNow, { required: wanted }),
  'no-ci-yet': pull(none, none, justNow),
  'no-ci': pull(none, none, longAgo),
  bypassed: pull(other, none, longAgo, { required: wanted }),
};
