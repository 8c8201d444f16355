import { randomUUID } from 'node:crypto';
import { emptyCart, type Cart } from './cart.ts';

export type Session = { id: string; customer: string; cart: Cart };

/** A customer has one session at a time: signing in again ends the one before. */
export class Sessions {
  readonly #byId = new Map<string, Session>();
  readonly #byCustomer = new Map<string, string>();

  start(customer: string): Session {
    const before = this.#byCustomer.get(customer);
    if (before !== undefined) this.#byId.delete(before);
    const session = { id: randomUUID(), customer, cart: emptyCart() };
    this.#byId.set(session.id, session);
    this.#byCustomer.set(customer, session.id);
    return session;
  }

  find(id: string): Session | undefined {
    return this.#byId.get(id);
  }

  /** Signs the customer out everywhere. */
  end(id: string): void {
    const customer = this.#byId.get(id)!.customer;
    this.#byId.delete(id);
    this.#byCustomer.delete(customer);
  }
}
