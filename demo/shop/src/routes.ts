import { addLine } from './cart.ts';
import { findProduct, relatedProduct } from './catalogue.ts';
import { quote } from './checkout.ts';
import { escapeHtml, page } from './html.ts';
import { formatMoney } from './money.ts';
import { renderOrder } from './orders.ts';
import { charge } from './payment.ts';
import type { Session } from './sessions.ts';
import type { Shop } from './shop.ts';

export type Input = {
  shop: Shop;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Fields of the JSON body that are text or numbers. */
  fields: Record<string, string | number>;
};

export type Answer = { status: number; html?: string; json?: unknown };
export type Route = { method: string; path: string; handle: (input: Input) => Answer | Promise<Answer> };

export const routes: readonly Route[] = [
  { method: 'GET', path: '/', handle: showCatalogue },
  { method: 'GET', path: '/products/:product', handle: showProduct },
  { method: 'GET', path: '/products/:product/related', handle: showRelated },
  { method: 'POST', path: '/sessions', handle: signIn },
  { method: 'DELETE', path: '/sessions/:session', handle: signOut },
  { method: 'POST', path: '/sessions/:session/lines', handle: fillCart },
  { method: 'GET', path: '/sessions/:session/quote', handle: showQuote },
  { method: 'POST', path: '/sessions/:session/orders', handle: placeOrder },
  { method: 'GET', path: '/orders/:order', handle: showOrder },
];

const notFound: Answer = { status: 404, json: { error: 'not found' } };
const wrong = (error: string): Answer => ({ status: 400, json: { error } });

function showCatalogue({ shop }: Input): Answer {
  const rows = shop.catalogue.products
    .map((product) => `<li>${escapeHtml(product.name)}: ${formatMoney(product.price)}</li>`)
    .join('');
  return { status: 200, html: page('Lantern shop', `<ul>${rows}</ul>`) };
}

function showProduct({ shop, params }: Input): Answer {
  const product = findProduct(shop.catalogue, params['product'] ?? '');
  return product ? { status: 200, json: product } : notFound;
}

function showRelated({ shop, params }: Input): Answer {
  const related = relatedProduct(shop.catalogue, params['product'] ?? '');
  return related ? { status: 200, json: related } : notFound;
}

function signIn({ shop, fields }: Input): Answer {
  const customer = fields['customer'];
  if (typeof customer !== 'string' || customer === '') return wrong('customer is missing');
  const session = shop.sessions.start(customer);
  return { status: 201, json: { session: session.id } };
}

function signOut({ shop, params }: Input): Answer {
  shop.sessions.end(params['session'] ?? '');
  return { status: 204 };
}

function sessionOf({ shop, params }: Input): Session | undefined {
  return shop.sessions.find(params['session'] ?? '');
}

function fillCart(input: Input): Answer {
  const session = sessionOf(input);
  if (!session) return notFound;
  const product = findProduct(input.shop.catalogue, String(input.fields['product'] ?? ''));
  const quantity = Number(input.fields['quantity'] ?? 1);
  if (!product) return wrong('no such product');
  if (!(quantity >= 1 && quantity <= 99)) return wrong('quantity is 1 to 99');
  addLine(session.cart, product, Math.floor(quantity));
  return { status: 204 };
}

function showQuote(input: Input): Answer {
  const session = sessionOf(input);
  if (!session) return notFound;
  return { status: 200, json: quote(session.cart, input.query.get('country') ?? 'DE') };
}

async function placeOrder(input: Input): Promise<Answer> {
  const session = sessionOf(input);
  if (!session) return notFound;
  const { total } = quote(session.cart, String(input.fields['country'] ?? 'DE'));
  const card = String(input.fields['card'] ?? '');
  const receipt = await charge(input.shop.paymentUrl, { amount: total, card });
  const id = String(1001 + input.shop.orders.size);
  const giftMessages = String(input.fields['gift'] ?? '').split('\n').filter((line) => line !== '');
  const order = { id, customer: session.customer, lines: session.cart.lines, total, receipt, giftMessages };
  input.shop.orders.set(id, order);
  return { status: 201, json: { order: id } };
}

function showOrder({ shop, params }: Input): Answer {
  const order = shop.orders.get(params['order'] ?? '');
  return order ? { status: 200, html: renderOrder(order) } : notFound;
}
