// Names in code as words, and which of them stand for something where a silent guard costs: money, identity, access.
// It knows no syntax; callers decide what follows.

/** `activeSession` -> `['active', 'session']`; `MAX_TOTAL` -> `['max', 'total']`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

export type Delicate = 'amount' | 'identifier' | 'access';

const amounts = new Set(
  (
    'amount amounts price prices total totals subtotal subtotals sum sums cost costs balance balances fee fees tax ' +
    'taxes vat discount discounts refund refunds payment payments payout payouts invoice invoices money cents ' +
    'currency salary rate quantity qty credit debit revenue margin'
  ).split(' '),
);

const access = new Set(
  (
    'auth authorization authentication authorized authenticated permission permissions role roles token tokens ' +
    'password passwords secret secrets credential credentials admin scope scopes acl signature jwt oauth login ' +
    'privilege privileges'
  ).split(' '),
);

const identifiers = new Set(['id', 'ids', 'uuid', 'guid']);

/** What a name is about, when it is one of those; null for the rest. */
export function delicacyOf(name: string): Delicate | null {
  const words = wordsOf(name);
  if (words.some((word) => amounts.has(word))) return 'amount';
  if (words.some((word) => access.has(word))) return 'access';
  return identifiers.has(words.at(-1) ?? '') ? 'identifier' : null;
}

const guardedAreas = new Set(
  (
    'payment payments pay billing checkout charge charges refund refunds payout payouts invoice invoices auth oauth ' +
    'login logout signin password passwords permission permissions credential credentials acl crypto'
  ).split(' '),
);

/** The word of a path or function name that says it deals with money or access; null when none does. */
export function guardedArea(name: string): string | null {
  return wordsOf(name).find((word) => guardedAreas.has(word)) ?? null;
}
