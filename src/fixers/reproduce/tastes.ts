// The ways to fill parameters, in the order they are tried. A crash is most often something that is not there,
// so what is empty and missing comes first.

import type { Taste } from './values.ts';

const empty: Taste = { entries: 0, optional: false, missing: true, text: '', number: 0, flag: false };
const filled: Taste = { entries: 1, optional: false, missing: true, text: 'a', number: 1, flag: true };

export const tastes: readonly Taste[] = [
  empty,
  { ...empty, text: 'a', number: 1 },
  { ...empty, missing: false },
  filled,
  { ...filled, flag: false },
  { ...filled, missing: false },
  { ...filled, optional: true },
  { ...filled, optional: true, missing: false },
  { ...empty, optional: true, missing: false, text: 'a' },
];

/** Text that is not JSON. */
export const JSON_TASTE: Taste = { ...filled, missing: false, text: '{' };
