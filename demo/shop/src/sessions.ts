import { randomUUID } from 'node:crypto';
import { emptyCart, type Cart } from './cart.ts';
import { log } from './log.ts';

export type Session = { id: string; customer: string; cart: Cart };

/** A customer has one session at a time: signing in again ends the one before. */
export class Sessions {
  readonly #open = new Set<Session>();

  start(customer: string): Session {
    for (const before of this.#open) if (before.customer === customer) this.#open.delete(before);
    const session = { id: randomUUID(), customer, cart: emptyCart() };
    this.#open.add(session);
    return session;
  }

  find(id: string): Session | undefined {
    return [...this.#open].find((session) => session.id === id);
  }

  /** Signs the customer out. */
  end(id: string): void {
    const session = this.find(id)!;
    log.info('signed out', { customer: session.customer });
    this.#open.delete(session);
  }
}
