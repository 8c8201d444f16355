import { describe, expect, it } from 'vitest';
import { close, isActive, overlapping, register, type Run } from '../../src/domain/ledger.ts';

const wish = (fixId: string, runId: string, paths: string[], now: number) => ({
  runId,
  bindingId: 'b1',
  by: 'mia',
  fixId,
  shortId: fixId.toUpperCase(),
  paths,
  now,
});

function two(): Run[] {
  const first = register([], wish('f1', 'r1', ['src/cart.ts'], 1_000));
  return register(first, wish('f2', 'r2', ['src/cart.ts', 'src/other.ts'], 2_000));
}

describe('the run ledger', () => {
  it('keeps one entry per batch with the union of its files', () => {
    const runs = register(two(), wish('f3', 'r1', ['docs/'], 3_000));
    expect(runs.map(({ id, members }) => [id, members.map(({ paths }) => paths)])).toEqual([
      ['r2', [['src/cart.ts', 'src/other.ts']]],
      ['r1', [['src/cart.ts'], ['docs/']]],
    ]);
  });

  it('shows who works on the same file now, and not what ended or was left for two hours', () => {
    const mine = { fixId: 'f2', paths: ['src/cart.ts'], now: 5_000 };
    expect(overlapping(two(), mine).map(({ member, paths }) => [member.fixId, paths])).toEqual([
      ['f1', ['src/cart.ts']],
    ]);
    expect(overlapping(two(), { ...mine, now: 1_000 + 121 * 60_000 })).toEqual([]);
    const ended = close(two(), 'f1', { commit: 'abc', at: 4_000 });
    expect(overlapping(ended, mine)).toEqual([]);
    expect(ended.map(isActive)).toEqual([true, false]);
  });

  it('takes the first word about an end', () => {
    const once = close(two(), 'f1', { aborted: 'no fixer could', at: 4_000 });
    expect(close(once, 'f1', { commit: 'abc', at: 9_000 })).toEqual(once);
  });
});
