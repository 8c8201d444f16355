// Problems, fixes and views for tests of what the triage issue shows.

import { createHmac } from 'node:crypto';
import { approvedFacts, type Fix, type FixFacts } from '../../src/domain/fix.ts';
import type { Signer } from '../../src/domain/marker.ts';
import type { Binding, Problem } from '../../src/domain/problem.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import { triageView, type TriageFacts, type TriageView } from '../../src/domain/triage/triage-view.ts';

export const now = Date.UTC(2026, 10, 23, 9, 2);
export const hour = 60 * 60 * 1000;

export function signerWith(key: string): Signer {
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('hex').slice(0, 16);
  return { sign, verify: (text, signature) => sign(text) === signature };
}

export const signer = signerWith('key');

export const binding: Binding = {
  id: 'acme/shop=acme/shop-web',
  source: { org: 'acme', project: 'shop' },
  repo: { owner: 'acme', name: 'shop-web' },
};

export function problem(id: string, change: Partial<Problem> = {}): Problem {
  return {
    id,
    shortId: `SHOP-${id}`,
    title: `TypeError: Cannot read properties of undefined (reading 'price')`,
    culprit: 'lineTotal(cart)',
    level: 'error',
    status: 'unresolved',
    substatus: 'new',
    count: 10 * Number(id),
    userCount: 3,
    firstSeen: now - 48 * hour,
    lastSeen: now - 2 * hour,
    platform: 'node',
    category: 'error',
    unhandled: true,
    exception: { type: 'TypeError', value: 'x' },
    daily: [],
    releases: null,
    permalink: `https://sentry.example/issues/${id}/`,
    projectId: '1',
    ...change,
  };
}

export function fix(id: string, change: Partial<FixFacts>): Fix {
  const facts = approvedFacts({ by: 'jane', at: now - hour, via: 'tick', hint: null });
  return {
    id: `fix-${id}`,
    bindingId: binding.id,
    problemId: id,
    shortId: `SHOP-${id}`,
    title: 'TypeError',
    permalink: `https://sentry.example/issues/${id}/`,
    attempt: 1,
    facts: { ...facts, ...change },
  };
}

export const pull = {
  number: 57,
  url: 'https://github.example/acme/shop-web/pull/57',
  headSha: 'a'.repeat(40),
  mergeSha: null,
  mergedAt: null,
  closedAt: null,
  base: 'main',
  draft: false,
  conflicts: false,
  failed: [],
};

export function viewOf(problems: Problem[], fixes: Fix[] = [], facts: Partial<TriageFacts> = {}): TriageView {
  return triageView({
    binding,
    problems,
    fixes,
    findings: [],
    skips: [],
    unclaimed: [],
    notice: null,
    settings: defaultSettings,
    mistakes: [],
    now,
    ...facts,
  });
}
