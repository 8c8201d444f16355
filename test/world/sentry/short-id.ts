// Counts the problems of a project the way Sentry names them: `SHOP-1` … `SHOP-9`, `SHOP-A`, …
// Must not know what is counted.

/** Base 32 without I, L, O and U, so that nobody misreads a name. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The counter (1 or more) after the project's prefix. */
export function shortId(prefix: string, counter: number): string {
  let digits = '';
  for (let rest = counter; rest > 0; rest = Math.floor(rest / 32)) {
    digits = (alphabet[rest % 32] ?? '') + digits;
  }
  return `${prefix}-${digits}`;
}
