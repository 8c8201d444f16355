// What checks say, row by row through the tables of docs/verdict.md. Doubt is never a pass.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latestRuns } from '../../src/domain/pull/latest-runs.ts';
import { needsMerged, pullVerdict } from '../../src/domain/pull/pull-verdict.ts';
import { failedChecks, verdictOf, type Checks } from '../../src/domain/pull/verdict.ts';
import { commitCases, pullCases, run, status } from './verdict-cases.ts';

const [, commitTable = '', pullTable = ''] = readFileSync(
  new URL('../../docs/verdict.md', import.meta.url),
  'utf8',
).split(/^## (?:The checks of one commit|A pull request, before and after the merge)$/m);

/** Name and verdict of each row; the verdict is the first cell that is one. */
function rowsOf(table: string): [string, string][] {
  return table.split('\n').flatMap((line): [string, string][] => {
    const cells = line.split('|').map((cell) => cell.trim());
    const name = cells[1] ?? '';
    if (!/^[a-z][a-z-]*$/.test(name) || name === 'row') return [];
    return [[name, cells.length === 6 ? (cells[3] ?? '') : (cells[5] ?? '')]];
  });
}

function detail(name: string): string {
  const { checks, required } = commitCases[name] ?? { checks: { runs: [], statuses: [] }, required: [] };
  return verdictOf(checks, required).detail;
}

const commitRows = rowsOf(commitTable.split('\n## ')[0] ?? '');
const pullRows = rowsOf(pullTable.split('\n## ')[0] ?? '');

describe('the checks of one commit', () => {
  it.each(commitRows)('%s: %s', (name, state) => {
    const { checks, required } = commitCases[name] ?? { checks: { runs: [], statuses: [] }, required: [] };
    expect(verdictOf(checks, required).state).toBe(state);
  });

  it('every case is a row, and every row a case', () => {
    expect(commitRows.map(([name]) => name)).toEqual(Object.keys(commitCases));
  });

  it('says in words what it waits for and what failed', () => {
    const told = ['success-and-quiet', 'running', 'failure', 'status-error', 'required-and-other-red'];
    const more = ['required-missing', 'required-skipped', 'required-skipped-red', 'pinned-wrong'];
    expect([...told, ...more].map((name) => `${name}: ${detail(name)}`)).toMatchInlineSnapshot(`
      [
        "success-and-quiet: 1 check passed",
        "running: waiting for lint",
        "failure: test failed",
        "status-error: ci failed",
        "required-and-other-red: 1 required check passed; lint failed, not required",
        "required-missing: waiting for test: required, and not reported yet",
        "required-skipped: test did not have to run",
        "required-skipped-red: lint failed, and test did not run",
        "pinned-wrong: waiting for test of app 7: required, and not reported yet",
      ]
    `);
  });
});

describe('a pull request', () => {
  it.each(pullRows)('%s: %s', (name, state) => {
    const checks = pullCases[name];
    expect(checks && pullVerdict(checks).state).toBe(state);
  });

  it('every case is a row, and every row a case', () => {
    expect(pullRows.map(([name]) => name)).toEqual(Object.keys(pullCases));
  });

  it('asks for the checks of the merged commit only when the head leaves it open', () => {
    const asked = Object.entries(pullCases)
      .filter(([, { head, required }]) => needsMerged(head, required))
      .map(([name]) => name);
    expect(asked).toEqual([
      'open-silent',
      'checks-on-base',
      'checks-on-base-red',
      'checks-on-base-running',
      'merge-queue',
      'no-ci-yet',
      'no-ci',
      'bypassed',
    ]);
  });
});

const words = ['success', 'failure', 'neutral', 'skipped', 'cancelled', 'timed_out', 'odd', null] as const;
const anyRun = fc
  .record({
    name: fc.constantFrom('test', 'lint'),
    conclusion: fc.constantFrom(...words),
    app: fc.constantFrom(1, 2),
    suite: fc.constantFrom(1, 2),
    startedAt: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ name, conclusion, ...more }) =>
    run(name, conclusion, { ...more, completedAt: more.startedAt + 3 }),
  );
const anyChecks: fc.Arbitrary<Checks> = fc.record({
  runs: fc.array(anyRun, { maxLength: 5 }),
  statuses: fc.array(
    fc
      .constantFrom('success' as const, 'failure' as const, 'pending' as const)
      .map((state) => status('ci', state)),
    { maxLength: 2 },
  ),
});

describe('whatever the checks', () => {
  it('passed means that something succeeded, and that nothing which still counts failed or runs', () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        if (verdictOf(checks).state !== 'passed') return;
        const counted = latestRuns(checks.runs);
        expect(counted.every((one) => ['success', 'neutral', 'skipped'].includes(one.conclusion ?? ''))).toBe(
          true,
        );
        expect(checks.statuses.every(({ state }) => state === 'success')).toBe(true);
        expect(counted.some((one) => one.conclusion === 'success') || checks.statuses.length > 0).toBe(true);
      }),
    );
  });

  it('a required check that did not report never passes', () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        expect(verdictOf(checks, [{ name: 'build', appId: null }]).state).toBe('pending');
      }),
    );
  });

  it('what failed is named exactly when the verdict is red', () => {
    const required = fc.constantFrom([], [{ name: 'test', appId: null }]);
    fc.assert(
      fc.property(anyChecks, required, (checks, names) => {
        if (verdictOf(checks, names).state === 'failed')
          expect(failedChecks(checks, names).length).toBeGreaterThan(0);
      }),
    );
  });
});
