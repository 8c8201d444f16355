// What the code host could not deliver to us, and how it is asked to try again.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { DeliveryTry } from '../domain/redelivery.ts';

export interface MissedDeliveries {
  /** Every finished try since then, newest first. Throws Later when the host cannot be reached. */
  readTries(since: number): Promise<DeliveryTry[]>;
  /** Asks for one more try of the same delivery. Throws Refusal when the host has forgotten it. */
  tryAgain(id: number): Promise<void>;
}
