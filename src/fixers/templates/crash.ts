// What an engine's message says about the crash: which access failed, on what.
// Only reads text; it must not guess beyond the wording, and none of it is ever published.

import type { CrashEvent, Exception } from '../../domain/crash/crash-event.ts';

/** `reduce`: of an empty list; `parse`: of text that is not JSON; `reject`: a promise nobody waited for. */
export type CrashKind = 'read' | 'write' | 'iterate' | 'call' | 'contain' | 'reduce' | 'parse' | 'reject';

/** Something was not there: what guards are for. */
export const absences: readonly CrashKind[] = ['read', 'write', 'iterate', 'call', 'contain'];

export type Crash = {
  kind: CrashKind;
  /** What stood where an object was expected; null when the message does not say. */
  value: 'undefined' | 'null' | null;
  /** The property that was asked for, when the message names it. */
  property: string | null;
  /** The receiver as the engine words it (`row`, `rows.find(...)`), when it does. */
  receiver: string | null;
};

type Wording = { pattern: RegExp; kind: CrashKind };

/**
 * The wordings of V8 (old and new), SpiderMonkey and JavaScriptCore. Named groups: `value`, `property`,
 * `receiver`, and `evaluated` (the whole failing expression). The first that matches decides.
 */
const wordings: readonly Wording[] = [
  {
    pattern:
      /^Cannot read propert(?:y|ies)(?: of (?<value>undefined|null))? \(reading 'Symbol\(Symbol\.iterator\)'\)/,
    kind: 'iterate',
  },
  {
    pattern: /^Cannot read properties of (?<value>undefined|null)(?: \(reading '(?<property>[^']+)'\))?/,
    kind: 'read',
  },
  { pattern: /^Cannot read property '(?<property>[^']+)' of (?<value>undefined|null)/, kind: 'read' },
  {
    pattern: /^Cannot set properties of (?<value>undefined|null)(?: \(setting '(?<property>[^']+)'\))?/,
    kind: 'write',
  },
  { pattern: /^Cannot set property '(?<property>[^']+)' of (?<value>undefined|null)/, kind: 'write' },
  {
    pattern:
      /^Cannot destructure property '(?<property>[^']+)' of '(?<receiver>.+)' as it is (?<value>undefined|null)/,
    kind: 'read',
  },
  {
    pattern: /^Cannot destructure '(?<receiver>.+)' as it is (?<value>undefined|null)/,
    kind: 'read',
  },
  {
    pattern: /^Cannot use 'in' operator to search for '(?<property>[^']+)' in (?<value>undefined|null)/,
    kind: 'contain',
  },
  {
    pattern: /^can't access property "(?<property>[^"]+)", (?<receiver>.+) is (?<value>undefined|null)$/,
    kind: 'read',
  },
  {
    pattern: /^can't access property "(?<property>[^"]+)" of (?<value>undefined|null)/,
    kind: 'read',
  },
  { pattern: /^(?<value>undefined|null) is not an object \(evaluating '(?<evaluated>.+)'\)/, kind: 'read' },
  {
    pattern: /^(?<value>undefined|null) is not a function \(near '\.\.\.(?<receiver>.+)\.\.\.'\)/,
    kind: 'iterate',
  },
  {
    pattern: /^(?<value>undefined|null) is not (?:a function|iterable) \(evaluating '(?<evaluated>.+)'\)/,
    kind: 'call',
  },
  { pattern: /^Spread syntax requires \.\.\.iterable/, kind: 'iterate' },
  { pattern: /^(?<value>undefined|null) is not iterable/, kind: 'iterate' },
  { pattern: /^(?<receiver>\S+) is not iterable/, kind: 'iterate' },
  { pattern: /^(?<receiver>.+) is not a function or its return value is not iterable/, kind: 'iterate' },
  { pattern: /^(?<receiver>\S+) is not a function/, kind: 'call' },
  { pattern: /^(?<receiver>\S+) is (?<value>undefined|null)$/, kind: 'read' },
];

/** Reads one exception message. Null when it is none of the crashes that templates know. */
function parseCrash(message: string): Crash | null {
  const text = message.split('\n', 1)[0]?.slice(0, 500).trim() ?? '';
  for (const { pattern, kind } of wordings) {
    const groups = pattern.exec(text)?.groups;
    if (groups || pattern.test(text)) return crashOf(kind, groups ?? {});
  }
  return null;
}

const emptyReduce = /^reduce of empty array with no initial value/i;

/** V8 (three generations), SpiderMonkey and JavaScriptCore. */
const notJson =
  /^Unexpected (?:token|end of JSON|non-whitespace|string|number)\b.*|^Unterminated string in JSON|^"undefined" is not valid JSON|^JSON\.parse: |^JSON Parse error: /;

/** The first exception of the event (cause first) that is a crash templates know. */
export function crashOfEvent(event: CrashEvent): Crash | null {
  for (const exception of event.exceptions) {
    const crash = crashOfException(exception);
    if (crash) return crash;
  }
  return event.exceptions.some(isUnhandledRejection) ? plain('reject') : null;
}

function crashOfException({ type, value }: Exception): Crash | null {
  if (value === null) return null;
  if (type === 'SyntaxError') return notJson.test(value) ? plain('parse') : null;
  if (type !== null && type !== 'TypeError') return null;
  return emptyReduce.test(value) ? plain('reduce') : parseCrash(value);
}

function isUnhandledRejection({ mechanism }: Exception): boolean {
  return mechanism?.handled === false && /unhandled_?rejection/i.test(mechanism.type ?? '');
}

function plain(kind: CrashKind): Crash {
  return { kind, value: null, property: null, receiver: null };
}

function crashOf(kind: CrashKind, groups: Record<string, string | undefined>): Crash {
  const value = groups['value'] === 'undefined' || groups['value'] === 'null' ? groups['value'] : null;
  const evaluated = groups['evaluated'];
  if (evaluated !== undefined) return { kind, value, ...splitEvaluated(kind, evaluated) };
  return { kind, value, property: groups['property'] ?? null, receiver: groups['receiver'] ?? null };
}

/** JavaScriptCore quotes the whole expression: `row.status`, `rows[0].name`, `props.onDone()`. */
function splitEvaluated(
  kind: CrashKind,
  evaluated: string,
): { property: string | null; receiver: string | null } {
  if (kind === 'call') return { property: null, receiver: evaluated.replace(/\(.*$/s, '') };
  const member = /^(?<receiver>.+)\.(?<property>[\w$]+)$/s.exec(
    evaluated.replace(/\s*=[^=].*$/s, ''),
  )?.groups;
  return { property: member?.['property'] ?? null, receiver: member?.['receiver'] ?? evaluated };
}
