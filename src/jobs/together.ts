// Waits for works that do not need each other. It must not hide a failure.

/** All of them at once; of several failures the one that stands first counts, whichever came first. */
export async function together<const T extends readonly unknown[]>(
  works: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
