/** A whole number of euro cents. */
export type Cents = number;

export function formatMoney(amount: Cents): string {
  const sign = amount < 0 ? '-' : '';
  const cents = Math.abs(amount);
  const rest = String(cents % 100).padStart(2, '0');
  return `${sign}${Math.floor(cents / 100)}.${rest} EUR`;
}
