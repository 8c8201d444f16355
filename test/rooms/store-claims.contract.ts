// The promises of `Rows` (ports.ts) about roots and the run ledger, for any implementation of them.
// It must not know how one is built; store.contract.ts runs it.

import { expect, it } from 'vitest';
import type { Fix } from '../../src/domain/fix.ts';
import type { Run } from '../../src/domain/ledger/ledger.ts';
import type { Store } from '../../src/ports.ts';
import { someFix } from './store-samples.ts';

type Context = { store: () => Store; another: () => Promise<Store> };

const root = '["src/a.ts","price","TypeError"]';

const ended = (fix: Fix): Fix => ({
  ...fix,
  facts: { ...fix.facts, ending: { kind: 'failed', reason: 'The tests failed.', at: 2 } },
});

export function rootPromises({ store, another }: Context): void {
  it('gives a root to one live fix of a binding', async () => {
    await store().createFix(someFix('f1'));
    await store().createFix(someFix('f2', { problemId: '8' }));
    await store().createFix(someFix('f3', { problemId: '9' }));
    await store().createFix(someFix('f4', { bindingId: 'b2' }));
    expect(await store().claimRoot('f1', root)).toBe('f1');
    expect(await store().claimRoot('f1', root)).toBe('f1');
    expect(await store().claimRoot('f2', root)).toBe('f1');
    expect(await store().claimRoot('f3', `${root} other`)).toBe('f3');
    expect(await store().claimRoot('f4', root)).toBe('f4');
    expect(await store().claimRoot('nobody', root)).toBeNull();
  });

  it('gives it to the next once the first has ended, and never to one that ended', async () => {
    await store().createFix(someFix('f1'));
    await store().createFix(someFix('f2', { problemId: '8' }));
    await store().claimRoot('f1', root);
    await store().updateFix('f1', ended);
    expect(await store().claimRoot('f1', root)).toBeNull();
    expect(await store().claimRoot('f2', root)).toBe('f2');
    // The first comes to life again: it must not take the root back.
    await store().updateFix('f1', () => someFix('f1'));
    await store().createFix(someFix('f3', { problemId: '9' }));
    expect(await store().claimRoot('f3', root)).toBe('f2');
  });

  it('gives it to one, however many claim it at once on two connections', async () => {
    const other = await another();
    const fixes = Array.from({ length: 8 }, (_, index) => someFix(`f${index}`, { problemId: `${index}` }));
    for (const fix of fixes) await store().createFix(fix);
    const holders = await Promise.all(
      fixes.map(({ id }, index) => (index % 2 === 0 ? store() : other).claimRoot(id, root)),
    );
    expect(new Set(holders).size).toBe(1);
    expect(fixes.map(({ id }) => id)).toContain(holders[0]);
  });

  it('takes a root back when the transaction fails', async () => {
    await store().createFix(someFix('f1'));
    await store().createFix(someFix('f2', { problemId: '8' }));
    const failing = store().transaction(async (rows) => {
      expect(await rows.claimRoot('f1', root)).toBe('f1');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await store().claimRoot('f2', root)).toBe('f2');
  });
}

function run(id: string, change: Partial<Run> = {}): Run {
  const member = { fixId: `fix ${id}`, shortId: 'SHOP-7', paths: ['src/a.ts'], at: 5, end: null };
  return { id, bindingId: 'b1', by: 'ada', startedAt: 5, members: [member], ...change };
}

export function ledgerPromises({ store, another }: Context): void {
  it('keeps one ledger per repository, whatever the case of its name', async () => {
    expect(await store().readLedger('acme/shop')).toEqual([]);
    expect(await store().updateLedger('acme/shop', () => [run('1')])).toEqual([run('1')]);
    expect(await store().updateLedger('Acme/Shop', (runs) => [...runs, run('2')])).toEqual([
      run('1'),
      run('2'),
    ]);
    expect(await store().readLedger('ACME/shop')).toEqual([run('1'), run('2')]);
    expect(await store().readLedger('acme/desk')).toEqual([]);
  });

  it('loses no entry when several change it at once', async () => {
    const other = await another();
    const wanted = Array.from({ length: 10 }, (_, index) => `run ${index}`);
    await Promise.all(
      wanted.map((id, index) =>
        (index % 2 === 0 ? store() : other).updateLedger('acme/shop', (runs) => [...runs, run(id)]),
      ),
    );
    expect((await store().readLedger('acme/shop')).map(({ id }) => id).toSorted()).toEqual(wanted);
  });
}
