// Says whose code a frame is, from its path and its function alone, because the source's own flag is
// wrong for some platforms (reference sentry.md, 7.3). It must not look at the repository.

import type { Frame } from '../crash-event.ts';

/** `package` carries what follows the package's own folder, for repositories that are that package. */
export type Owner =
  | { whose: 'runtime' }
  | { whose: 'package'; ecosystem: Ecosystem; name: string; rest: string[] }
  | { whose: 'unknown' };

export type Ecosystem = 'npm';

/** Decides from the reported path. */
export function ownerOf(frame: Frame): Owner {
  const path = (frame.absPath ?? frame.filename ?? '').replaceAll('\\', '/').slice(0, 2048);
  if (isNodeRuntime(path)) return { whose: 'runtime' };
  return npmPackage(path.replace(/[?#].*$/s, '').split('/')) ?? { whose: 'unknown' };
}

/** Node's own modules as it printed them before `node:` came. */
const nodeModules = new Set(
  (
    '_http_agent _http_client _http_common _http_incoming _http_outgoing _http_server _stream_duplex ' +
    '_stream_passthrough _stream_readable _stream_transform _stream_writable _tls_common _tls_wrap ' +
    'assert async_hooks bootstrap_node buffer child_process cluster crypto dgram dns domain events fs ' +
    'http http2 https module net path perf_hooks process querystring readline repl stream ' +
    'string_decoder timers tls tty url util v8 vm worker_threads zlib'
  )
    .split(' ')
    .map((name) => `${name}.js`),
);

function isNodeRuntime(path: string): boolean {
  return nodeModules.has(path) || /^(?:node:|internal\/|<anonymous>$|native |\[native code\])/.test(path);
}

/**
 * The innermost package folder wins: `a/node_modules/b/node_modules/c` is c, and pnpm's
 * `.pnpm/c@1.0.0/node_modules/c` is c too. Scoped names take two segments.
 */
function npmPackage(segments: readonly string[]): Owner | null {
  const folder = segments.lastIndexOf('node_modules');
  if (folder < 0) return null;
  const after = segments.slice(folder + 1);
  const length = after[0]?.startsWith('@') ? 2 : 1;
  const name = after.slice(0, length).join('/');
  return { whose: 'package', ecosystem: 'npm', name, rest: after.slice(length) };
}
