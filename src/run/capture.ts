// Keeps the head and the tail of a stream of bytes within a limit, and says what is missing.
// It must not know programs or secrets.

/** Bytes as they arrive; memory stays within the limit plus one chunk. */
export class Capture {
  readonly #half: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #dropped = 0;

  /** Takes the most bytes to keep; half of them from the start, half from the end. */
  constructor(maxBytes: number) {
    this.#half = Math.max(1, Math.floor(maxBytes / 2));
  }

  get truncated(): boolean {
    return this.#dropped > 0;
  }

  push(chunk: Buffer): void {
    const room = this.#half - this.#headBytes;
    const head = chunk.subarray(0, Math.max(0, room));
    if (head.length > 0) this.#head.push(head);
    this.#headBytes += head.length;
    this.#pushTail(chunk.subarray(head.length));
  }

  /**
   * What was kept, through `clean`. At a cut, another `margin` characters go on either side after
   * cleaning, so that no part of a secret of that length survives there.
   */
  text(clean: (text: string) => string, margin: number): string {
    const head = Buffer.concat(this.#head);
    const tail = Buffer.concat(this.#tail);
    if (!this.truncated) return clean(Buffer.concat([head, tail]).toString('utf8'));
    const start = clean(head.toString('utf8'));
    const end = clean(tail.toString('utf8'));
    const note = `\n[… ${this.#dropped} bytes of output left out …]\n`;
    return start.slice(0, Math.max(0, start.length - margin)) + note + end.slice(margin);
  }

  #pushTail(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#tail.push(chunk);
    this.#tailBytes += chunk.length;
    let excess = this.#tailBytes - this.#half;
    while (excess > 0) excess = this.#dropFromTail(excess);
  }

  #dropFromTail(excess: number): number {
    const first = this.#tail[0];
    if (first === undefined) return 0;
    const cut = Math.min(excess, first.length);
    if (cut === first.length) this.#tail.shift();
    else this.#tail[0] = first.subarray(cut);
    this.#tailBytes -= cut;
    this.#dropped += cut;
    return excess - cut;
  }
}
