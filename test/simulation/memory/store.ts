// The store and queue in memory as the port wants them. Every call goes through a gate, which a scheduler can hold.

import { AsyncLocalStorage } from 'node:async_hooks';
import { Bug } from '../../../src/domain/failure.ts';
import type { Clock, Rows, Store } from '../../../src/ports.ts';
import { begin, end, untilFree, type Database } from './database.ts';
import { rowsOn } from './rows.ts';

/** Runs an effect, at once or later; `free` says whether it may run now, `freed` resolves when it may. */
export type Gate = <T>(
  what: string,
  effect: () => Promise<T>,
  wait?: { free: () => boolean; freed: () => Promise<void> },
) => Promise<T>;

/** Runs every effect as soon as it may. */
export const openGate: Gate = async (_what, effect, wait) => {
  await wait?.freed();
  return effect();
};

const reads = new Set<keyof Rows>([
  'readProblems',
  'readIssue',
  'readBindingState',
  'readFix',
  'readFixes',
  'readLedger',
  'readIdentity',
]);

export function memoryStore(database: Database, clock: Clock, gate: Gate): Store {
  const inside = new AsyncLocalStorage<{ done: boolean }>();
  const wait = { free: () => database.open === null, freed: () => untilFree(database) };
  const outer = rowsOn(database, clock, () => database.tables);
  const refuseInside = (): void => {
    if (inside.getStore()?.done === false)
      throw new Bug('Inside a transaction use the rows it was given, not the store.');
  };
  const guarded = gatedRows(outer, async (name, effect) => {
    refuseInside();
    return reads.has(name) ? gate(name, effect) : gate(name, effect, wait);
  });
  return {
    ...guarded,
    transaction: async (work) => {
      refuseInside();
      await gate('begin', async () => begin(database), wait);
      const own = database.open;
      const tables = (): NonNullable<typeof own> => {
        if (own === null || database.open !== own) throw new Bug('The transaction is over.');
        return own;
      };
      const state = { done: false };
      try {
        const rows = gatedRows(rowsOn(database, clock, tables), (name, effect) => gate(`in ${name}`, effect));
        const result = await inside.run(state, () => work(rows));
        await gate('commit', async () => end(database, 'commit'));
        return result;
      } catch (error) {
        if (database.open === own) end(database, 'rollback');
        throw error;
      } finally {
        state.done = true;
      }
    },
  };
}

function gatedRows(rows: Rows, gate: <T>(name: keyof Rows, effect: () => Promise<T>) => Promise<T>): Rows {
  const gated = Object.entries(rows).map(([name, call]) => [
    name,
    (...values: unknown[]) =>
      gate(name as keyof Rows, async () => {
        const result: unknown = await Reflect.apply(call, rows, values);
        return result;
      }),
  ]);
  return Object.fromEntries(gated) as Rows;
}
