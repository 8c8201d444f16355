// The tags of an event: what the program set and what Sentry derives.
// Must not change the event.

import type { RawEvent } from './raw-event.ts';
import type { StoredEvent } from './stored-event.ts';

type Untagged = Pick<
  StoredEvent,
  'level' | 'environment' | 'release' | 'dist' | 'transaction' | 'request' | 'user' | 'exception' | 'contexts'
>;

/** The tags the program set, and those Sentry derives from the event itself; sorted, none empty. */
export function tagsOf(raw: RawEvent, event: Untagged): [string, string][] {
  const own = Array.isArray(raw.tags) ? raw.tags : Object.entries(raw.tags ?? {});
  const tags = new Map<string, unknown>([...derivedTags(raw, event), ...own]);
  return [...tags]
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([key, value]): [string, string] => [key, String(value)])
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
}

function derivedTags(raw: RawEvent, event: Untagged): [string, unknown][] {
  const mechanism = event.exception?.values.at(-1)?.mechanism;
  const handled = mechanism?.['handled'];
  const runtime = event.contexts['runtime'];
  const os = event.contexts['os'];
  return [
    ['level', event.level],
    ['environment', event.environment],
    ['release', event.release],
    ['dist', event.dist],
    ['transaction', event.transaction],
    ['server_name', raw.server_name],
    ['url', event.request?.url],
    ['user', userTag(event.user)],
    ['mechanism', mechanism?.['type']],
    ['handled', typeof handled === 'boolean' ? (handled ? 'yes' : 'no') : null],
    ['runtime', runtime ? `${String(runtime['name'])} ${String(runtime['version'])}` : null],
    ['runtime.name', runtime?.['name']],
    ['os.name', os?.['name']],
  ];
}

/** `id:1`, `email:…`, as Sentry's user tag reads; null without a user. */
export function userTag(user: Record<string, unknown> | null): string | null {
  for (const [key, name] of [
    ['id', 'id'],
    ['email', 'email'],
    ['username', 'username'],
    ['ip_address', 'ip'],
  ] as const) {
    const value = user?.[key];
    if (typeof value === 'string' || typeof value === 'number') return `${name}:${value}`;
  }
  return null;
}
