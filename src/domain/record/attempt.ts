// What is remembered of one fixer's turn at a problem, for the record. Pure data; stats.ts counts it.

import type { Spent } from '../agent/spending.ts';

export type Attempt = {
  fixer: string;
  /** The template or agent that made the change; null when none was made. */
  strategy: string | null;
  outcome: 'fixed' | 'refused' | 'failed';
  /** Changes that were judged. */
  tries: number;
  /** Null where no model was asked. */
  spent: Spent | null;
};
