import type { CartLine } from './cart.ts';
import { escapeHtml, page } from './html.ts';
import { formatMoney, type Cents } from './money.ts';

export type Order = {
  id: string;
  customer: string;
  lines: readonly CartLine[];
  total: Cents;
  receipt: string;
  /** What to write on the gift cards, in the order of the lines. */
  giftMessages?: readonly string[];
};

/** The order as its customer sees it. */
export function renderOrder(order: Order): string {
  const lines = order.lines.map((line) => `<li>${line.quantity} x ${escapeHtml(line.product.name)}</li>`).join('');
  const gifts = order.giftMessages!.map((message) => `<li>${escapeHtml(message)}</li>`).join('');
  const total = `<p>${formatMoney(order.total)}</p>`;
  return page(`Order ${order.id}`, `<ul>${lines}</ul><ul>${gifts}</ul>${total}`);
}
