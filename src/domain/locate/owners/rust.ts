// Whose code a Rust frame is. The SDK marks nearly everything as in-app (reference sentry.md, 7.3), so
// the compiler's paths and the crate in the symbol decide. It must not look at the repository.

import type { Owner, OwnerQuestion } from '../ownership.ts';
import { rustSymbol } from '../rust-symbol.ts';

const standardLibrary =
  /^\/?rustc\/|\/rustc\/[0-9a-f]{40}\/|\/\.rustup\/|\/rustlib\/src\/|^library\/(?:std|core|alloc|test|proc_macro|panic_unwind)\//;

/** Crates that belong to the language, and the machinery that a panic runs through. */
const runtimeCrates = new Set(
  'std core alloc test proc_macro panic_unwind backtrace rustc_demangle sentry sentry_core sentry_types sentry_backtrace sentry_panic sentry_tracing sentry_log sentry_anyhow __rustc'.split(
    ' ',
  ),
);

const machinery =
  /^(?:_?__rust_|rust_begin_unwind|rust_panic|_start$|__libc_start|start_thread$|clone3?$|__pthread|_pthread|BaseThreadInitThunk|RtlUserThreadStart|main$|<unknown>$|__scrt_)/;

export function rustOwner({ path, segments, frame }: OwnerQuestion): Owner | null {
  if (standardLibrary.test(path)) return { whose: 'runtime' };
  const vendored = registryCrate(segments) ?? checkoutCrate(segments) ?? versionedFolder(segments);
  if (vendored) return vendored;
  const symbol = frame.function ?? '';
  if (path === '' && machinery.test(symbol)) return { whose: 'runtime' };
  const crate = rustSymbol(symbol)?.crate ?? null;
  if (crate !== null && runtimeCrates.has(crate)) return { whose: 'runtime' };
  return crate === null || path !== '' ? null : { whose: 'package', name: crate, rest: [] };
}

/** `…/.cargo/registry/src/index.crates.io-<hash>/<crate>-<version>/src/…`; also the standard library's own. */
function registryCrate(segments: readonly string[]): Owner | null {
  const registry = segments.findIndex((part, at) => part === 'registry' && segments[at + 1] === 'src');
  const deps = segments.findIndex((part, at) => part === 'rust' && segments[at + 1] === 'deps');
  const at = registry >= 0 ? registry + 3 : deps >= 0 ? deps + 2 : -1;
  const folder = at < 0 ? undefined : segments[at];
  if (folder === undefined) return null;
  return { whose: 'package', name: folder.replace(/-\d+\.\d.*$/, ''), rest: segments.slice(at + 1) };
}

/** `…/.cargo/git/checkouts/<repository>-<hash>/<revision>/…`. */
function checkoutCrate(segments: readonly string[]): Owner | null {
  const at = segments.indexOf('checkouts');
  const folder = segments[at + 1];
  if (at < 1 || segments[at - 1] !== 'git' || folder === undefined) return null;
  return { whose: 'package', name: folder.replace(/-[0-9a-f]+$/, ''), rest: segments.slice(at + 3) };
}

/** Packagers unpack crates as `<crate>-<version>/src/…` wherever they like. */
function versionedFolder(segments: readonly string[]): Owner | null {
  const at = segments.findLastIndex(
    (part, index) => segments[index + 1] === 'src' && /^[\w-]+?-\d+\.\d+\.\d/.test(part),
  );
  const folder = segments[at];
  if (at < 0 || folder === undefined) return null;
  return { whose: 'package', name: folder.replace(/-\d+\.\d+\.\d.*$/, ''), rest: segments.slice(at + 1) };
}
