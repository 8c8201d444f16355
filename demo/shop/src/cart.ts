import type { Product } from './catalogue.ts';
import type { Cents } from './money.ts';

export type CartLine = { product: Product; quantity: number };
export type Cart = { lines: CartLine[] };

export function emptyCart(): Cart {
  return { lines: [] };
}

/** Adds to the line of that product when there is one. Throws RangeError unless the quantity is 1 to 99. */
export function addLine(cart: Cart, product: Product, quantity: number): void {
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 99) {
    throw new RangeError('a quantity is a whole number from 1 to 99');
  }
  const line = cart.lines.find((candidate) => candidate.product.id === product.id);
  if (line) line.quantity += quantity;
  else cart.lines.push({ product, quantity });
}

export function subtotal(cart: Cart): Cents {
  return cart.lines.reduce((sum, line) => sum + line.product.price * line.quantity, 0);
}

export function weight(cart: Cart): number {
  return cart.lines.reduce((sum, line) => sum + line.product.grams * line.quantity, 0);
}
