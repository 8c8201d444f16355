// Many small writes at once share one: what arrives while a write is in flight goes into the next one.
// It must not know what is written.

type Waiting<T> = { item: T; done: () => void; failed: (error: unknown) => void };

export type GroupCommit<T> = {
  /** Resolves when the item is written; rejects with the write's error. */
  add(item: T): Promise<void>;
  /** Resolves when nothing is being written or waits to be. */
  idle(): Promise<void>;
  /** Resolves at once unless much arrives at a time; then when that is over, or after `limitMs`. */
  calm(limitMs: number): Promise<void>;
};

/** `write` gets at most `limit` items, in the order they came. One write at a time. */
export function groupCommit<T>(limit: number, write: (items: T[]) => Promise<void>): GroupCommit<T> {
  const waiting: Waiting<T>[] = [];
  let idle: Promise<void> | null = null;
  let lastSize = 0;
  let wroteAt = Number.NEGATIVE_INFINITY;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      await gather(() => waiting.length, limit);
      await pause(paceMs - (performance.now() - wroteAt));
      wroteAt = performance.now();
      const batch = waiting.splice(0, limit);
      lastSize = batch.length;
      await writeSome(batch, write);
    }
    idle = null;
  }

  return {
    add: (item) =>
      new Promise((done, failed) => {
        waiting.push({ item, done, failed });
        idle ??= writeAll();
      }),
    idle: async () => idle ?? undefined,
    calm: async (limitMs) => {
      if (idle && lastSize >= stormSize) await Promise.race([idle, timeLimit(limitMs)]);
    },
  };
}

/**
 * A write begins no sooner than this after the one before. A single item after a silence is written at once; in a
 * steady stream the database, the slower part, has a third of the work.
 */
const paceMs = 15;

/** So many in one write mean that a burst is on. */
const stormSize = 16;

/** As long as each turn of the event loop brings more, there is more to come: but never for long. */
const gatherForMs = 50;

/**
 * Node takes one new connection in a turn, and a database in this process blocks the turn it writes in: without
 * these turns a burst's last connections would wait for hundreds of writes.
 */
async function gather(count: () => number, limit: number): Promise<void> {
  const until = performance.now() + gatherForMs;
  let before = 0;
  let calm = 0;
  while (calm < 2 && count() < limit && performance.now() < until) {
    before = count();
    await nextTurn();
    calm = count() > before ? 0 : calm + 1;
  }
}

async function writeSome<T>(batch: Waiting<T>[], write: (items: T[]) => Promise<void>): Promise<void> {
  try {
    await write(batch.map((waiting) => waiting.item));
  } catch (error) {
    for (const waiting of batch) waiting.failed(error);
    return;
  }
  for (const waiting of batch) waiting.done();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function timeLimit(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

async function pause(ms: number): Promise<void> {
  if (ms <= 0) return;
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
