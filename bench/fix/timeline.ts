// What a fix did when, from the log of a Suture that was watched (watch.ts): each block, then what the time went by on.
// It must not measure anything.

import { z } from 'zod';

export type Block = {
  kind: 'check' | 'program' | 'request' | 'busy';
  what: string;
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  /** How long it took to start it. */
  started?: number;
};

type Log = readonly Record<string, unknown>[];

const watched = z.object({
  msg: z.literal('watched'),
  kind: z.enum(['program', 'request', 'busy']),
  what: z.string(),
  from: z.number(),
  to: z.number(),
  started: z.number().optional(),
});
const check = z.object({
  msg: z.literal('a check has run'),
  check: z.string(),
  time: z.number(),
  ms: z.number(),
});

/** Whether that entry is only there because somebody watches. */
export function isWatched(entry: Record<string, unknown>): boolean {
  return entry['msg'] === 'watched';
}

/** A line for each block, and sums: of what runs at the same time, the first kind counts. */
export function timelineOf(log: Log, { from, to }: { from: number; to: number }): string[] {
  const blocks = log.flatMap(blockOf).filter((block) => block.to > from && block.from < to);
  const sorted = blocks.toSorted((left, right) => left.from - right.from);
  const lines = sorted.map((block) => {
    const started = block.started === undefined ? '' : ` (${block.started.toFixed(0)} to start)`;
    const times = [block.from - from, block.to - block.from].map((ms) => ms.toFixed(0).padStart(6)).join(' ');
    return `${times}  ${block.kind.padEnd(7)} ${block.what.slice(0, 90)}${started}`;
  });
  return ['  from     ms', ...lines, '', ...sums(blocks, { from, to })];
}

function blockOf(entry: Record<string, unknown>): Block[] {
  const ran = check.safeParse(entry);
  if (ran.success) {
    const { check: what, time, ms } = ran.data;
    return [{ kind: 'check', what, from: time - ms, to: time }];
  }
  const seen = watched.safeParse(entry);
  if (!seen.success) return [];
  const { started, kind, what, from, to } = seen.data;
  return [{ kind, what, from, to, ...(started === undefined ? {} : { started }) }];
}

const order = ['check', 'program', 'request', 'busy'] as const;

/** Takes each millisecond once. */
function sums(blocks: readonly Block[], { from, to }: { from: number; to: number }): string[] {
  const length = Math.round(to - from);
  const first: (Block['kind'] | undefined)[] = Array.from({ length });
  for (const kind of order.toReversed())
    for (const block of blocks.filter((one) => one.kind === kind))
      first.fill(kind, Math.max(0, Math.round(block.from - from)), Math.max(0, Math.round(block.to - from)));
  const count = (kind: Block['kind']): number => blocks.filter((block) => block.kind === kind).length;
  const spent = (kind: Block['kind'] | undefined): number => first.filter((one) => one === kind).length;
  return [
    ...order.map((kind) => `${kind}: ${count(kind)}, ${spent(kind)} ms`),
    `none of these (database, type checker, waiting): ${spent(undefined)} ms`,
  ];
}
