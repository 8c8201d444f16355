// Runs the sample shop as a real process under the official SDK and makes it crash by ordinary requests.
// Must not invent an event: what Sentry gets is what the SDK sends.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const instrument = fileURLToPath(new URL('instrument.mjs', import.meta.url));

/** Where the sample repository lies in this one. */
export const shopDir: string = fileURLToPath(new URL('../../../demo/shop', import.meta.url));

export type RunningShop = {
  url: string;
  /** Everything it wrote so far. */
  output(): string;
  /** Ends it by SIGTERM; when this resolves the SDK has sent every event. */
  stop(): Promise<void>;
};

export type ShopOptions = {
  /** A checkout of the shop; frames name files below it. */
  dir?: string;
  dsn: string;
  release?: string;
};

/** Starts the shop with a payment provider that answers 503. Throws when it does not come up. */
export async function startShop(options: ShopOptions): Promise<RunningShop> {
  const provider = createServer((_request, response) => response.writeHead(503).end());
  provider.listen(0, '127.0.0.1');
  await once(provider, 'listening');
  const child = spawn(process.execPath, ['--import', instrument, 'src/server.ts'], {
    cwd: options.dir ?? shopDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: shopEnvironment(options, provider),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  try {
    const url = await listeningUrl(child, () => output);
    return { url, output: () => output, stop: () => stopShop(child, provider) };
  } catch (error) {
    await stopShop(child, provider);
    throw error;
  }
}

/** Nothing of ours but what it needs. */
function shopEnvironment(options: ShopOptions, provider: Server): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    PORT: '0',
    PAYMENT_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}`,
    SENTRY_DSN: options.dsn,
    SENTRY_RELEASE: options.release ?? 'lantern-shop@1.4.0',
  };
}

async function listeningUrl(child: ChildProcess, output: () => string): Promise<string> {
  const { stderr } = child;
  if (!stderr) throw new Error('the shop has no standard error');
  for await (const line of createInterface({ input: stderr })) {
    const found = /"message":"listening","url":"([^"]+)"/.exec(line);
    if (found?.[1]) return found[1];
  }
  throw new Error(`the shop did not start:\n${output()}`);
}

async function stopShop(child: ChildProcess, provider: Server): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
  provider.closeAllConnections();
  await new Promise((resolve) => provider.close(resolve));
}

type CrashRequest = (shop: RunningShop) => Promise<Response>;

const crashes = {
  /** An old link to a product that is no longer sold: a guard with an early return mends it. */
  'related-product': (shop) => fetch(`${shop.url}/products/tin-candle/related`),
  /** An order taken by telephone has no gift messages: an empty list mends it. */
  'order-page': (shop) => fetch(`${shop.url}/orders/1001`),
  /** The second tab signs out as well: a guard in a function that returns nothing mends it. */
  'sign-out-twice': async (shop) => {
    const session = await startSession(shop);
    await fetch(`${shop.url}/sessions/${session}`, { method: 'DELETE' });
    return fetch(`${shop.url}/sessions/${session}`, { method: 'DELETE' });
  },
  /** The provider is down and the shop says so on purpose: not ours to mend. */
  'payment-down': async (shop) => {
    const session = await filledSession(shop);
    const body = JSON.stringify({ country: 'DE', card: '4242' });
    return fetch(`${shop.url}/sessions/${session}/orders`, { method: 'POST', body });
  },
  /** A country without a rate: a guard would ship for nothing, so it must be refused. */
  'no-shipping-rate': async (shop) =>
    fetch(`${shop.url}/sessions/${await filledSession(shop)}/quote?country=NO`),
} satisfies Record<string, CrashRequest>;

export type CrashName = keyof typeof crashes;

export const crashNames = Object.keys(crashes) as CrashName[];

/** Provokes that crash once. Throws unless the shop answered 500. */
export async function crash(shop: RunningShop, name: CrashName): Promise<void> {
  const response = await crashes[name](shop);
  await response.arrayBuffer();
  if (response.status !== 500) {
    throw new Error(`${name} should have crashed the shop, but it answered ${response.status}`);
  }
}

async function startSession(shop: RunningShop): Promise<string> {
  const body = JSON.stringify({ customer: 'ada' });
  const response = await fetch(`${shop.url}/sessions`, { method: 'POST', body });
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('session' in answer)) {
    throw new Error('the shop gave no session');
  }
  return String(answer.session);
}

async function filledSession(shop: RunningShop): Promise<string> {
  const session = await startSession(shop);
  const body = JSON.stringify({ product: 'oil-lamp', quantity: 2 });
  await fetch(`${shop.url}/sessions/${session}/lines`, { method: 'POST', body });
  return session;
}
