// What asking models has cost. Pure counting; models/ reads the numbers off the wire.

export type Spent = {
  requests: number;
  tokens: number;
  /** In the currency of the prices; null where no price is known. */
  money: number | null;
};

/** `12 requests, 84,210 tokens, 0.42 of money`. */
export function spentText({ requests, tokens, money }: Spent): string {
  const parts = [`${requests} ${requests === 1 ? 'request' : 'requests'}`, `${grouped(tokens)} tokens`];
  if (money !== null) parts.push(`${money.toFixed(2)} of money`);
  return parts.join(', ');
}

function grouped(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
