// The three kinds of failure (reference models.md, habit 10). Only the job runner catches them.

/** A person can act on it: a finished sentence, no retry. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** The queue tries again, not before `retryAfterMs`. */
export class Later extends Error {
  override name = 'Later';
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The outside answered in a way we do not understand, or we are wrong. Few retries, reported once. */
export class Bug extends Error {
  override name = 'Bug';
}
