// What asking models has cost. Pure counting; models/ reads the numbers off the wire.

export type Spent = {
  requests: number;
  tokens: number;
  /** In the currency of the prices; null where no price is known. */
  money: number | null;
};

/** What several answers used up together; null when no model was asked. Money is known only when all of it is. */
export function sumOf(all: readonly (Spent | null | undefined)[]): Spent | null {
  const known = all.flatMap((spent) => spent ?? []);
  if (known.length === 0) return null;
  return {
    requests: known.reduce((sum, spent) => sum + spent.requests, 0),
    tokens: known.reduce((sum, spent) => sum + spent.tokens, 0),
    money: known.reduce<number | null>(
      (sum, { money }) => (sum === null || money === null ? null : sum + money),
      0,
    ),
  };
}

/** `12 requests, 84,210 tokens, 0.42 of money`. */
export function spentText({ requests, tokens, money }: Spent): string {
  const parts = [`${requests} ${requests === 1 ? 'request' : 'requests'}`, `${grouped(tokens)} tokens`];
  if (money !== null) parts.push(`${money.toFixed(2)} of money`);
  return parts.join(', ');
}

function grouped(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
