// What a route answers, and the refusals in Sentry's own words (reference sentry.md, 3).
// Must not decide who is refused.

export type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

/** Thrown by a route, answered by the server. */
export class Refused extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}

export const ok = (body: unknown, headers: Record<string, string> = {}): Reply => ({
  status: 200,
  body,
  headers,
});

export const badRequest = (body: unknown): Refused => new Refused({ status: 400, body });

export const unauthorized = (detail: string): Refused =>
  new Refused({
    status: 401,
    body: { detail },
    headers: { 'WWW-Authenticate': 'xBasic realm="api"' },
  });

export const forbidden = (): Refused =>
  new Refused({ status: 403, body: { detail: 'You do not have permission to perform this action.' } });

export const notFound = (detail = 'The requested resource does not exist'): Refused =>
  new Refused({ status: 404, body: { detail } });
