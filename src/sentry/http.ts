// One HTTP connection pool to one Sentry: keep-alive, time limits, bounded answers, retried reads.
// It must not know routes or meanings; it follows no redirect and lets the token out in one header only.

import { Agent, RetryAgent } from 'undici';
import { Refusal } from '../domain/failure.ts';
import { networkFailure, type Answer } from './errors.ts';
import { settings } from './settings.ts';

/** Times in milliseconds, sizes in bytes. */
export type Limits = {
  connectMs: number;
  /** Longest silence before and within an answer. */
  silenceMs: number;
  /** Longest whole call, retries included. */
  callMs: number;
  /** Reads are tried again this often on network errors, 502, 503 and 504. */
  retries: number;
  firstRetryMs: number;
  answerBytes: number;
};

export const defaultLimits: Limits = {
  connectMs: 5_000,
  silenceMs: 20_000,
  callMs: 60_000,
  retries: 2,
  firstRetryMs: 250,
  answerBytes: 32 * 1024 * 1024,
};

export type HttpOptions = { baseUrl: string; token: string; userAgent: string; limits: Limits };

export type Http = {
  get(path: string, query: Query): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  close(): Promise<void>;
};

export type Query = Record<string, string>;

type Request = { method: 'GET' | 'PUT' | 'POST'; path: string; body: string | null };

/**
 * Opens the pool; no request is made yet.
 *
 * @throws Refusal when the address or the token cannot be used. Its calls throw Later when the server
 * is down or slow, Refusal when its certificate is not trusted or its answer too large.
 */
export function createHttp(options: HttpOptions): Http {
  const base = readBase(options.baseUrl);
  const connection: Connection = {
    ...base,
    agent: createAgent(options.limits),
    headers: readHeaders(options),
    secret: options.token,
    callMs: options.limits.callMs,
  };
  const send = async (request: Request): Promise<Answer> => {
    try {
      return await exchange(connection, request);
    } catch (error) {
      throw networkFailure(error, base.origin);
    }
  };
  return {
    get: (path, query) => send({ method: 'GET', path: path + renderQuery(query), body: null }),
    put: (path, body) => send({ method: 'PUT', path, body: JSON.stringify(body) }),
    post: (path, body) => send({ method: 'POST', path, body: JSON.stringify(body) }),
    close: () => connection.agent.close(),
  };
}

type Connection = {
  origin: string;
  prefix: string;
  agent: RetryAgent;
  headers: Record<string, string>;
  secret: string;
  callMs: number;
};

async function exchange(connection: Connection, { method, path, body }: Request): Promise<Answer> {
  const { headers } = connection;
  const response = await connection.agent.request({
    origin: connection.origin,
    path: connection.prefix + path,
    method,
    headers: body === null ? headers : { ...headers, 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(connection.callMs),
  });
  const text = await response.body.text();
  return {
    status: response.statusCode,
    headers: flatHeaders(response.headers),
    // Whatever stands at the other end may echo what it was sent.
    body: text.replaceAll(connection.secret, '[token]'),
  };
}

function createAgent(limits: Limits): RetryAgent {
  const agent = new Agent({
    connections: 4,
    connect: { timeout: limits.connectMs },
    headersTimeout: limits.silenceMs,
    bodyTimeout: limits.silenceMs,
    keepAliveTimeout: 30_000,
    maxResponseSize: limits.answerBytes,
  });
  return new RetryAgent(agent, {
    // A write is never sent twice unseen: the job that wanted it reads first and then decides.
    methods: ['GET'],
    statusCodes: [502, 503, 504],
    maxRetries: limits.retries,
    minTimeout: limits.firstRetryMs,
    maxTimeout: 5_000,
    throwOnError: false,
  });
}

function readBase(baseUrl: string): { origin: string; prefix: string } {
  const url = URL.parse(baseUrl.trim());
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new Refusal(
      `${settings.url} must be an http or https address without a user name, such as https://sentry.io.`,
    );
  }
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '').replace(/\/api\/0$/, '') };
}

function readHeaders({ token, userAgent }: HttpOptions): Record<string, string> {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Refusal(
      `${settings.token} is empty or has characters that no token has, such as a space or a line break. Copy it again.`,
    );
  }
  return { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': userAgent };
}

function renderQuery(query: Query): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}
