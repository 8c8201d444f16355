// What an SDK sends in an envelope's event item, read leniently.
// Must not fill in what is missing; stored-event.ts does.

import { z } from 'zod';

const text = z.string().nullish();
const dict = z.record(z.string(), z.unknown());

const frame = z.looseObject({
  filename: text,
  abs_path: text,
  function: text,
  module: text,
  lineno: z.number().nullish(),
  colno: z.number().nullish(),
  in_app: z.boolean().nullish(),
  context_line: text,
  pre_context: z.array(z.string()).nullish(),
  post_context: z.array(z.string()).nullish(),
  vars: dict.nullish(),
  platform: text,
});

const stacktrace = z.looseObject({ frames: z.array(frame).nullish() });

const exception = z.looseObject({
  type: text,
  value: text,
  module: text,
  thread_id: z.union([z.string(), z.number()]).nullish(),
  mechanism: z
    .looseObject({ type: z.string(), handled: z.boolean().nullish(), synthetic: z.boolean().nullish() })
    .nullish(),
  stacktrace: stacktrace.nullish(),
});

const breadcrumb = z.looseObject({
  timestamp: z.union([z.number(), z.string()]).nullish(),
  type: text,
  category: text,
  level: text,
  message: text,
  data: dict.nullish(),
});

const thread = z.looseObject({
  id: z.union([z.string(), z.number()]).nullish(),
  name: text,
  current: z.boolean().nullish(),
  crashed: z.boolean().nullish(),
  stacktrace: stacktrace.nullish(),
});

const many = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), z.looseObject({ values: z.array(item).nullish() })]).nullish();

const request = z.looseObject({
  method: text,
  url: text,
  query_string: z.union([z.string(), z.array(z.tuple([z.string(), z.string()])), dict]).nullish(),
  headers: z.union([dict, z.array(z.tuple([z.string(), z.string()]))]).nullish(),
  cookies: z.unknown().optional(),
  data: z.unknown().optional(),
  env: dict.nullish(),
});

export const rawEvent = z.looseObject({
  event_id: z.string().nullish(),
  timestamp: z.union([z.number(), z.string()]).nullish(),
  platform: text,
  level: text,
  logger: text,
  release: text,
  dist: text,
  environment: text,
  server_name: text,
  transaction: text,
  message: z.union([z.string(), z.looseObject({ message: text, formatted: text })]).nullish(),
  logentry: z.looseObject({ message: text, formatted: text, params: z.unknown().optional() }).nullish(),
  exception: many(exception),
  threads: many(thread),
  breadcrumbs: many(breadcrumb),
  request: request.nullish(),
  user: dict.nullish(),
  tags: z.union([dict, z.array(z.tuple([z.string(), z.unknown()]))]).nullish(),
  extra: dict.nullish(),
  contexts: z.record(z.string(), dict.nullish()).nullish(),
  modules: z.record(z.string(), z.string()).nullish(),
  sdk: z.looseObject({ name: text, version: text, integrations: z.array(z.string()).nullish() }).nullish(),
  debug_meta: dict.nullish(),
  fingerprint: z.array(z.string()).nullish(),
});

export type RawEvent = z.infer<typeof rawEvent>;
export type RawFrame = z.infer<typeof frame>;
export type RawException = z.infer<typeof exception>;

/** SDKs send lists bare or as `{values}`. */
export function valuesOf<T>(list: T[] | { values?: T[] | null | undefined } | null | undefined): T[] {
  if (!list) return [];
  return Array.isArray(list) ? list : (list.values ?? []);
}
