// Counts what one piece of work spends, against its own cap and the day's. Requests under way are counted by
// a guess until they say what they used, so that many at once cannot run past a cap together.

import { Refusal } from '../domain/failure.ts';
import {
  addSpent,
  capText,
  costOf,
  isBeyond,
  nothingSpent,
  tokensOf,
  usedUp,
  type Spent,
  type Usage,
} from '../domain/agent/spending.ts';
import type { ModelOptions } from './models.ts';

/** The day that a time belongs to, in UTC: `2026-11-25`. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export class Purse {
  readonly #options: ModelOptions;
  readonly #stop = new AbortController();
  readonly #underWay = new Map<symbol, Spent>();
  #own: Spent = nothingSpent;
  #day: Spent = nothingSpent;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: ModelOptions) {
    this.#options = options;
  }

  /** Aborted with a Refusal when a cap is reached. */
  get usedUp(): AbortSignal {
    return this.#stop.signal;
  }

  /** What other work of today has spent by now. */
  async readDay(): Promise<void> {
    this.#day = await this.#options.spendings.readSpending(this.#today());
  }

  spent(): Spent {
    return this.#own;
  }

  /** Why no further request may go out, a finished sentence; null while there is room. */
  full(): string | null {
    const { fixCap, dayCap } = this.#options.settings;
    const open = this.#open();
    const own = usedUp(addSpent(this.#own, open), fixCap);
    if (own !== null) return `The cap of one fix is reached: ${own} (MODEL_CAP_FIX: ${capText(fixCap)}).`;
    const day = usedUp(addSpent(this.#day, open), dayCap);
    if (day === null) return null;
    return `Today's cap is reached: ${day} (MODEL_CAP_DAY: ${capText(dayCap)}). It starts anew at midnight UTC.`;
  }

  /** As `full`, for a request that wants to go out: when there is no room, the work ends. */
  refusal(): string | null {
    const full = this.full();
    if (full !== null) this.#stop.abort(new Refusal(full));
    return full;
  }

  begin(requestBytes: number): { use: (usage: Usage, ended: boolean) => void } {
    const name = Symbol('request');
    this.#underWay.set(name, this.#worth({ ...none, input: Math.ceil(requestBytes / 4) }));
    return {
      use: (usage, ended) => {
        if (!this.#underWay.has(name)) return;
        if (ended) this.#end(name, this.#worth(usage));
        else this.#underWay.set(name, this.#worth(usage));
        this.#look();
      },
    };
  }

  /** Resolves when everything spent is written down. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  #worth(usage: Usage): Spent {
    return { requests: 1, tokens: tokensOf(usage), money: costOf(usage, this.#options.settings.prices) };
  }

  #end(name: symbol, spent: Spent): void {
    this.#underWay.delete(name);
    this.#own = addSpent(this.#own, spent);
    this.#day = addSpent(this.#day, spent);
    const { log } = this.#options;
    const day = this.#today();
    this.#writing = this.#writing
      .then(() => this.#write(day, spent))
      .catch((error: unknown) => log.error({ err: error }, 'what a model cost could not be written down'));
  }

  async #write(day: string, spent: Spent): Promise<void> {
    const { spendings } = this.#options;
    await spendings.addSpending(day, spent);
    this.#day = await spendings.readSpending(day);
  }

  #open(): Spent {
    return [...this.#underWay.values()].reduce(addSpent, nothingSpent);
  }

  /** Ends the work as soon as a cap is passed, in the middle of an answer, too. */
  #look(): void {
    const { fixCap, dayCap } = this.#options.settings;
    const open = this.#open();
    const isTooMuch =
      isBeyond(addSpent(this.#own, open), fixCap) || isBeyond(addSpent(this.#day, open), dayCap);
    if (isTooMuch) this.#stop.abort(new Refusal(this.full() ?? 'A cap is reached.'));
  }

  #today(): string {
    return dayOf(this.#options.clock.now());
  }
}

const none: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
