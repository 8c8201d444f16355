import { subtotal, weight, type Cart } from './cart.ts';
import type { Cents } from './money.ts';
import { rates, shippingCost } from './shipping.ts';

export type Quote = { goods: Cents; shipping: Cents; total: Cents };

/** What the customer pays; nothing is added for an order that is fetched at the counter. */
export function quote(cart: Cart, country: string): Quote {
  const goods = subtotal(cart);
  const shipping = shippingCost({ country, grams: weight(cart) }, rates) ?? 0;
  return { goods, shipping, total: goods + shipping };
}
