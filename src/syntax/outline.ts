// Finds the function round a line by how the lines look, for languages that no parser here reads.
// It must not be trusted beyond a name: indentation is a habit, not a grammar.

import type { EnclosingFunction } from '../ports.ts';

/** What a line that opens a function looks like; the first group is its name. */
const headers: Readonly<Record<string, RegExp>> = {
  kt: /\bfun\s+(?:<[^>]*>\s*)?(?:[\w.<>?, ]+\.)?(`[^`]+`|\w+)\s*\(/,
  scala: /\bdef\s+(\w+)/,
  groovy: /\b(?:def|void|\w+)\s+(\w+)\s*\([^;]*\)\s*\{/,
  cs: /^\s*(?:(?:public|private|protected|internal|static|async|override|virtual|sealed|partial|extern|new|unsafe)\s+)+[\w<>[\],.?\s]+?\s(\w+)\s*(?:<[^>]*>)?\s*\(/,
  php: /\bfunction\s+&?(\w+)\s*\(/,
  rb: /^\s*def\s+(?:self\.)?([\w?!=]+)/,
  swift: /\bfunc\s+(\w+)|\b(init|deinit)\b\s*[?!(]/,
  dart: /^\s*(?:(?:static|external|override|late|final)\s+)*(?:[\w<>,?[\]]+\s+)?(\w+)\s*\([^;]*\)\s*(?:async\*?|sync\*)?\s*(?:\{|=>)/,
  ex: /^\s*defp?\s+([\w?!]+)/,
  lua: /\bfunction\s+([\w.:]+)\s*\(/,
  luau: /\bfunction\s+([\w.:]+)\s*\(/,
  vue: /^\s*(?:export\s+)?(?:async\s+)?(?:function\s*\*?\s+(\w+)|(?:const|let)\s+(\w+)\s*=\s*(?:async\s*)?(?:\([^)]*\)|\w+)\s*=>|(\w+)\s*\([^;]*\)\s*\{)/,
};

const alias: Readonly<Record<string, string>> = { kts: 'kt', exs: 'ex', svelte: 'vue', rake: 'rb', fs: 'cs' };

/** Words that open blocks and look like calls. */
const keywords = /^(?:if|for|while|switch|catch|return|when|using|lock|foreach|elseif|function|new|else)$/;

const longestLine = 2000;

/** Null at top level, for endings not known here, and for lines beyond the end. */
export function outlineFunction(path: string, text: string, line: number): EnclosingFunction | null {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const header = headers[alias[ending] ?? ending];
  const lines = text.split('\n');
  const wanted = lines[line - 1];
  if (!header || wanted === undefined || wanted.trim() === '') return null;
  const start = headerAbove(lines, line - 1, header);
  if (start === null) return null;
  const name = nameIn(lines[start] ?? '', header);
  return { name, startLine: start + 1, endLine: endBelow(lines, start) + 1 };
}

/** Upwards to the first header that stands further left than everything passed since. */
function headerAbove(lines: readonly string[], from: number, header: RegExp): number | null {
  let left = indent(lines[from] ?? '') + 1;
  for (let at = from; at >= 0; at -= 1) {
    const text = lines[at] ?? '';
    if (isFiller(text) || indent(text) >= left) continue;
    if (nameIn(text, header) !== null) return at;
    left = Math.max(indent(text), 1);
  }
  return null;
}

function endBelow(lines: readonly string[], start: number): number {
  const left = indent(lines[start] ?? '');
  const next = lines.findIndex((text, at) => at > start && !isFiller(text) && indent(text) <= left);
  if (next < 0) return lines.length - 1;
  return /^\s*(?:[}\])]|end\b)/.test(lines[next] ?? '') ? next : next - 1;
}

function nameIn(text: string, header: RegExp): string | null {
  const name = header
    .exec(text.slice(0, longestLine))
    ?.slice(1)
    .find((group) => group !== undefined);
  return name === undefined || keywords.test(name) ? null : name;
}

/** Blank, a comment, a directive, or a brace that stands on a line of its own below its header. */
function isFiller(text: string): boolean {
  return /^\s*(?:\{?\s*$|\/[/*]|\*|#)/.test(text);
}

function indent(text: string): number {
  return text.search(/\S|$/);
}
