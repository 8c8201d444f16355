// Finds files by what a frame is called when no path leads to one: which file defines that function?
// It must not read files; it says what to search for and judges what was found.

import type { PathFinding } from './find-path.ts';
import type { FunctionName } from './function-name.ts';
import type { Language } from './language.ts';
import { isTestPath } from './test-path.ts';

/** File endings in which a language's definitions stand. */
export const sourceEndings: Readonly<Record<Language, readonly string[]>> = {
  javascript: ['ts', 'tsx', 'js', 'jsx', 'mjs', 'cjs', 'mts', 'cts', 'vue', 'svelte'],
  rust: ['rs'],
  python: ['py'],
  go: ['go'],
  jvm: ['java', 'kt', 'scala', 'groovy'],
  dotnet: ['cs', 'fs', 'vb'],
  php: ['php'],
  ruby: ['rb'],
  dart: ['dart'],
  swift: ['swift', 'm', 'mm'],
  c: ['c', 'cc', 'cpp', 'cxx', 'h', 'hpp'],
  other: ['ts', 'tsx', 'js', 'jsx', 'mjs', 'cjs'],
};

/** Names that many files define alike. */
const common =
  /^(?:run|main|get|set|init|new|from|next|call|handle|handler|render|update|index|default|execute|process|start|stop|parse|load|save|read|write|open|close|test|setup|create|build|apply|fmt|drop|clone|poll|eq|hash|toString|equals|constructor|onClick|callback|fn|cb|e|t|n|r|a|b|c|i|o|s|u)$/;

/** A POSIX extended pattern for lines that may define the function, or the type that holds it. */
export function definitionPattern({ container, name }: FunctionName): string | null {
  const wanted = container ?? (common.test(name) || name.length < 4 ? null : name);
  if (wanted === null || !/^\w+$/.test(wanted)) return null;
  const keywords =
    'class|interface|struct|enum|impl|trait|object|protocol|extension|module|type|func|function|fn|fun|def|const|let|var|sub';
  return `(^|[^[:alnum:]_])(${keywords})[[:space:]<*(].*${wanted}([^[:alnum:]_]|$)|^[[:space:]]*((public|private|protected|static|async|override|export)[[:space:]]+)*${wanted}[[:space:]]*\\(.*\\{[[:space:]]*$`;
}

/**
 * `definers`: files whose text was seen to define the function, by syntax where there is a parser. One is an
 * answer worth showing; names alone never reach the threshold for changing code without a line.
 */
export function bySymbol(definers: readonly string[], { container }: FunctionName): PathFinding | null {
  const own = definers.filter((path) => !isTestPath(path));
  const candidates = [...new Set(own.length > 0 ? own : definers)].slice(0, 20);
  if (candidates.length === 0) return null;
  const confidence = (container === null ? 0.55 : 0.8) / candidates.length;
  return { rule: 'symbol', candidates, confidence, own: true, lineHolds: true };
}
