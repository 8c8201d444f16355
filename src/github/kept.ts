// Remembers answers that cost a request, by name. It must not remember a failure, nor decide when to forget.

/** Concurrent callers of one key share one reading; a reading that fails is forgotten. */
export type Kept<T> = {
  read(key: string, look: () => Promise<T>): Promise<T>;
  drop(key: string): void;
  clear(): void;
};

/** `isGood` is asked at every use: what is no longer good is read again. */
export function createKept<T>(isGood: (value: T) => boolean = () => true): Kept<T> {
  const promises = new Map<string, Promise<T>>();

  function start(key: string, look: () => Promise<T>): Promise<T> {
    const promise = look();
    promises.set(key, promise);
    promise.catch(() => {
      if (promises.get(key) === promise) promises.delete(key);
    });
    return promise;
  }

  return {
    async read(key, look) {
      const found = promises.get(key);
      if (found === undefined) return start(key, look);
      const value = await found;
      if (isGood(value)) return value;
      // Another caller may have begun to read anew while we waited.
      const current = promises.get(key);
      return current === undefined || current === found ? start(key, look) : current;
    },
    drop: (key) => void promises.delete(key),
    clear: () => promises.clear(),
  };
}
