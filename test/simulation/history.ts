// Histories: what may happen, drawn at random. How one is played is in play.ts.

import fc from 'fast-check';
import type { Role } from '../../src/ports.ts';
import type { MergeMethod } from './memory/forge.ts';
import type { Luck } from './mail.ts';
import type { Edit, Verb } from './people.ts';
import { problemCount } from './problems.ts';
import type { Trouble } from './world.ts';

/** One thing that happens. `site` and every other number is taken modulo what there is. */
export type Event =
  | { do: 'run'; steps: number; seed: number }
  | { do: 'raise'; site: number; problem: number }
  | { do: 'status'; site: number; problem: number; status: 'resolved' | 'ignored' }
  | { do: 'release'; site: number }
  | { do: 'box'; site: number; problem: number; login: string; ticked: boolean; stale: boolean }
  | { do: 'edit'; site: number; login: string; edit: Edit; line: number }
  | { do: 'command'; site: number; problems: number[]; login: string; verb: Verb }
  | { do: 'review'; site: number; pull: number; login: string }
  | { do: 'send again'; delivery: number }
  | { do: 'forge'; site: number; login: string }
  | { do: 'role'; site: number; login: string; role: Role }
  | { do: 'close issue'; site: number }
  | {
      do: 'ci';
      site: number;
      pull: number;
      name: string;
      conclusion: string | null;
      merged: boolean;
      /** The host tells nobody, now or later. */
      untold?: boolean;
    }
  | { do: 'merge'; site: number; pull: number; method: MergeMethod }
  | OnPull<'close'>
  | OnPull<'reopen'>
  | OnPull<'push'>
  | OnPull<'delete branch'>
  | { do: 'wait'; ms: number }
  | { do: 'luck'; next: Luck[] }
  | { do: 'trouble'; port: string; kind: Trouble['kind']; ms: number }
  | { do: 'kill'; process: number; back: boolean }
  | { do: 'start' }
  | { do: 'stall'; process: number }
  | { do: 'lose database' };

type OnPull<D extends string> = { do: D; site: number; pull: number };

export type History = { seed: number; events: Event[] };

const day = 24 * 60 * 60 * 1000;
const small = fc.nat({ max: 5 });
const site = fc.constantFrom(0, 0, 0, 1);
const problem = fc.constantFrom(0, 0, 1, 2, 3, 4, 5, 6, 7, 8).map((index) => index % problemCount);
const login = fc.constantFrom('ada', 'ada', 'bob', 'ray', 'eve');
const of = <T extends string>(...values: T[]) => fc.constantFrom(...values);
const run = fc.record({
  do: of('run'),
  steps: fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 400 })),
  seed: fc.nat({ max: 1_000_000 }),
});
const box = fc.record({
  do: of('box'),
  site,
  problem,
  login,
  ticked: fc.constantFrom(true, true, true, false),
  stale: fc.constantFrom(false, false, false, true),
});
const conclusion = fc.constantFrom('success', 'success', 'success', 'failure', 'skipped', 'cancelled', null);

