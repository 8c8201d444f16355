// Turns one event of Sentry's REST API into our CrashEvent.
// It must not judge frames or texts, and leaves out what nobody needs: users, cookies, headers, variables.

import type { z } from 'zod';
import type { CrashEvent, Exception } from '../domain/crash/crash-event.ts';
import { Refusal } from '../domain/failure.ts';
import { entry } from './entries.ts';
import { event, type entryData, type EventShape } from './event-shapes.ts';
import { bag, text } from './shapes.ts';
import { exceptionsOf, threadsOf } from './stacks.ts';

/**
 * Reads an event as `/events/latest/` returns it (reference sentry.md, 2.5). Frames stay oldest first,
 * exceptions cause first. Only an id and `entries` must be there; everything else may be null or missing.
 *
 * @throws Refusal with what is missing when it is not such an event; never anything else.
 */
export function parseEvent(json: unknown): CrashEvent {
  const read = readEvent(json);
  const exceptions = exceptionsOf(read);
  const tags = tagsOf(read);
  const message = messageOf(read);
  return {
    id: read.id,
    platform: read.platform,
    type: read.type,
    title: read.title ?? titleOf(read, exceptions, message),
    message,
    culprit: read.culprit,
    at: read.dateCreated ?? read.dateReceived,
    ...releaseOf(read, tags),
    environment: tags['environment'] || read.environment,
    exceptions,
    threads: threadsOf(read),
    breadcrumbs: entry(read, 'breadcrumbs')?.values.map(breadcrumbOf) ?? [],
    request: requestOf(read),
    contexts: contextsOf(read),
    tags,
    processingErrors: read.errors.map((error) => ({
      type: error.type ?? 'unknown',
      message: error.message,
      data: error.data ?? {},
    })),
    debugImages: debugImagesOf(read),
  };
}

type ReadEvent = EventShape & { id: string };

function readEvent(json: unknown): ReadEvent {
  const object = bag.parse(json);
  if (!object) throw notAnEvent('a JSON object');
  const read = event.safeParse(object);
  const id = read.data?.eventID ?? read.data?.id ?? null;
  if (read.success && id) return { ...read.data, id };
  const missing = [...(id || !read.success ? [] : ['`eventID`']), ...(read.success ? [] : ['`entries`'])];
  throw notAnEvent(missing.join(' and '), 'event_id' in object);
}

function notAnEvent(missing: string, looksLikeWebhook = false): Refusal {
  const hint = looksLikeWebhook ? ' It looks like the event of a webhook, which has another shape.' : '';
  return new Refusal(
    `This is not a Sentry event: ${missing} is missing.${hint} Give an event as Sentry's API returns it for /events/latest/.`,
  );
}

type BreadcrumbShape = z.output<(typeof entryData)['breadcrumbs']>['values'][number];

function breadcrumbOf({ timestamp, ...rest }: BreadcrumbShape): CrashEvent['breadcrumbs'][number] {
  return { at: timestamp, ...rest };
}

function messageOf(read: EventShape): string | null {
  const own = entry(read, 'message');
  return read.message ?? own?.formatted ?? own?.message ?? null;
}

/** Sentry's own rule, for servers that leave the title out (reference sentry.md, 2.2). */
function titleOf(read: EventShape, exceptions: Exception[], message: string | null): string {
  const { type = null, value = null } = read.metadata?.type ? read.metadata : (exceptions.at(-1) ?? {});
  const crash = [type, value?.split('\n', 1)[0]].filter(Boolean).join(': ');
  return read.metadata?.title ?? (crash || message?.split('\n', 1)[0] || '<unlabeled event>');
}

const commitId = /^[0-9a-f]{7,64}$/i;

function releaseOf(
  read: EventShape,
  tags: Record<string, string>,
): Pick<CrashEvent, 'release' | 'releaseCommit'> {
  const commit = read.release?.lastCommit?.id ?? '';
  return {
    release: read.release?.version || tags['release'] || null,
    // It becomes an argument of git later: nothing but a commit's id may pass.
    releaseCommit: commitId.test(commit) ? commit : null,
  };
}

function requestOf(read: EventShape): CrashEvent['request'] {
  const request = entry(read, 'request');
  return request && { method: request.method, url: request.url && publicAddress(request.url) };
}

/** Queries, fragments and user names in addresses carry secrets; nobody needs them to fix code. */
function publicAddress(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
}

/** Sentry itself makes tags that name the user, and one with the whole address. */
function tagsOf(read: EventShape): CrashEvent['tags'] {
  const kept = read.tags.filter(({ key }) => !/^user(\.|$)/.test(key));
  return Object.fromEntries(
    kept.map(({ key, value }) => {
      const tag = text.parse(value) ?? '';
      return [key, key === 'url' ? publicAddress(tag) : tag];
    }),
  );
}

function contextsOf(read: EventShape): CrashEvent['contexts'] {
  const entries = Object.entries(read.contexts ?? {}).flatMap(([name, value]) => {
    const context = bag.parse(value);
    return context ? [[name, context] as const] : [];
  });
  return Object.fromEntries(entries);
}

function debugImagesOf(read: EventShape): CrashEvent['debugImages'] {
  const images = entry(read, 'debugmeta')?.images ?? [];
  return images.flatMap((image) => {
    const debugId = image.debug_id ?? image.debugId;
    return debugId ? [{ debugId, codeFile: image.code_file ?? image.codeFile }] : [];
  });
}
