// Which language a frame is written in: it decides how its path and its names are to be read.
// It must not look at contents.

import type { Frame } from '../crash/crash-event.ts';

export type Language =
  | 'javascript'
  | 'rust'
  | 'python'
  | 'go'
  | 'jvm'
  | 'dotnet'
  | 'php'
  | 'ruby'
  | 'dart'
  | 'swift'
  | 'c'
  | 'other';

const byEnding: Record<Exclude<Language, 'other'>, string> = {
  javascript: 'js jsx mjs cjs ts tsx mts cts vue svelte astro jsbundle bundle',
  rust: 'rs',
  python: 'py pyx pyi',
  go: 'go',
  jvm: 'java kt kts scala groovy clj',
  dotnet: 'cs fs vb cshtml razor',
  php: 'php phtml',
  ruby: 'rb rake erb',
  dart: 'dart',
  swift: 'swift m mm',
  c: 'c cc cpp cxx h hpp',
};

const endings = new Map<string, Language>(
  Object.entries(byEnding).flatMap(([language, list]) =>
    list.split(' ').map((ending) => [ending, language as Language] as const),
  ),
);

/** Platform names of the source (reference sentry.md, 6.2 and 7). `native` needs the symbol. */
const platforms: Record<string, Language> = {
  javascript: 'javascript',
  node: 'javascript',
  rust: 'rust',
  python: 'python',
  go: 'go',
  java: 'jvm',
  csharp: 'dotnet',
  php: 'php',
  ruby: 'ruby',
  dart: 'dart',
  cocoa: 'swift',
  c: 'c',
};

/** By the file's ending first: stacks mix languages, and platforms are those of the event. */
export function languageOf(frame: Frame, eventPlatform: string | null): Language {
  for (const path of [frame.filename, frame.absPath]) {
    const ending = path?.slice(0, 2048).match(/\.(\w{1,10})(?:[?#:]|$)/)?.[1];
    const known = ending ? endings.get(ending.toLowerCase()) : undefined;
    if (known) return known;
  }
  const platform = frame.platform ?? eventPlatform ?? '';
  return platforms[platform] ?? bySymbol(frame.function ?? '');
}

function bySymbol(symbol: string): Language {
  return /^(?:<?&?(?:mut )?\w+::|_<)|^rust_|^__rust/.test(symbol.slice(0, 200)) ? 'rust' : 'other';
}
