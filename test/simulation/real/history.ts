// Histories for the real store, queue, git and HTTP: what may happen, drawn from a seed. How one is played is in play.ts.

import fc from 'fast-check';

/** One thing that happens. `problem` is taken modulo the problems of this history. */
export type RealEvent =
  | { do: 'tick'; problem: number; login: 'mia' | 'ray' }
  | { do: 'fix'; problem: number; login: 'mia' | 'ray' }
  | { do: 'merge'; problem: number }
  | { do: 'close'; problem: number }
  | { do: 'push'; problem: number }
  | { do: 'wait'; ms: number }
  | { do: 'kill'; ms: number; back: boolean }
  | { do: 'start' }
  | { do: 'lose database' }
  | { do: 'drop' | 'repeat'; count: number }
  | { do: 'shuffle'; ms: number }
  | { do: 'fail'; method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; status: number; after: boolean }
  | { do: 'fail at source'; status: number; after: boolean };

export type RealHistory = { problems: number; green: boolean; events: RealEvent[] };

const problem = fc.nat({ max: 1 });
const login = fc.constantFrom('mia' as const, 'mia' as const, 'mia' as const, 'ray' as const);
const of = <T extends string>(...values: T[]) => fc.constantFrom(...values);
const status = fc.constantFrom(500, 502, 503);
const kill = fc.record({
  do: of('kill'),
  ms: fc.nat({ max: 2_500 }),
  back: fc.constantFrom(true, true, true, false),
});

const event: fc.Arbitrary<RealEvent> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: of('tick'), problem, login }) },
  { weight: 2, arbitrary: fc.record({ do: of('fix'), problem, login }) },
  { weight: 4, arbitrary: fc.record({ do: of('merge'), problem }) },
  { weight: 1, arbitrary: fc.record({ do: of('close', 'push'), problem }) },
  { weight: 4, arbitrary: fc.record({ do: of('wait'), ms: fc.nat({ max: 3_000 }) }) },
  { weight: 2, arbitrary: kill },
  { weight: 1, arbitrary: fc.record({ do: of('start') }) },
  { weight: 1, arbitrary: fc.record({ do: of('drop', 'repeat'), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: of('shuffle'), ms: fc.nat({ max: 1_500 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: of('fail'),
      method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE'),
      status: fc.constantFrom(0, 500, 502, 503),
      after: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: of('fail at source'), status, after: fc.boolean() }) },
);

/** A tick, then anything, with one death for certain; sometimes the database is gone afterwards. */
export const realHistories: fc.Arbitrary<RealHistory> = fc
  .record({
    problems: fc.integer({ min: 1, max: 2 }),
    green: fc.constantFrom(true, true, true, false),
    before: fc.array(event, { maxLength: 3 }),
    kill,
    lost: fc.constantFrom(false, false, false, false, true),
    after: fc.array(event, { minLength: 1, maxLength: 4 }),
  })
  .map(({ problems, green, before, kill, lost, after }) => ({
    problems,
    green,
    events: [
      { do: 'tick' as const, problem: 0, login: 'mia' as const },
      ...before,
      kill,
      ...(lost ? [{ do: 'lose database' as const }] : []),
      ...after,
      { do: 'merge' as const, problem: 0 },
    ],
  }));
