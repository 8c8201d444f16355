// The shape of an event as Sentry's REST API returns it (reference sentry.md, 2.5): camelCase, null everywhere.
// It must not know our words; parse-event.ts translates.

import { z } from 'zod';
import { bag, flag, listOf, optionalId, position, text, time } from './shapes.ts';

const contextLine = z.tuple([z.int(), z.string()], z.unknown());

const frame = z.object({
  filename: text,
  absPath: text,
  module: text,
  package: text,
  function: text,
  rawFunction: text,
  lineNo: position,
  colNo: position,
  inApp: flag,
  platform: text,
  context: listOf(contextLine),
});

const stack = z
  .object({ frames: listOf(frame) })
  .nullish()
  .catch(null);

const mechanism = z
  .object({ type: text, handled: flag, synthetic: flag })
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

const exception = z.object({
  type: text,
  value: text,
  module: text,
  threadId: optionalId,
  mechanism,
  stacktrace: stack,
  rawStacktrace: stack,
});

const thread = z.object({
  id: optionalId,
  name: text,
  current: flag,
  crashed: flag,
  stacktrace: stack,
  rawStacktrace: stack,
});

const breadcrumb = z.object({
  timestamp: time,
  type: text,
  category: text,
  level: text,
  message: text,
  data: bag,
});

const image = z.object({ debug_id: text, debugId: text, code_file: text, codeFile: text });

/** What an entry's `data` holds, by the entry's `type`; entries are looked up by type, never by place. */
export const entryData = {
  exception: z.object({ values: listOf(exception), value: exception.or(listOf(exception)) }),
  threads: z.object({ values: listOf(thread) }),
  stacktrace: stack,
  message: z.object({ formatted: text, message: text }),
  breadcrumbs: z.object({ values: listOf(breadcrumb) }),
  request: z.object({ method: text, url: text }),
  debugmeta: z.object({ images: listOf(image) }),
} as const;

const entry = z.object({ type: z.string(), data: z.unknown() });

const release = z.union([
  z.string().transform((version) => ({ version, lastCommit: null })),
  z.object({
    version: text,
    lastCommit: z.object({ id: text }).nullish().catch(null),
  }),
]);

const problemWithEvent = z.object({ type: text, message: text, data: bag });

export const event = z.object({
  id: optionalId,
  eventID: optionalId,
  entries: z
    .array(z.unknown())
    .nullable()
    .transform((entries) => entries ?? [])
    .pipe(listOf(entry)),
  type: text,
  platform: text,
  title: text,
  message: text,
  culprit: text,
  metadata: bag.pipe(z.object({ title: text, type: text, value: text }).nullable()),
  dateCreated: time,
  dateReceived: time,
  environment: text,
  release: release.nullish().catch(null),
  contexts: bag,
  tags: listOf(z.object({ key: z.string(), value: z.string() })),
  errors: listOf(problemWithEvent),
});

export type EventShape = z.output<typeof event>;
export type FrameShape = z.output<typeof frame>;
export type StackShape = z.output<typeof stack>;
export type ExceptionShape = z.output<typeof exception>;
export type ThreadShape = z.output<typeof thread>;
