// An event as Sentry keeps it: snake_case, every key present (reference sentry.md, 1.8).
// Must hold types only; store-event.ts fills them.

/** The texts Sentry makes from an event. */
export type Described = {
  type: string;
  title: string;
  culprit: string | null;
  location: string | null;
  metadata: Record<string, unknown>;
  hashes: string[];
};

export type StoredFrame = {
  abs_path: string | null;
  colno: number | null;
  context_line: string | null;
  data: Record<string, unknown> | null;
  errors: null;
  filename: string | null;
  function: string | null;
  image_addr: null;
  in_app: boolean;
  instruction_addr: null;
  lineno: number | null;
  module: string | null;
  package: string | null;
  platform: string | null;
  post_context: string[] | null;
  pre_context: string[] | null;
  raw_function: string | null;
  symbol: null;
  symbol_addr: null;
  trust: null;
  vars: Record<string, unknown> | null;
};

export type StoredException = {
  type: string | null;
  value: string | null;
  module: string | null;
  thread_id: string | number | null;
  mechanism: Record<string, unknown> | null;
  stacktrace: { frames: StoredFrame[] } | null;
  raw_stacktrace: null;
};

export type StoredRequest = {
  method: string | null;
  url: string | null;
  query_string: [string, string][];
  headers: [string, string][];
  cookies: unknown;
  data: unknown;
  env: Record<string, unknown> | null;
  fragment: string | null;
  inferred_content_type: string | null;
};

export type StoredThread = {
  id: string | number | null;
  name: string | null;
  current: boolean;
  crashed: boolean;
  stacktrace: { frames: StoredFrame[] } | null;
};

export type StoredBreadcrumb = {
  timestamp: number | null;
  type: string;
  category: string | null;
  level: string;
  message: string | null;
  data: Record<string, unknown> | null;
};

export type StoredEvent = Described & {
  event_id: string;
  platform: string;
  level: string;
  logger: string;
  release: string | null;
  dist: string | null;
  environment: string | null;
  transaction: string | null;
  message: string;
  logentry: { formatted: string; message: string | null; params: unknown } | null;
  exception: { values: StoredException[] } | null;
  threads: { values: StoredThread[] } | null;
  breadcrumbs: { values: StoredBreadcrumb[] } | null;
  request: StoredRequest | null;
  user: Record<string, unknown> | null;
  tags: [string, string][];
  extra: Record<string, unknown>;
  contexts: Record<string, Record<string, unknown>>;
  modules: Record<string, string>;
  sdk: { name: string; version: string; integrations: string[]; packages: unknown } | null;
  fingerprint: string[];
  /** Milliseconds since 1970. */
  at: number;
  receivedAt: number;
  /** Bytes as received. */
  size: number;
};
