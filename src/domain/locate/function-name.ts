// The plain name of a function as its source spells it, out of what a runtime prints.
// It must not guess: what is anonymous or made by a compiler has no name.

import type { Language } from './language.ts';
import { rustSymbol } from './rust-symbol.ts';

export type FunctionName = {
  /** `Gui` of `(*Gui).Switch.func1`; null for free functions and where unknown. */
  container: string | null;
  name: string;
};

const longest = 1024;

/** Null for anonymous functions, module bodies, minified and unknown names. */
export function functionName(reported: string | null, language: Language): FunctionName | null {
  if (reported === null || reported.length > longest) return null;
  if (language === 'rust') return rustName(reported);
  if (reported.endsWith('<anonymous>')) return null;
  const parts = reported
    .replace(/\s*\[as [^\]]*\]$/, '')
    .replace(/^(?:async|new|get|set|static)\s+/, '')
    .replace(/\(\*?(\w+)(?:\[[^\]]*\])?\)/, '$1')
    .replace(/\(.*$/s, '')
    .split(/::|[.$#/]/)
    .filter((part) => !generated.test(part));
  const name = parts.at(-1);
  if (name === undefined || !/^[\p{L}_$][\p{L}\p{N}_$?!]*$/u.test(name) || placeholder.test(name))
    return null;
  const container = parts.at(-2) ?? null;
  return { name, container: container !== null && /^[A-Z]\w*$/.test(container) ? container : null };
}

/** What Go, Kotlin, V8 and .NET call functions without a name of their own. */
const generated = /^(?:func\d+|gowrap\d+|\d+|<.*>|lambda.*|-fm|invoke|invokeSuspend|)$/;

/** Names of call sites and module bodies rather than of functions. */
const placeholder =
  /^(?:anonymous|default|module|exports|Object|Module|Function|Array|Promise|Timeout|process|eval|global|window|apply|call|\?)$/;

function rustName(reported: string): FunctionName | null {
  const symbol = rustSymbol(reported);
  if (!symbol?.name) return null;
  const type = /([A-Z]\w*)(?:<[^:]*>)?(?: as [^>]+)?>?::\w+(?:::|$)/.exec(
    reported.replaceAll(/::\{+closure.*$/g, ''),
  )?.[1];
  return { name: symbol.name, container: type ?? null };
}
