// The run ledger: who waits for whom, how entries end and go, and the repository's own ledger, read as hostile text.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declaredOverlap, readActiveRuns } from '../../src/domain/ledger/active-runs.ts';
import { batchOf } from '../../src/domain/triage/batch.ts';
import { clashText } from '../../src/domain/ledger/clash.ts';
import { utcMidnight } from '../../src/domain/dates.ts';
import { approvedFacts } from '../../src/domain/fix.ts';
import {
  close,
  isActive,
  overlapping,
  overlaps,
  register,
  trimmed,
  type Run,
} from '../../src/domain/ledger/ledger.ts';
import { runsFold } from '../../src/domain/ledger/runs-fold.ts';
import { fix, hour, now } from './triage-samples.ts';

const day = 24 * hour;

function entered(
  runs: readonly Run[],
  id: string,
  change: { run?: string; by?: string; paths?: string[]; at?: number },
): Run[] {
  const { run = 'r1', by = 'mia', paths = ['src/a.ts'], at = now } = change;
  return register(runs, { runId: run, bindingId: 'b', by, fixId: id, shortId: `PER-${id}`, paths, now: at });
}

describe('an entry', () => {
  it('is one per batch, with the union of its files, and gains files when told again', () => {
    let runs = entered([], '1', {});
    runs = entered(runs, '2', { paths: ['src/b.ts'] });
    runs = entered(runs, '1', { paths: ['src/c.ts'], at: now + hour });
    expect(runs).toHaveLength(1);
    expect(runs[0]?.members.map(({ fixId, paths, at }) => [fixId, paths, at])).toEqual([
      ['2', ['src/b.ts'], now],
      ['1', ['src/a.ts', 'src/c.ts'], now],
    ]);
  });

  it('is active until the last of its fixes has ended, and its first end stands', () => {
    const runs = entered(entered([], '1', {}), '2', {});
    const half = close(runs, '1', { commit: 'abc', at: now });
    expect(half.map(isActive)).toEqual([true]);
    expect(close(half, '1', { aborted: 'late', at: now })).toBe(half);
    const ended = close(half, '2', { aborted: 'no fixer could', at: now });
    expect(ended.map(isActive)).toEqual([false]);
  });

  it('goes 14 days after it last moved', () => {
    const old = close(entered([], '1', { at: now - 20 * day }), '1', { commit: 'abc', at: now - 13 * day });
    expect(trimmed(old, now)).toHaveLength(1);
    expect(trimmed(old, now + 2 * day)).toEqual([]);
    expect(entered(old, '2', { run: 'r2', at: now + 2 * day }).map(({ id }) => id)).toEqual(['r2']);
  });
});

const found = (runs: readonly Run[], id: string, at = now): string[] =>
  overlapping(runs, { fixId: id, paths: ['src/a.ts'], now: at }).map(({ member }) => member.fixId);

describe('two on the same file', () => {
  it('go one after the other, the one registered first first', () => {
    const runs = entered(entered([], '1', {}), '2', { run: 'r2', by: 'bob', at: now + 1 });
    expect([found(runs, '1'), found(runs, '2')]).toEqual([[], ['1']]);
    expect(found(close(runs, '1', { commit: 'abc', at: now }), '2')).toEqual([]);
  });

  it('never wait for each other', () => {
    const times = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(times, (ats) => {
        const ids = ats.map((_, index) => `f${index}`);
        const runs = ats.reduce<Run[]>(
          (all, at, index) => entered(all, `f${index}`, { run: `r${index}`, at: now + at }),
          [],
        );
        expect(ids.filter((id) => found(runs, id).length === 0)).toHaveLength(1);
      }),
    );
  });

  it('do not wait for what is older than two hours, or touches other files', () => {
    const runs = entered(entered([], '1', {}), '2', { run: 'r2', at: now + 1 });
    expect(found(runs, '2', now + 2 * hour)).toEqual([]);
    expect(found(entered(entered([], '1', { paths: ['src/b.ts'] }), '2', { at: now + 1 }), '2')).toEqual([]);
  });

  it.each([
    ['src/a.ts', 'src/a.ts', true],
    ['src/a.ts', 'src/', true],
    ['src/a.ts', 'src/**', true],
    ['src/a.ts', './src', true],
    ['src/a.ts', '**', true],
    ['src/a.ts', 'src/a.tsx', false],
    ['src/ab/c.ts', 'src/a', false],
    ['src/a.ts', 'test/**', false],
  ])('%s and %s: %s', (left, right, expected) => {
    expect(overlaps(left, right)).toBe(expected);
    expect(overlaps(right, left)).toBe(expected);
  });
});

it('knows on which day a date is', () => {
  const some = fc.date({ min: new Date('1970-01-01'), max: new Date('2400-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(some, (date) => {
      const [year, month, dayOfMonth] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
      expect(utcMidnight(year, month + 1, dayOfMonth)).toBe(Date.UTC(year, month, dayOfMonth));
    }),
  );
});

