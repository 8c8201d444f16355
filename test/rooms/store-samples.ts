// A problem and a fix for tests of the store.

import { approvedFacts, type Fix } from '../../src/domain/fix.ts';
import type { Problem } from '../../src/domain/problem.ts';

export function someProblem(id: string, change: Partial<Problem> = {}): Problem {
  return {
    id,
    shortId: `SHOP-${id}`,
    title: 'TypeError: x is undefined',
    culprit: null,
    level: 'error',
    status: 'unresolved',
    substatus: null,
    count: 3,
    userCount: 1,
    firstSeen: 1_700_000_000_000,
    lastSeen: null,
    platform: 'node',
    category: 'error',
    unhandled: true,
    exception: { type: 'TypeError', value: 'x is undefined' },
    daily: [],
    releases: null,
    permalink: `https://sentry.test/issues/${id}/`,
    projectId: '1',
    ...change,
  };
}

export function someFix(id: string, change: Partial<Fix> = {}): Fix {
  const facts = approvedFacts({ by: 'ada', at: 1, via: 'tick', hint: null, fixer: null });
  return {
    id,
    bindingId: 'b1',
    problemId: '7',
    shortId: 'SHOP-7',
    title: 'x is undefined',
    permalink: 'https://sentry.test/issues/7/',
    attempt: 1,
    facts,
    ...change,
  };
}
