// Whose code a JavaScript frame is: Node itself, the browser, an installed package, or unknown.
// It must not look at the repository.

import type { Owner, OwnerQuestion } from '../ownership.ts';

/** Node's own modules as it printed them before `node:` came. */
const nodeModules = new Set(
  (
    '_http_agent _http_client _http_common _http_incoming _http_outgoing _http_server _stream_duplex ' +
    '_stream_passthrough _stream_readable _stream_transform _stream_writable _tls_common _tls_wrap ' +
    'assert async_hooks bootstrap_node buffer child_process cluster crypto dgram dns domain events fs ' +
    'http http2 https module net path perf_hooks process querystring readline repl stream ' +
    'string_decoder timers tls tty url util v8 vm worker_threads zlib InternalBytecode'
  )
    .split(' ')
    .map((name) => `${name}.js`),
);

const runtimePath =
  /^(?:node:|internal\/|electron\/js2c\/|<anonymous>$|native(?: |$)|\[native code\]|ext:|deno:|bun:)/;

/** Hosts that serve packages, and addresses of browsers' extensions. */
const packageHost =
  /^https?:\/\/(?:cdn\.jsdelivr\.net|unpkg\.com|cdnjs\.cloudflare\.com|esm\.sh|cdn\.skypack\.dev|deno\.land|jspm\.dev|ga\.jspm\.io|www\.googletagmanager\.com|www\.google-analytics\.com)\//;
const extension = /^(?:chrome|moz|safari|safari-web|edge|ms-browser)-extension:\/\//;

export function npmOwner({ path, segments }: OwnerQuestion): Owner | null {
  if (nodeModules.has(path) || runtimePath.test(path)) return { whose: 'runtime' };
  if (packageHost.test(path) || extension.test(path))
    return { whose: 'package', name: segments.slice(0, 3).join('/'), rest: [] };
  return installedPackage(segments);
}

/**
 * The innermost package folder wins: `a/node_modules/b/node_modules/c` is c, and pnpm's
 * `.pnpm/c@1.0.0/node_modules/c` is c too. Scoped names take two segments.
 */
function installedPackage(segments: readonly string[]): Owner | null {
  const folder = segments.findLastIndex((part) => part === 'node_modules' || part === 'bower_components');
  if (folder < 0) return null;
  const after = segments.slice(folder + 1);
  const length = after[0]?.startsWith('@') ? 2 : 1;
  return { whose: 'package', name: after.slice(0, length).join('/'), rest: after.slice(length) };
}