const anything: fc.Arbitrary<Event> = fc.oneof(
  { weight: 14, arbitrary: run },
  { weight: 4, arbitrary: fc.record({ do: of('raise'), site, problem }) },
  { weight: 1, arbitrary: fc.record({ do: of('status'), site, problem, status: of('resolved', 'ignored') }) },
  { weight: 1, arbitrary: fc.record({ do: of('release'), site }) },
  { weight: 6, arbitrary: box },
  {
    weight: 3,
    arbitrary: fc.record({
      do: of('command'),
      site,
      problems: fc.array(problem, { minLength: 1, maxLength: 3 }),
      login,
      verb: of('fix', 'fix', 'retry', 'archive', 'skip'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: of('edit'),
      site,
      login,
      edit: of('tick all', 'empty', 'cut', 'add', 'twice'),
      line: fc.nat({ max: 60 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: of('review'), site, pull: small, login }) },
  { weight: 1, arbitrary: fc.record({ do: of('send again'), delivery: fc.nat({ max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ do: of('forge'), site, login }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: of('role'),
      site,
      login,
      role: fc.constantFrom<Role>('none', 'read', 'write'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: of('close issue'), site }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: of('ci'),
      site,
      pull: small,
      name: of('test', 'lint'),
      conclusion,
      merged: fc.constantFrom(false, false, true),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: of('merge'), site, pull: small, method: of('merge', 'squash', 'rebase') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: of('close', 'reopen', 'push', 'delete branch'), site, pull: small }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: of('wait'),
      ms: fc.constantFrom(1000, 60_000, 900_000, 3_600_000, 8 * day, 15 * day),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: of('luck'),
      next: fc.array(fc.constantFrom<Luck>('lost', 'doubled', 'late', 'fine'), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: of('trouble'),
      port: of('host', 'source', 'git'),
      kind: fc.constantFrom<Trouble['kind']>('before', 'after', 'after', 'refused', 'bug', 'slow', 'limited'),
      ms: fc.constantFrom(5000, 60_000, 1_200_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: of('kill'), process: small, back: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: of('start') }) },
  { weight: 1, arbitrary: fc.record({ do: of('stall'), process: small }) },
  { weight: 1, arbitrary: fc.record({ do: of('lose database') }) },
);

const numbers = fc.record({ site, problem, seed: fc.nat({ max: 1_000_000 }), pull: small });
type Numbers = { site: number; problem: number; seed: number; pull: number };

const long = (seed: number): Event => ({ do: 'run', steps: 350, seed });
const asked = ({ site, problem, seed }: Numbers): Event[] => [
  { do: 'raise', site, problem },
  { do: 'run', steps: 150, seed },
  { do: 'box', site, problem, login: 'ada', ticked: true, stale: false },
];
const passed = ({ site, pull }: Numbers): Event => ({
  do: 'ci',
  site,
  pull,
  name: 'test',
  conclusion: 'success',
  merged: false,
});
const merged = ({ site, pull }: Numbers): Event => ({ do: 'merge', site, pull, method: 'squash' });

/** Several asked for at once, or one while another is at work. */
function together({ site, seed }: Numbers, problems: readonly number[]): Event[] {
  const first = problems.map((problem): Event => ({ do: 'raise', site, problem }));
  const boxes = problems.map((problem): Event[] => [
    { do: 'command', site, problems: [problem], login: seed % 3 === 0 ? 'bob' : 'ada', verb: 'fix' },
    { do: 'run', steps: seed % 120, seed },
  ]);
  return [...first, { do: 'run', steps: 150, seed }, ...boxes.flat(), long(seed)];
}

/** Resolved, and then left alone for longer than it is watched, or not. */
function watched(of: Numbers, back: boolean): Event[] {
  const { site, problem, seed } = of;
  const came: Event[] = back ? [{ do: 'raise', site, problem }] : [];
  const later: Event[] = [{ do: 'wait', ms: 8 * day }, long(seed)];
  return [
    ...asked(of),
    long(seed),
    passed(of),
    merged(of),
    long(seed),
    ...came,
    long(seed),
    ...later,
    ...later,
  ];
}

/** A person pushes, and then something happens that we would answer with a commit. */
function takenOver(of: Numbers): Event[] {
  const { site, pull, seed } = of;
  const red: Event = { do: 'ci', site, pull, name: 'test', conclusion: 'failure', merged: false };
  const review: Event = { do: 'review', site, pull, login: 'ada' };
  return [...asked(of), long(seed), { do: 'push', site, pull }, seed % 2 === 0 ? red : review, long(seed)];
}

/** A check begins, a turn of the timer sees it run, and nobody is told how it ends. */
function untold(of: Numbers): Event[] {
  const { site, pull, seed } = of;
  const check = { do: 'ci' as const, site, pull, name: 'test', merged: false };
  const turn: Event = { do: 'wait', ms: 900_000 };
  return [
    ...asked(of),
    long(seed),
    { ...check, conclusion: null },
    long(seed),
    turn,
    long(seed),
    { ...check, conclusion: seed % 2 === 0 ? 'success' : 'failure', untold: true },
  ];
}

/** What mostly happens, in pieces: alone, by accident, it would come about too rarely. */
const pieces: fc.Arbitrary<Event[]> = fc.oneof(
  { weight: 30, arbitrary: anything.map((event): Event[] => [event]) },
  { weight: 3, arbitrary: numbers.map(asked) },
  { weight: 3, arbitrary: numbers.map((of): Event[] => [...asked(of), long(of.seed)]) },
  { weight: 2, arbitrary: numbers.map((of): Event[] => [passed(of), merged(of)]) },
  {
    weight: 2,
    arbitrary: numbers.map((of): Event[] => [
      ...asked(of),
      long(of.seed),
      passed(of),
      merged(of),
      long(of.seed),
    ]),
  },
  {
    weight: 2,
    arbitrary: numbers.map((of): Event[] => [
      { do: 'close', site: of.site, pull: of.pull },
      long(of.seed),
      ...asked(of),
      long(of.seed),
    ]),
  },
  { weight: 2, arbitrary: numbers.map((of) => together(of, [0, 7])) },
  { weight: 2, arbitrary: numbers.map((of) => together(of, [1, 8])) },
  { weight: 1, arbitrary: numbers.map((of) => together(of, [0, 1, 2, 3])) },
  { weight: 2, arbitrary: fc.tuple(numbers, fc.boolean()).map(([of, back]) => watched(of, back)) },
  { weight: 2, arbitrary: numbers.map(takenOver) },
  { weight: 1, arbitrary: numbers.map(untold) },
  {
    weight: 1,
    arbitrary: numbers.map((of): Event[] => [
      ...asked(of),
      long(of.seed),
      { do: 'status', site: of.site, problem: of.problem, status: 'resolved' },
      long(of.seed),
    ]),
  },
);

export const histories: fc.Arbitrary<History> = fc.record({
  seed: fc.nat({ max: 1_000_000 }),
  events: fc.array(pieces, { minLength: 3, maxLength: 24, size: 'max' }).map((parts) => parts.flat()),
});

/** One line for people, and for the replay. */
export function describe(event: Event): string {
  return JSON.stringify(event);
}
