// Sends webhook deliveries over HTTP, once each and without retry, and can hold, drop, repeat, delay or reorder
// them. Knows nothing of what a delivery is about.

import { setTimeout as wait } from 'node:timers/promises';

const answerWithinMs = 10_000;

export type Delivery = {
  id: number;
  guid: string;
  event: string;
  action: string | null;
  appSlug: string;
  installationId: number | null;
  repositoryId: number | null;
  url: string;
  requestHeaders: Record<string, string>;
  /** The exact bytes that were signed. */
  payload: string;
  deliveredAt: number;
  redelivery: boolean;
  /** GitHub's words: `OK`, `failed to connect to host`, …; `pending` until it was sent. */
  status: string;
  /** 0 when no answer came. */
  statusCode: number;
  durationSeconds: number;
  responseHeaders: Record<string, string>;
  responseBody: string | null;
};

export type NewDelivery = Omit<
  Delivery,
  | 'id'
  | 'deliveredAt'
  | 'redelivery'
  | 'status'
  | 'statusCode'
  | 'durationSeconds'
  | 'responseHeaders'
  | 'responseBody'
>;

/** The switches a test has over deliveries. */
export type DeliverySwitches = {
  /** Keeps everything back from now on, until `release`. */
  hold(): void;
  /** Sends what was kept back, and holds no more. */
  release(): void;
  /** The next `count` deliveries (to that app, when named) never arrive; the log shows them as failed. */
  drop(count: number, appSlug?: string): void;
  /** The next `count` deliveries (to that app, when named) arrive twice with the same GUID. */
  repeat(count: number, appSlug?: string): void;
  /** What is kept back goes out newest first at the next `release`, one after the other. */
  reorder(): void;
  /** Every later delivery waits this long first; 0 ends it. */
  delayMs(ms: number): void;
  all(): Delivery[];
  /** Sends that delivery again with the same GUID. */
  redeliver(guid: string): Promise<void>;
  /** Resolves when nothing is on its way; what is kept back does not count. */
  idle(): Promise<void>;
};

/** What is to happen to the next so many deliveries to an app; to any when none is named. */
type Planned = { left: number; appSlug: string | null };

function takeOne(planned: Planned, { appSlug }: NewDelivery): boolean {
  if (planned.left === 0 || (planned.appSlug !== null && planned.appSlug !== appSlug)) return false;
  planned.left -= 1;
  return true;
}

export class DeliveryQueue implements DeliverySwitches {
  readonly #log: Delivery[] = [];
  readonly #clock: { now(): number; nextId(): number };
  readonly #stop = new AbortController();
  readonly #onTheWay = new Set<Promise<void>>();
  #held: Delivery[] | null = null;
  #reversed = false;
  #drops: Planned = { left: 0, appSlug: null };
  #repeats: Planned = { left: 0, appSlug: null };
  #delay = 0;

  constructor(clock: { now(): number; nextId(): number }) {
    this.#clock = clock;
  }

  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    if (!this.#reversed) return held.forEach((one) => this.#start(() => this.#send(one)));
    this.#reversed = false;
    this.#start(async () => {
      for (const one of held.toReversed()) await this.#send(one);
    });
  }

  drop(count: number, appSlug: string | null = null): void {
    this.#drops = { left: count, appSlug };
  }

  repeat(count: number, appSlug: string | null = null): void {
    this.#repeats = { left: count, appSlug };
  }

  reorder(): void {
    this.#reversed = true;
  }

  delayMs(ms: number): void {
    this.#delay = ms;
  }

  all(): Delivery[] {
    return [...this.#log];
  }

  async redeliver(guid: string): Promise<void> {
    const first = this.#log.find((one) => one.guid === guid);
    if (!first) throw new Error(`No delivery has the GUID ${guid}.`);
    await this.#send(this.#record(first, true));
  }

  /** The same without waiting for the outcome, as the API does it. */
  startRedelivery(first: Delivery): void {
    const again = this.#record(first, true);
    this.#start(() => this.#send(again));
  }

  async idle(): Promise<void> {
    while (this.#onTheWay.size > 0) await Promise.all(this.#onTheWay);
  }

  /** A delivery of its own; goes out at once unless a switch says otherwise. */
  enqueue(delivery: NewDelivery): void {
    const record = this.#record(delivery, false);
    if (takeOne(this.#drops, delivery)) {
      record.status = 'failed to connect to host';
      return;
    }
    const copies = [record];
    if (takeOne(this.#repeats, delivery)) copies.push(this.#record(delivery, false));
    for (const copy of copies) {
      if (this.#held) this.#held.push(copy);
      else this.#start(() => this.#send(copy));
    }
  }

  /** Breaks off whatever is on its way. */
  async close(): Promise<void> {
    this.#held = null;
    this.#stop.abort();
    await this.idle();
  }

  #record(delivery: NewDelivery, redelivery: boolean): Delivery {
    const record: Delivery = {
      ...delivery,
      id: this.#clock.nextId(),
      deliveredAt: this.#clock.now(),
      redelivery,
      status: 'pending',
      statusCode: 0,
      durationSeconds: 0,
      responseHeaders: {},
      responseBody: null,
    };
    this.#log.push(record);
    return record;
  }

  #start(work: () => Promise<void>): void {
    const running = work().finally(() => this.#onTheWay.delete(running));
    this.#onTheWay.add(running);
  }

  async #send(delivery: Delivery): Promise<void> {
    const startedAt = this.#clock.now();
    try {
      if (this.#delay > 0) await wait(this.#delay, undefined, { signal: this.#stop.signal });
      const response = await fetch(delivery.url, {
        method: 'POST',
        headers: delivery.requestHeaders,
        body: delivery.payload,
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(answerWithinMs)]),
      });
      delivery.responseBody = await response.text();
      delivery.responseHeaders = Object.fromEntries(response.headers);
      delivery.statusCode = response.status;
      delivery.status = response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`;
    } catch (error) {
      // GitHub does not retry either: the failure stays in the delivery log.
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      delivery.status = timedOut ? 'timed out' : 'failed to connect to host';
    }
    delivery.durationSeconds = (this.#clock.now() - startedAt) / 1000;
  }
}
