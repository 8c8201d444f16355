// Sends webhooks as Sentry does for an internal integration: one attempt, one second, no redirects
// (reference sentry.md, 1.2 and 1.4), and can lose, hold, repeat and reorder them.
// Must not know what a webhook is about.

import { randomUUID } from 'node:crypto';
import { Agent, fetch } from 'undici';
import { sign } from './signature.ts';

export type Delivery = {
  resource: string;
  action: string;
  installation: string;
  body: string;
  state: 'held' | 'sending' | 'delivered' | 'failed' | 'dropped' | 'no-address';
  /** The receiver's status; null while none came. */
  status: number | null;
  /** Why it failed. */
  error: string | null;
};

type Message = Pick<Delivery, 'resource' | 'action' | 'installation' | 'body'>;

type Outgoing = { delivery: Delivery; target: () => { url: string | null; clientSecret: string } };

export type DeliveryOptions = { now: () => number; timeoutMs?: number };

export class Deliveries {
  readonly #options: DeliveryOptions;
  readonly #all: Delivery[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  /** A connection for each delivery, as Sentry's sender: none is kept that the receiver may have closed. */
  readonly #agent = new Agent({ pipelining: 0 });
  #held: Outgoing[] | null = null;
  #dropNext = 0;
  #repeatNext = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** From now on deliveries wait. */
  hold(): void {
    this.#held ??= [];
  }

  /** Sends what waits, in its order, and stops holding. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const outgoing of held) this.#start(outgoing);
  }

  /** The next `n` deliveries are lost. */
  drop(n: number): void {
    this.#dropNext += n;
  }

  /** The next `n` deliveries are sent twice. */
  repeat(n: number): void {
    this.#repeatNext += n;
  }

  /** Turns the order of those that wait round; holds from now on when it did not yet. */
  reorder(): void {
    this.hold();
    this.#held?.reverse();
  }

  all(): Delivery[] {
    return [...this.#all];
  }

  /** Resolves when nothing is under way; held ones do not count. */
  async idle(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  /** Waits for what is under way; nothing can be sent afterwards. */
  async close(): Promise<void> {
    await this.idle();
    await this.#agent.close();
  }

  /** Takes one delivery; `target` is asked for the address at the moment of sending. */
  enqueue(message: Message, target: Outgoing['target']): void {
    if (this.#dropNext > 0) {
      this.#dropNext -= 1;
      this.#all.push({ ...message, state: 'dropped', status: null, error: null });
      return;
    }
    this.#enqueueOne(message, target);
    if (this.#repeatNext === 0) return;
    this.#repeatNext -= 1;
    this.#enqueueOne(message, target);
  }

  #enqueueOne(message: Message, target: Outgoing['target']): void {
    const delivery: Delivery = { ...message, state: 'held', status: null, error: null };
    this.#all.push(delivery);
    if (this.#held) this.#held.push({ delivery, target });
    else this.#start({ delivery, target });
  }

  #start(outgoing: Outgoing): void {
    outgoing.delivery.state = 'sending';
    const sending = this.#send(outgoing);
    this.#inFlight.add(sending);
    void sending.finally(() => this.#inFlight.delete(sending));
  }

  async #send({ delivery, target }: Outgoing): Promise<void> {
    const { url, clientSecret } = target();
    if (url === null) {
      delivery.state = 'no-address';
      return;
    }
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: delivery.body,
        redirect: 'manual',
        dispatcher: this.#agent,
        headers: this.#headers(delivery, clientSecret),
        signal: AbortSignal.timeout(this.#options.timeoutMs ?? 1000),
      });
      await response.arrayBuffer();
      delivery.status = response.status;
      delivery.state = response.ok ? 'delivered' : 'failed';
    } catch (error) {
      delivery.state = 'failed';
      delivery.error = String(error);
    }
  }

  #headers(delivery: Delivery, clientSecret: string): Record<string, string> {
    return {
      'Content-Type': 'application/json',
      'User-Agent': 'sentry/26.8.0',
      'Request-ID': randomUUID().replaceAll('-', ''),
      'Sentry-Hook-Resource': delivery.resource,
      'Sentry-Hook-Timestamp': String(Math.floor(this.#options.now() / 1000)),
      'Sentry-Hook-Signature': sign(delivery.body, clientSecret),
    };
  }
}
