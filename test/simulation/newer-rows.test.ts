// An old version beside a new one: what the new one keeps in a row survives everything that this one does with it.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Fix } from '../../src/domain/fix.ts';
import type { Ports, Rows } from '../../src/ports.ts';
import { histories } from './history.ts';
import { rowsOf } from './planted.ts';
import { play } from './play.ts';

const later = { later: 'of a newer version' };

/** Rows are made by the newer version, and changed by this one. */
function newerRows(ports: Ports): Ports {
  return rowsOf(ports, (rows) => ({
    createFix: (fix) => rows.createFix(withLater(fix)),
    updateIssue: (bindingId, change) =>
      rows.updateIssue(bindingId, (known) => {
        const changed = change(known);
        return known === null && changed ? { ...changed, ...later } : changed;
      }),
    saveBindingState: async (state) => {
      const known = await rows.readBindingState(state.bindingId);
      await rows.saveBindingState(known === null ? { ...state, ...later } : state);
    },
    updateLedger: (repo, change) => rows.updateLedger(repo, (runs) => newRuns(runs, change(runs))),
  }));
}

function withLater(fix: Fix): Fix {
  const life = { ...fix.facts.life, ...later };
  return { ...fix, ...later, facts: { ...fix.facts, ...later, life } };
}

type Runs = Awaited<ReturnType<Rows['readLedger']>>;

function newRuns(before: Runs, after: Runs): Runs {
  const known = new Set(before.flatMap(({ id, members }) => [id, ...members.map(({ fixId }) => fixId)]));
  return after.map((run) => ({
    ...(known.has(run.id) ? run : { ...run, ...later }),
    members: run.members.map((member) => (known.has(member.fixId) ? member : { ...member, ...later })),
  }));
}

it('keeps them in 60 histories', async () => {
  const seen = { fixes: 0, issues: 0, states: 0, runs: 0 };
  for (const history of fc.sample(histories, { numRuns: 60, seed: 3 })) {
    const { world } = await play(history, { sabotage: newerRows });
    const { fixes, issues, states, ledgers } = world.database.tables;
    for (const { fix } of fixes.values()) {
      seen.fixes += 1;
      expect([fix, fix.facts, fix.facts.life]).toMatchObject([later, later, later]);
    }
    for (const state of states.values()) {
      seen.states += 1;
      expect(state).toMatchObject(later);
    }
    for (const issue of issues.values()) seen.issues += 'later' in issue ? 1 : 0;
    for (const run of [...ledgers.values()].flat()) {
      seen.runs += 1;
      expect([run, ...run.members]).toMatchObject([later, ...run.members.map(() => later)]);
    }
  }
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
}, 300_000);
