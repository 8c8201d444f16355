// Failures a test orders: the next requests that match answer an error, before or after doing their work.

export type Fault = {
  method: string;
  path: RegExp;
  /** 0 cuts the connection without an answer. */
  status: number;
  times: number;
  /** Does the work, then answers the error all the same. */
  after?: boolean;
  /** Tested against the asker's User-Agent; anybody when absent. */
  agent?: RegExp;
};

export class Faults {
  readonly #waiting: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times });
  }

  /** The fault this request meets, used up once; null for none. */
  take(method: string, path: string, agent: string): Fault | null {
    const found = this.#waiting.find(
      ({ fault, left }) =>
        left > 0 &&
        fault.method.toUpperCase() === method &&
        fault.path.test(path) &&
        (fault.agent?.test(agent) ?? true),
    );
    if (!found) return null;
    found.left -= 1;
    return found.fault;
  }
}
