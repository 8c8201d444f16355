// What kind of crash a message describes: why it happens, whether it is a mistake in the code or a failure
// to be expected, and how large a repair usually is. It must not look at frames or files.

import { code } from '../untrusted.ts';

export type CrashKind = {
  /** Follows "because": a clause, already safe to publish. Null when only the message can say it. */
  why: string | null;
  nature: 'bug' | 'expected failure' | 'unclear';
  scope: 'one line' | 'structural' | 'unclear';
};

type Rule = {
  /** Matched against `Type: value`. */
  pattern: RegExp;
  why: (found: RegExpMatchArray) => string;
  nature: CrashKind['nature'];
  scope: CrashKind['scope'];
};

const quoted = (text: string | undefined): string => code(text ?? '', 80);

/** First match wins. Messages are those of V8, SpiderMonkey, JavaScriptCore, Rust, Go, CPython and the JVM. */
const rules: readonly Rule[] = [
  {
    pattern:
      /(?:Cannot (?:read|set) propert(?:y|ies) (?:'([^']*)' )?of (undefined|null)(?: \((?:reading|setting) '([^']*)'\))?)/,
    why: (found) => `${quoted(found[1] ?? found[3])} is read or set on a value that is ${found[2]}`,
    nature: 'bug',
    scope: 'one line',
  },
  {
    pattern: /(?:can't access property "([^"]*)", )?(\S{1,80}) is (undefined|null)$/m,
    why: (found) => `${quoted(found[2])} is ${found[3]} when it is used`,
    nature: 'bug',
    scope: 'one line',
  },
  {
    pattern: /(undefined|null) is not an object(?: \(evaluating '([^']*)'\))?/,
    why: (found) => `${found[2] ? quoted(found[2]) : 'an expression'} is evaluated on ${found[1]}`,
    nature: 'bug',
    scope: 'one line',
  },
  {
    pattern: /(.{1,80}) is not (?:a function|iterable|a constructor)/,
    why: (found) => `${quoted(found[1])} is not what the code takes it for`,
    nature: 'bug',
    scope: 'unclear',
  },
  {
    pattern: /Cannot use 'in' operator to search for '([^']*)' in (\S+)/,
    why: (found) => `${quoted(found[1])} is looked up in ${quoted(found[2])}, which is no object`,
    nature: 'bug',
    scope: 'one line',
  },
  {
    pattern: /(\S{1,80}) is not defined$/m,
    why: (found) => `${quoted(found[1])} does not exist where it is used`,
    nature: 'bug',
    scope: 'one line',
  },
  {
    pattern: /Maximum call stack size exceeded|stack overflow|maximum recursion depth/i,
    why: () => 'a function calls itself without end',
    nature: 'bug',
    scope: 'structural',
  },
  {
    pattern: /Unexpected (?:token|end of JSON)|JSON\.parse|is not valid JSON|JSONDecodeError/,
    why: () => 'text that is not JSON is parsed as JSON',
    nature: 'expected failure',
    scope: 'one line',
  },
  {
    pattern: /ZodError|ValidationError|Failed to validate/,
    why: () => 'data from outside does not have the shape that the code declares for it',
    nature: 'unclear',
    scope: 'unclear',
  },
  {
    pattern: /called `(Option::\w+|Result::\w+)\(\)` on an? `(\w+)` value/,
    why: (found) => `${quoted(found[1])} meets ${quoted(found[2])}`,
    nature: 'bug',
    scope: 'one line',
  },
  {
    pattern: /index out of bounds|index out of range|list index out of range|IndexOutOfBounds|RangeError/,
    why: () => 'an index lies beyond the end of what it points into',
    nature: 'bug',
    scope: 'one line',
  },
  {
    pattern: /byte index \d+ is not a char boundary/,
    why: () => 'a text is cut in the middle of a character',
    nature: 'bug',
    scope: 'one line',
  },
  {
    pattern: /attempt to (\w+) with overflow/,
    why: (found) => `an attempt to ${quoted(found[1])} leaves the range of its type`,
    nature: 'bug',
    scope: 'one line',
  },
  {
    pattern: /not (?:yet )?implemented/i,
    why: () => 'the code reaches a case that was left unwritten',
    nature: 'bug',
    scope: 'structural',
  },
  {
    pattern: /entered unreachable code/,
    why: () => 'the code reaches a case that was held to be impossible',
    nature: 'bug',
    scope: 'structural',
  },
  {
    pattern: /already (?:mutably )?borrowed/,
    why: () => 'a value is borrowed while another borrow of it is still held',
    nature: 'bug',
    scope: 'structural',
  },
  {
    pattern: /nil pointer dereference|NullPointerException|NullReferenceException/,
    why: () => 'a member is used of a reference that points to nothing',
    nature: 'bug',
    scope: 'one line',
  },
  {
    pattern: /'NoneType' object (?:has no attribute '([^']*)'|is not \w+)/,
    why: (found) =>
      found[1] ? `${quoted(found[1])} is read from None` : 'None is used as if it held a value',
    nature: 'bug',
    scope: 'one line',
  },
  {
    pattern: /KeyError: (.{1,60})/,
    why: (found) => `the key ${quoted(found[1])} is not there`,
    nature: 'bug',
    scope: 'one line',
  },
  {
    pattern: /ENOENT|No such file|FileNotFound|NotFound/,
    why: () => 'a file or program that the code needs is not there',
    nature: 'expected failure',
    scope: 'unclear',
  },
  {
    pattern: /ECONNRE(?:SET|FUSED)|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|timed? ?out|fetch failed/i,
    why: () => 'a connection fails, and nothing takes care of that',
    nature: 'expected failure',
    scope: 'unclear',
  },
];

const unknown: CrashKind = { why: null, nature: 'unclear', scope: 'unclear' };

/** Reads the exception's type and message (hostile text; only the first 2,000 characters count). */
export function kindOfCrash(type: string | null, value: string | null): CrashKind {
  const text = `${type ?? ''}: ${value ?? ''}`.slice(0, 2000);
  for (const rule of rules) {
    const found = text.match(rule.pattern);
    if (found) return { why: rule.why(found), nature: rule.nature, scope: rule.scope };
  }
  return unknown;
}
