// What asking models has cost, and where it must stop. Pure counting; models/ reads the numbers off the wire.

/** Tokens of one answer, each counted once: `input` without what came from or went to a cache. */
export type Usage = { input: number; output: number; cacheRead: number; cacheWrite: number };

export type Spent = {
  requests: number;
  tokens: number;
  /** In the currency of the prices; null where no price is known. */
  money: number | null;
};

/** Money for a million tokens. */
export type Prices = Usage;

/** Null: no limit of that kind. */
export type Cap = { requests: number | null; tokens: number | null; money: number | null };

export const nothingSpent: Spent = { requests: 0, tokens: 0, money: null };

export function tokensOf({ input, output, cacheRead, cacheWrite }: Usage): number {
  return input + output + cacheRead + cacheWrite;
}

/** What one answer cost; null without prices. */
export function costOf(usage: Usage, prices: Prices | null): number | null {
  if (prices === null) return null;
  const parts = ['input', 'output', 'cacheRead', 'cacheWrite'] as const;
  return parts.reduce((sum, part) => sum + (usage[part] * prices[part]) / 1_000_000, 0);
}

export function addSpent(left: Spent, right: Spent): Spent {
  const money = left.money === null && right.money === null ? null : (left.money ?? 0) + (right.money ?? 0);
  return { requests: left.requests + right.requests, tokens: left.tokens + right.tokens, money };
}

/** Which part of the cap leaves no room for another request, in words; null while there is room. */
export function usedUp(spent: Spent, cap: Cap): string | null {
  if (cap.requests !== null && spent.requests >= cap.requests) return `${grouped(cap.requests)} requests`;
  if (cap.tokens !== null && spent.tokens >= cap.tokens) return `${grouped(cap.tokens)} tokens`;
  if (cap.money !== null && (spent.money ?? 0) >= cap.money) return `${moneyText(cap.money)} of money`;
  return null;
}

/** True when even what runs already is too much. */
export function isBeyond(spent: Spent, { tokens, money }: Cap): boolean {
  return (tokens !== null && spent.tokens > tokens) || (money !== null && (spent.money ?? 0) > money);
}

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
  const parts = [
    `${grouped(requests)} ${requests === 1 ? 'request' : 'requests'}`,
    `${grouped(tokens)} tokens`,
  ];
  if (money !== null) parts.push(`${moneyText(money)} of money`);
  return parts.join(', ');
}

/** What one fix may use up, and what all fixes of today have used and may, in words. */
export type Budget = { fix: string; day: string | null };

export function budgetText({ fix, day }: Budget): string {
  return `One fix stops at ${fix}.${day === null ? '' : ` Today, all fixes together: ${day}.`}`;
}

export function capText(cap: Cap): string {
  const parts = [
    ...(cap.requests === null ? [] : [`${grouped(cap.requests)} requests`]),
    ...(cap.tokens === null ? [] : [`${grouped(cap.tokens)} tokens`]),
    ...(cap.money === null ? [] : [`${moneyText(cap.money)} of money`]),
  ];
  return parts.join(', ') || 'no limit';
}

/** Cents, and two more digits where there would be nothing to see. */
function moneyText(money: number): string {
  return money > 0 && money < 0.01 ? money.toFixed(4) : money.toFixed(2);
}

function grouped(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
