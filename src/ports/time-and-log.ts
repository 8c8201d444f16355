// What the core knows of time and of the log.
// Nothing here may name an SDK, a path of an API or a vendor's word.

/** Milliseconds since 1970. */
export type Clock = { now(): number };

export type Log = {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
  child(fields: Record<string, unknown>): Log;
};
