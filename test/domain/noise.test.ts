// The hand procedure's noise filter, as a table.

import { expect, it } from 'vitest';
import { defaultNoiseRules, noiseRule } from '../../src/domain/triage/noise.ts';
import type { Problem } from '../../src/domain/problem.ts';

const day = 24 * 60 * 60 * 1000;
const now = 100 * day;

const problem: Problem = {
  id: '1',
  shortId: 'A-1',
  title: 't',
  culprit: null,
  level: 'error',
  status: 'unresolved',
  substatus: null,
  count: 5,
  userCount: 1,
  firstSeen: now - 9 * day,
  lastSeen: now,
  platform: null,
  category: 'error',
  unhandled: null,
  exception: { type: null, value: null },
  daily: [],
  releases: null,
  permalink: 'https://sentry.example/1',
  projectId: null,
};

it.each<[string, Partial<Problem>, string | null]>([
  ['an error of today', {}, null],
  ['a fatal one', { level: 'fatal' }, null],
  ['a warning', { level: 'warning' }, 'level'],
  ['telemetry', { level: 'info' }, 'telemetry'],
  ['seen six days ago', { lastSeen: now - 6 * day }, null],
  ['seen exactly seven days ago', { lastSeen: now - 7 * day }, null],
  ['not seen for eight days', { lastSeen: now - 8 * day }, 'stale'],
  ['once, four days ago', { count: 1, lastSeen: now - 4 * day }, 'fluke'],
  ['once, two days ago', { count: 1, lastSeen: now - 2 * day }, null],
  ['twice, four days ago', { count: 2, lastSeen: now - 4 * day }, null],
  ['a monitor', { category: 'cron' }, 'kind'],
  ['of unknown category', { category: null }, null],
  ['of unknown age', { lastSeen: null, count: 1 }, null],
])('%s', (_, change, rule) => {
  expect(noiseRule({ ...problem, ...change }, defaultNoiseRules, now)).toBe(rule);
});
