import { catalogue, type Catalogue } from './catalogue.ts';
import type { Order } from './orders.ts';
import { Sessions } from './sessions.ts';

/** Everything a request can touch. */
export type Shop = {
  catalogue: Catalogue;
  sessions: Sessions;
  orders: Map<string, Order>;
  paymentUrl: string;
};

export function openShop(options: { paymentUrl: string }): Shop {
  return {
    catalogue,
    sessions: new Sessions(),
    orders: new Map(importedOrders().map((order) => [order.id, order])),
    paymentUrl: options.paymentUrl,
  };
}

/** Orders taken by telephone before the web shop opened. */
function importedOrders(): Order[] {
  return catalogue.products.slice(0, 2).map((product, index) => ({
    id: String(1001 + index),
    customer: 'counter',
    lines: [{ product, quantity: 1 }],
    total: product.price,
    receipt: 'cash',
  }));
}
