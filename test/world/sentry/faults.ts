// What a test asks to go wrong: failures, slowness, the limiter.
// Must not answer; server.ts asks it what to do.

type Matched = { path: RegExp; times: number };

export type Failure = {
  /** Any method when absent. */
  method?: string;
  /** Tested against the path with its query, `/api/0/…` included. */
  path: RegExp;
  status: number;
  times: number;
  body?: unknown;
  /** The change is made first, and its answer lost. */
  after?: boolean;
};

export class Faults {
  readonly #failures: Failure[] = [];
  readonly #slow: (Matched & { ms: number })[] = [];
  readonly #limited: Matched[] = [];

  fail(failure: Failure): void {
    this.#failures.push({ ...failure });
  }

  slow(input: Matched & { ms: number }): void {
    this.#slow.push({ ...input });
  }

  rateLimit(input: Matched): void {
    this.#limited.push({ ...input });
  }

  /** Uses up one, if one is due. */
  takeFailure(method: string, path: string): Failure | undefined {
    const due = this.#failures.filter((failure) => failure.method === undefined || failure.method === method);
    return take(due, path);
  }

  /** Milliseconds to wait before answering. */
  takeDelay(path: string): number {
    return take(this.#slow, path)?.ms ?? 0;
  }

  takeRateLimit(path: string): boolean {
    return take(this.#limited, path) !== undefined;
  }
}

function take<T extends Matched>(faults: readonly T[], path: string): T | undefined {
  const due = faults.find((fault) => fault.times > 0 && path.search(fault.path) !== -1);
  if (due) due.times -= 1;
  return due;
}
