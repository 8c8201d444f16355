// One step back from a crash: the value that was not what the code took it for, and the line that made it.
// It must not claim more than a reader of the function would see: one name, its nearest assignment above.

import type { LocatedFrame } from '../crash/location.ts';

export type ValueOrigin = {
  /** The expression that held the bad value: `row.session`. */
  expression: string;
  /** Where its name was given a value, 1-based; the function's own head when it came in as an argument. */
  line: number;
  text: string;
  /** True when the value came from the caller. */
  argument: boolean;
};

export type ValueQuestion = {
  message: string;
  lines: readonly string[];
  /** The crash, 1-based. */
  line: number;
  /** Where the enclosing function begins, 1-based; null at top level. */
  functionStart: number | null;
};

const longestLine = 2000;
const mostLinesBack = 400;

/** Null when the message names no member or the line shows no single expression that holds it. */
export function valueOrigin({ message, lines, line, functionStart }: ValueQuestion): ValueOrigin | null {
  const text = (lines[line - 1] ?? '').slice(0, longestLine);
  const expression = brokenExpression(message, text);
  const name = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(expression ?? '')?.[0];
  if (expression === null || name === undefined || /^(?:this|self|super|window|global)$/.test(name))
    return null;
  const from = Math.max(functionStart ?? 1, line - mostLinesBack);
  for (let at = line - 1; at >= from; at -= 1) {
    const above = (lines[at - 1] ?? '').slice(0, longestLine);
    if (assigns(above, name)) return { expression, line: at, text: above.trim(), argument: false };
    if (at === functionStart && takes(above, name))
      return { expression, line: at, text: above.trim(), argument: true };
  }
  return null;
}

/** What stands before the member that the message names; the only such expression on the line. */
export function brokenExpression(message: string, text: string): string | null {
  const member = memberOf(message.slice(0, 1000));
  if (member === null) return wholeOf(message.slice(0, 1000), text);
  const access = new RegExp(
    `([\\p{L}\\p{N}_$.?!\\[\\]'"()]+?)(?:\\.|->|::)${member}(?![\\p{L}\\p{N}_$])`,
    'gu',
  );
  const found = new Set(
    [...text.matchAll(access)].map((match) => clean((match[1] ?? '').replace(/[?!]+$/, ''))),
  );
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

/** The member that was read or called on nothing. */
function memberOf(message: string): string | null {
  const found =
    /(?:reading|setting) '([\p{L}\p{N}_$]+)'/u.exec(message) ??
    /(?:read|set) property '([\p{L}\p{N}_$]+)'/u.exec(message) ??
    /has no attribute '(\w+)'/.exec(message) ??
    /can't access property "([\p{L}\p{N}_$]+)"/u.exec(message);
  if (found?.[1]) return found[1].replaceAll('$', String.raw`\$`);
  if (/called `(?:Option|Result)::unwrap\(\)`/.test(message)) return 'unwrap';
  return null;
}

/** Safari and calls of what is no function name the whole expression. */
function wholeOf(message: string, text: string): string | null {
  const named =
    /evaluating '([^']{1,120})'/.exec(message)?.[1] ??
    /^(?:\w*Error: )?([\w$.]{1,120}) is not (?:a function|iterable)/.exec(message)?.[1];
  if (named === undefined || !text.includes(named)) return null;
  return named.includes('.') ? named.slice(0, named.lastIndexOf('.')) : named;
}

/** Without the brackets that were open before the expression began. */
function clean(expression: string): string {
  let depth = 0;
  for (let at = expression.length - 1; at >= 0; at -= 1) {
    if (/[)\]]/.test(expression[at] ?? '')) depth += 1;
    if (/[([]/.test(expression[at] ?? '')) depth -= 1;
    if (depth < 0) return expression.slice(at + 1);
  }
  return expression.replace(/^[!.?]+/, '');
}

function assigns(text: string, name: string): boolean {
  const word = `(?<![\\p{L}\\p{N}_$.])${name.replaceAll('$', String.raw`\$`)}(?![\\p{L}\\p{N}_$])`;
  return new RegExp(
    `${word}[^=;]*?(?<![=!<>])(?::=|=)(?![=>])|(?:for|with)\\b.*${word}.*\\b(?:of|in)\\b|\\bas ${word}`,
    'u',
  ).test(text);
}

function takes(text: string, name: string): boolean {
  return new RegExp(`[(,{|\\s]${name.replaceAll('$', String.raw`\$`)}\\b`, 'u').test(text);
}

/** The next own frame outwards: who handed the value in. */
export function callerOf(frames: readonly LocatedFrame[], index: number): LocatedFrame | null {
  return (
    frames.find(
      (frame) => frame.index > index && frame.inApp && frame.path !== null && frame.line !== null,
    ) ?? null
  );
}
