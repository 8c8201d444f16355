// Names in code as words: what they are called in a sentence, and which of them must not be guarded silently.
// It knows no syntax tree.

/** `activeSession` -> `['active', 'session']`; `MAX_TOTAL` -> `['max', 'total']`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

export function spoken(name: string): string {
  return wordsOf(name).join(' ') || 'value';
}

export function withArticle(words: string): string {
  return `${/^[aeio]|^u(?!s|ni)/.test(words) ? 'an' : 'a'} ${words}`;
}

/** `sessions` -> `session`; null when the word is not a plural. */
export function singular(name: string): string | null {
  if (/(?:ss|us|is)$/.test(name) || !/.s$/.test(name)) return null;
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
  return /(?:ch|sh|x|ss)es$/.test(name) ? name.slice(0, -2) : name.slice(0, -1);
}

export type Delicate = 'amount' | 'identifier' | 'access';

const amounts = new Set(
  (
    'amount amounts price prices total totals subtotal subtotals sum sums cost costs balance balances fee fees tax taxes vat ' +
    'discount discounts refund refunds payment payments payout payouts invoice invoices money cents currency salary rate ' +
    'quantity qty credit debit revenue margin'
  ).split(' '),
);

const access = new Set(
  (
    'auth authorization authentication authorized authenticated permission permissions role roles token tokens password ' +
    'passwords secret secrets credential credentials admin scope scopes acl signature jwt oauth login privilege privileges'
  ).split(' '),
);

/** What a name is about, when it is about something where silence costs. */
export function delicacyOf(name: string): Delicate | null {
  const words = wordsOf(name);
  if (words.some((word) => amounts.has(word))) return 'amount';
  if (words.some((word) => access.has(word))) return 'access';
  const last = words.at(-1);
  return last === 'id' || last === 'ids' || last === 'uuid' || last === 'guid' ? 'identifier' : null;
}

const protectedWords = new Set(
  'payment payments pay billing checkout charge charges refund refunds payout payouts invoice invoices auth oauth login logout signin password passwords permission permissions credential credentials acl crypto'.split(
    ' ',
  ),
);

/** The word of a path or function name that says it deals with money or access; null when none does. */
export function protectedWord(name: string): string | null {
  return wordsOf(name).find((word) => protectedWords.has(word)) ?? null;
}
