// Cuts a list into pages and writes the `Link` header (reference sentry.md, 4.1).
// Must not filter or sort.

import { badRequest } from './reply.ts';

type PageRequest = { query: URLSearchParams; path: string; base: string; sizeKey?: string };

export type Page<T> = { items: T[]; link: string };

/** At most 100 items; both relations are always in the header and `results` decides. */
export function cutPage<T>(all: readonly T[], request: PageRequest): Page<T> {
  const size = pageSize(request);
  const offset = cursorOffset(request.query.get('cursor'));
  const before = { offset: Math.max(0, offset - size), back: 1, more: offset > 0 };
  const after = { offset: offset + size, back: 0, more: offset + size < all.length };
  return {
    items: all.slice(offset, offset + size),
    link: `${relation('previous', before, request)}, ${relation('next', after, request)}`,
  };
}

function pageSize(request: PageRequest): number {
  const key = request.sizeKey ?? 'per_page';
  const asked = request.query.get(key) ?? request.query.get('per_page');
  if (asked === null) return 100;
  if (!/^\d+$/.test(asked)) throw badRequest({ detail: `Invalid ${key} parameter.` });
  const size = Number(asked);
  if (size < 1 || size > 100)
    throw badRequest({ detail: `Invalid ${key} value. Must be between 1 and 100.` });
  return size;
}

function cursorOffset(cursor: string | null): number {
  if (cursor === null) return 0;
  const match = /^\d+:(\d+):[01]$/.exec(cursor);
  if (!match) throw badRequest({ detail: 'Invalid cursor parameter.' });
  return Number(match[1]);
}

function relation(
  name: string,
  to: { offset: number; back: number; more: boolean },
  request: PageRequest,
): string {
  const cursor = `0:${to.offset}:${to.back}`;
  const query = new URLSearchParams(request.query);
  query.set('cursor', cursor);
  return `<${request.base}${request.path}?${query.toString()}>; rel="${name}"; results="${to.more}"; cursor="${cursor}"`;
}
