// Work on many things, some of them at a time.

/** So many at once, each begun when one before it has ended. */
export async function atOnce<T>(
  workers: number,
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  const left = [...all];
  const one = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: workers }, one));
}
