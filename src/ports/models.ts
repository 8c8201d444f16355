// The way to language models, for programs that must not hold the key.
// Nothing here may name an SDK, a path of an API or a vendor's word.

import type { Spent } from '../domain/agent/spending.ts';

/** A way to the operator's models for one piece of work: a server of ours, and a key that is worth nothing elsewhere. */
export type ModelDoor = {
  /** Where it listens, as a Unix socket and as a port of the loopback; either stands for the operator's address. */
  socket: string;
  port: number;
  key: string;
  spent(): Spent;
  /** Aborted with a Refusal when a cap is reached. */
  usedUp: AbortSignal;
  /** Lets no request through any more. Safe to call twice. */
  close(): Promise<void>;
};

export interface Models {
  /** Throws Refusal when the day's cap is used up already. */
  open(): Promise<ModelDoor>;
  /** Whether the models' address answers, without asking a model; a finished sentence. Throws Refusal when not. */
  look(): Promise<string>;
  /** The cap of one fix, and what was spent today of the day's. */
  budget(): Promise<{ fix: string; day: string }>;
}

/** What was spent on each day (`2026-11-25`); outlives the process. */
export interface Spendings {
  addSpending(day: string, spent: Spent): Promise<void>;
  readSpending(day: string): Promise<Spent>;
}
