// How the stand-in answers: a status with a JSON body, a page of a list, or a refusal in GitHub's words.
// Knows nothing of what is asked.

import type { Actor } from './auth.ts';
import type { State } from './state.ts';
import type { z } from 'zod';

export type Json = Record<string, unknown>;

export type Ask = {
  state: State;
  method: string;
  /** Without the query, decoded segments are in `params`. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  body: unknown;
  accept: string;
  actor: Actor;
  /** The credential itself, empty when none was given. */
  token: string;
};

export type Answer = {
  status: number;
  body?: unknown;
  /** Instead of a JSON body. */
  raw?: { type: string; bytes: Buffer };
  headers?: Record<string, string>;
};

export type Handler = (ask: Ask) => Answer | Promise<Answer>;
export type Route = readonly [method: string, pattern: string, handle: Handler];

/** A refusal on its way to the client. */
export class Refused extends Error {
  readonly answer: Answer;
  constructor(answer: Answer, message: string) {
    super(message);
    this.answer = answer;
  }
}

/** GitHub's error body: a message, a link, the status as text. */
export function refusal(status: number, message: string, more: Json = {}): Refused {
  const body = { message, ...more, documentation_url: 'https://docs.github.com/rest', status: `${status}` };
  return new Refused({ status, body }, message);
}

export const notFound = (): Refused => refusal(404, 'Not Found');

export type FieldError = { resource: string; field: string; code: string; message?: string };

/** 422 with the list of fields that are wrong. */
export function invalid(...errors: FieldError[]): Refused {
  return refusal(422, 'Validation Failed', { errors });
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const empty = (): Answer => ({ status: 204 });

/** The body in the shape the route takes; 422 when it has another. */
export function read<T>(ask: Ask, schema: z.ZodType<T>, resource: string): T {
  const parsed = schema.safeParse(ask.body ?? {});
  if (parsed.success) return parsed.data;
  throw invalid(
    ...parsed.error.issues.map((issue) => ({
      resource,
      field: issue.path.join('.'),
      code: 'invalid',
      message: issue.message,
    })),
  );
}

export type Page<T> = { items: T[]; headers: Record<string, string> };

/** One page of a list, with the `Link` header GitHub gives (30 a page, at most 100). */
export function paginate<T>(ask: Ask, all: readonly T[]): Page<T> {
  const size = Math.min(100, Math.max(1, Number(ask.query.get('per_page') ?? 30) || 30));
  const page = Math.max(1, Number(ask.query.get('page') ?? 1) || 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const items = all.slice((page - 1) * size, page * size);
  const link = linkHeader(ask, page, last);
  return { items, headers: link ? { link } : {} };
}

function linkHeader(ask: Ask, page: number, last: number): string {
  const at = (number: number, rel: string) => {
    const query = new URLSearchParams(ask.query);
    query.set('page', `${number}`);
    return `<${ask.state.url}${ask.path}?${query.toString()}>; rel="${rel}"`;
  };
  const links: string[] = [];
  if (page > 1) links.push(at(page - 1, 'prev'));
  if (page < last) links.push(at(page + 1, 'next'), at(last, 'last'));
  if (page > 1) links.push(at(1, 'first'));
  return links.join(', ');
}

/** A page whose body is the list itself. */
export async function listed<T>(ask: Ask, all: readonly T[], render: (item: T) => unknown): Promise<Answer> {
  const { items, headers } = paginate(ask, all);
  return { status: 200, headers, body: await Promise.all(items.map(render)) };
}

/** A time as GitHub writes it: whole seconds, UTC. */
export const time = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
export const timeOrNull = (at: number | null): string | null => (at === null ? null : time(at));
