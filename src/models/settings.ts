// The operator's settings about models, and what they mean. It must not reach the network.

import type { Cap, Prices } from '../domain/agent/spending.ts';

export type ModelSettings = {
  /** Everything goes below this address, and nowhere else. No slash at the end. */
  url: string;
  /** Empty for a model that asks for none. */
  key: string;
  prices: Prices | null;
  fixCap: Cap;
  dayCap: Cap;
};

export const modelSettings = [
  {
    name: 'MODEL_URL',
    fallback: '',
    meaning:
      'The address of the model API that the agent may reach, with its path (https://api.openai.com/v1); docs/agents.md.',
  },
  {
    name: 'MODEL_KEY',
    secret: true,
    fallback: '',
    meaning:
      'The key for it. Only Suture holds it: the agent gets a throw-away key and an address on loopback.',
  },
  {
    name: 'MODEL_PRICES',
    fallback: '',
    meaning:
      'Money for a million tokens: input, output, cached input, writing to the cache. 3, 15, 0.3, 3.75; the last two may be left out.',
  },
  {
    name: 'MODEL_CAP_FIX',
    fallback: '200 requests, 5000000 tokens',
    meaning: 'Where one fix stops asking models: requests, tokens and, with MODEL_PRICES, money.',
  },
  {
    name: 'MODEL_CAP_DAY',
    fallback: '2000 requests, 50000000 tokens',
    meaning: 'Where a day (UTC) stops, all fixes together: 2000 requests, 50000000 tokens, 20 money.',
  },
] as const;

/** Three or more numbers become prices; cached input costs as much as other input unless said. */
function parsePrices(value: string): Prices | null {
  if (value === '') return null;
  const numbers = value.split(',').map((part) => Number(part.trim()));
  const [input, output, cacheRead, cacheWrite] = numbers;
  const fits = numbers.length <= 4 && numbers.every((number) => Number.isFinite(number) && number >= 0);
  if (input === undefined || output === undefined || !fits)
    throw new Error('must be two to four numbers, money for a million tokens: 3, 15, 0.3, 3.75.');
  return { input, output, cacheRead: cacheRead ?? input, cacheWrite: cacheWrite ?? input };
}

/** `200 requests, 5000000 tokens, 5 money`, each at most once. */
function parseCap(value: string, prices: Prices | null): Cap {
  const cap: Cap = { requests: null, tokens: null, money: null };
  for (const part of value.split(',')) {
    const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s+(requests|tokens|money)\s*$/i.exec(part) ?? [];
    const kind = unit?.toLowerCase() as keyof Cap | undefined;
    if (kind === undefined || cap[kind] !== null || Number(number) <= 0)
      throw new Error('must look like 200 requests, 5000000 tokens, 5 money; each at most once.');
    cap[kind] = Number(number);
  }
  if (cap.money !== null && prices === null)
    throw new Error('limits money, so MODEL_PRICES must say what tokens cost.');
  return cap;
}

type Name = (typeof modelSettings)[number]['name'];
type Read = <T>(name: Name, parse: (value: string) => T) => T | null;

/** `read` gives a setting's value to its parser and remembers what the parser throws. Null without MODEL_URL. */
export function readModelSettings(read: Read): ModelSettings | null {
  const url = read('MODEL_URL', parseAddress);
  const key = read('MODEL_KEY', (value) => value);
  const prices = read('MODEL_PRICES', parsePrices);
  const fixCap = read('MODEL_CAP_FIX', (value) => parseCap(value, prices));
  const dayCap = read('MODEL_CAP_DAY', (value) => parseCap(value, prices));
  if (url === null || key === null || fixCap === null || dayCap === null) return null;
  return { url, key, prices, fixCap, dayCap };
}

function parseAddress(value: string): string | null {
  if (value === '') return null;
  const url = URL.parse(value);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Error('must be a web address such as https://api.openai.com/v1.');
  if (url.username || url.password || url.search || url.hash)
    throw new Error('must not hold a user, a password or a query.');
  return value.replace(/\/+$/, '');
}
