// Reads the place that a frame's names speak of: module, namespace, crate or class, by language.
// It must not look at the file list; src/domain/locate/named-place.ts does.

import type { FrameQuestion } from './find-path.ts';
import type { Language } from './language.ts';
import { rustSymbol } from './rust-symbol.ts';

/** What the names say. */
export type NamedPlace = {
  /** Path segments that the file's path should end with, without ending; the last is the file's stem. */
  stem: string[];
  /** Folders of own packages it must lie in; empty when any will do. */
  dirs: string[];
  /** True when the language demands it: then the name alone is as good as a path. */
  binding: boolean;
};

type Reader = (question: FrameQuestion) => NamedPlace | null;

const readers: Partial<Record<Language, Reader>> = {
  rust: rustPlace,
  python: pythonPlace,
  go: goPlace,
  jvm: jvmPlace,
  dotnet: dotnetPlace,
};

/** Null when the names say nothing about a place. */
export function namedPlace(question: FrameQuestion): NamedPlace | null {
  return readers[question.language]?.(question) ?? null;
}

/** `crate::a::b::f` stands in `a/b.rs` or `a/b/mod.rs` of that crate (reference sentry.md, 7.3). */
function rustPlace({ frame, manifests }: FrameQuestion): NamedPlace | null {
  const symbol = rustSymbol(frame.function ?? '') ?? rustModule(frame.module);
  if (!symbol) return null;
  const crates = manifests.packages.filter((one) => one.language === 'rust');
  const dirs = crates.filter((one) => one.name === symbol.crate).map((one) => one.dir);
  // Modules of a crate that is not ours say nothing about our files.
  if (dirs.length === 0 && crates.length > 0) return null;
  return { stem: symbol.modules, dirs: deepest(dirs), binding: false };
}

/** A log call's `module_path!()` has no function at its end. */
function rustModule(module: string | null): { crate: string; modules: string[] } | null {
  const [crate, ...modules] = (module ?? '').slice(0, 1024).split('::');
  return crate ? { crate, modules } : null;
}

function pythonPlace({ frame }: FrameQuestion): NamedPlace | null {
  const stem = (frame.module ?? '')
    .slice(0, 1024)
    .split('.')
    .filter((part) => /^\w+$/.test(part));
  return stem.length === 0 || stem[0] === '__main__' ? null : { stem, dirs: [], binding: stem.length > 1 };
}

/**
 * An import path below a module of ours is a folder; the file's own name is in the reported path. Builds without
 * modules leave out the version at the end of its name.
 */
function goPlace({ frame, manifests }: FrameQuestion): NamedPlace | null {
  const module = frame.module ?? '';
  const own = manifests.packages
    .filter((one) => one.language === 'go')
    .flatMap(({ name, dir }) => [name, name.replace(/\/v\d+$/, '')].map((known) => ({ name: known, dir })))
    .filter(({ name }) => module === name || module.startsWith(`${name}/`))
    .toSorted((left, right) => right.name.length - left.name.length)[0];
  if (!own) return null;
  const folder = module.slice(own.name.length + 1);
  const dir = [own.dir, folder].filter((part) => part !== '').join('/');
  return { stem: [], dirs: [dir], binding: false };
}

/** `com.example.foo.Baz$Inner` of `Baz.kt` is `com/example/foo/Baz.kt` (reference sentry.md, 6.3). */
function jvmPlace({ frame }: FrameQuestion): NamedPlace | null {
  const module = (frame.module ?? '').slice(0, 1024);
  if (!module.includes('.')) return null;
  const packages = module.replace(/\$.*$/s, '').split('.');
  const file = (frame.filename ?? frame.absPath ?? '').split(/[\\/]/).at(-1) ?? '';
  const named = /^[\w-]+\.\w+$/.test(file) ? file.replace(/\.\w+$/, '') : null;
  const stem = [...packages.slice(0, -1), named ?? packages.at(-1) ?? ''];
  return { stem, dirs: [], binding: true };
}

/** Namespaces mostly follow folders; the type's name is the file's. */
function dotnetPlace({ frame }: FrameQuestion): NamedPlace | null {
  const module = (frame.module ?? '').slice(0, 1024).replace(/[+`<].*$/s, '');
  const stem = module.split('.').filter((part) => /^\w+$/.test(part));
  const type = stem.at(-1);
  return type === undefined ? null : { stem: [type], dirs: [], binding: false };
}

/** A workspace's root package holds the others' folders: the innermost is meant. */
function deepest(dirs: readonly string[]): string[] {
  const most = dirs.reduce((length, dir) => Math.max(length, dir.length), -1);
  return dirs.filter((dir) => dir.length === most);
}