describe("the repository's own ledger", () => {
  const bullets = [
    '# Active Runs Ledger',
    '## Active',
    '- **[2026-11-23 08:30] /research — shelves**',
    '  - **Source:** a talk',
    '  - **Paths:** `src/shelves/**`, `src/{a,b}.ts`, `.claude/active-runs.md`',
    '  - **Status:** started',
    '- **[2026-11-23 08:40] /done — over**',
    '  - **Paths:** `src/c.ts`',
    '  - **Status:** completed (commit: abc)',
    '## Recently completed (last 14 days)',
    '- **[2026-11-23 08:50] /late**',
    '  - **Paths:** `src/d.ts`',
    '  - **Status:** started',
  ].join('\n');

  it('is read as people write it, with a time or under a heading with a date', () => {
    const heading =
      '## Active\n### goals — a modal\n- Started: 2026-11-23. Status: started.\n- Paths: `src/goals/**` (new).\n';
    expect(readActiveRuns(bullets)).toEqual([
      {
        name: '/research — shelves',
        startedAt: Date.UTC(2026, 10, 23, 8, 30),
        paths: ['src/shelves/**', 'src/a.ts', 'src/b.ts'],
      },
    ]);
    const [goals] = readActiveRuns(heading);
    expect(goals?.paths).toEqual(['src/goals/**']);
    expect(declaredOverlap([goals!], { paths: ['src/goals/x.ts'], now })).toHaveLength(1);
    expect(declaredOverlap([goals!], { paths: ['src/goals/x.ts'], now: now + day })).toEqual([]);
  });

  it('counts for two hours, and only for its files', () => {
    const runs = readActiveRuns(bullets);
    expect(declaredOverlap(runs, { paths: ['src/a.ts', 'src/z.ts'], now })).toMatchObject([
      { paths: ['src/a.ts'] },
    ]);
    expect(declaredOverlap(runs, { paths: ['src/z.ts'], now })).toEqual([]);
    expect(declaredOverlap(runs, { paths: ['src/a.ts'], now: now + 2 * hour })).toEqual([]);
  });

  it('breaks nothing, whatever it says, and is shown inert', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(Array.isArray(readActiveRuns(`## Active\n${text}`))).toBe(true);
      }),
    );
    const evil =
      '- **[2026-11-23 08:30] @everyone <img src=x> ](http://evil) **\n  - **Paths:** `src/a.ts`\n  - **Status:** started';
    const [run] = readActiveRuns(`## Active\n${evil}`);
    const text = clashText([{ kind: 'declared', run: run!, paths: ['src/a.ts'] }]);
    expect(text).not.toMatch(/@everyone|<img|[^\\]\]\(http/);
  });
});

describe('what people read', () => {
  it('says who works on what', () => {
    const runs = entered([], '7', { by: 'bob' });
    const overlap = overlapping(runs, { fixId: '8', paths: ['src/a.ts'], now })[0]!;
    const pull = { number: 12, url: 'https://github.example/pull/12', author: 'ann', files: ['src/a.ts'] };
    expect(
      clashText([
        { kind: 'run', overlap },
        { kind: 'pull', pull, paths: ['src/a.ts'] },
      ]),
    ).toMatchInlineSnapshot(
      `"the run of bob (PER-7, since 23 Nov 2026, 09:02 UTC) works on \`src/a.ts\`; [pull request 12](https://github.example/pull/12) by ann changes \`src/a.ts\`"`,
    );
  });

  it('shows active runs and the last that ended', () => {
    const active = entered([], '1', {});
    const fixed = close(entered([], '2', { run: 'r2', by: 'bob' }), '2', {
      commit: 'abcdef0123456',
      at: now,
    });
    const failed = close(entered([], '3', { run: 'r3' }), '3', { aborted: 'No fixer could.', at: now });
    expect(runsFold([...active, ...fixed, ...failed], now)).toMatchInlineSnapshot(`
      "<details><summary>Active runs (1)</summary>

      - 23 Nov 2026, 09:02 UTC · mia · PER-1 · \`src/a.ts\` · started
      - 23 Nov 2026, 09:02 UTC · bob · PER-2 · \`src/a.ts\` · completed (\`abcdef0123\`)
      - 23 Nov 2026, 09:02 UTC · mia · PER-3 · aborted (No fixer could.)

      </details>"
    `);
    expect(runsFold([], now)).toBe('');
  });
});

const approved = (id: string, by: string, at: number) =>
  fix(id, { ...approvedFacts({ by, at, via: 'tick', hint: null }), batch: `batch-${id}` });

describe('a batch', () => {
  it('is what one person approved within some minutes', () => {
    const fixes = [approved('1', 'mia', now), approved('2', 'bob', now + 1)];
    expect(batchOf(fixes, { by: 'mia', at: now + 4 * 60_000 }, 'new')).toBe('batch-1');
    expect(batchOf(fixes, { by: 'mia', at: now + 6 * 60_000 }, 'new')).toBe('new');
    expect(batchOf(fixes, { by: 'ann', at: now }, 'new')).toBe('new');
  });
});
