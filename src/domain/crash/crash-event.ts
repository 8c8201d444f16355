// One event of a problem: what happened, with its stack, in our own words.
// It must not know the source's JSON; src/sentry/ translates. Every text in it is hostile.

export type Frame = {
  function: string | null;
  /** Before demangling or cleaning, where the source keeps both. */
  rawFunction: string | null;
  module: string | null;
  package: string | null;
  filename: string | null;
  absPath: string | null;
  /** 1-based, or null. */
  line: number | null;
  column: number | null;
  /** The source's own flag; wrong for Rust (reference sentry.md, 7.3). */
  inApp: boolean | null;
  /** Source lines round the frame, by line number. Empty when the source has none. */
  context: { line: number; text: string }[];
  /** Overrides the event's platform in mixed stacks. */
  platform: string | null;
};

export type Exception = {
  type: string | null;
  value: string | null;
  module: string | null;
  mechanism: { type: string | null; handled: boolean | null; synthetic: boolean } | null;
  /** Oldest call first, the crash last. */
  frames: Frame[];
  /** Before source maps or symbolication; empty when the same. */
  rawFrames: Frame[];
  threadId: string | null;
};

export type Thread = {
  id: string | null;
  name: string | null;
  current: boolean;
  crashed: boolean;
  frames: Frame[];
};

export type Breadcrumb = {
  at: number | null;
  type: string | null;
  category: string | null;
  level: string | null;
  message: string | null;
  data: Record<string, unknown> | null;
};

export type CrashEvent = {
  id: string;
  platform: string | null;
  /** `error`, `default` (a plain message), … */
  type: string | null;
  title: string;
  message: string | null;
  culprit: string | null;
  /** Milliseconds since 1970. */
  at: number | null;
  release: string | null;
  /** The commit the release was built from, when the source knows it. */
  releaseCommit: string | null;
  environment: string | null;
  /** Cause first, outermost last. */
  exceptions: Exception[];
  threads: Thread[];
  breadcrumbs: Breadcrumb[];
  request: { method: string | null; url: string | null } | null;
  contexts: Record<string, Record<string, unknown>>;
  tags: Record<string, string>;
  /** What the source could not do with the event, such as a missing source map. */
  processingErrors: { type: string; message: string | null; data: Record<string, unknown> }[];
  /** Debug images: ids that tie minified files to source maps. */
  debugImages: { debugId: string; codeFile: string | null }[];
};

/** The class of what was thrown (`TypeError`), when it is a name and not a text; null otherwise. */
export function crashClass(event: CrashEvent): string | null {
  const type = event.exceptions[0]?.type ?? null;
  return type !== null && /^[\p{L}\p{N}_$.:<>]{1,60}$/u.test(type) ? type : null;
}
