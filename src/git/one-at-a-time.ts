// Lets work on the same thing wait for its turn within this process.
// It must not know what the work is.

export type OneAtATime = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Runs works of one key one after the other, in the order they came; a failed one does not stop the next. */
export function createOneAtATime(): OneAtATime {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (last.get(key) === settled) last.delete(key);
    }
  };
}
