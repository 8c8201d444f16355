// What a program of the target repository gets to see: almost nothing of this machine.
// No token, no home of ours, no address of a service.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { foldersUpTo } from './project.ts';

/** For checks: the worktree's own programs first, then this Node, then the system's. */
export function checkEnvironment(root: string, folder: string, home: string): Record<string, string> {
  const own = foldersUpTo(folder).map((at) => path.join(root, at, 'node_modules/.bin'));
  // Where we were started by npm, PATH begins with our own packages: their tsc is not the target's.
  const system = (process.env['PATH'] ?? '').split(path.delimiter);
  const foreign = system.filter(
    (entry) => !/[/\\]node_modules[/\\]/.test(entry) && !/node-gyp-bin/.test(entry),
  );
  return {
    PATH: [...own, path.dirname(process.execPath), ...foreign].join(path.delimiter),
    HOME: home,
    CI: '1',
    NO_COLOR: '1',
    FORCE_COLOR: '0',
    TERM: 'dumb',
    npm_config_update_notifier: 'false',
    npm_config_cache: path.join(home, '.npm'),
    ...rustToolchains(),
  };
}

/** Where rustup keeps its compilers: in our home unless told, and the program's home is another. It installs none. */
function rustToolchains(): Record<string, string> {
  const folder = process.env['RUSTUP_HOME'] ?? path.join(homedir(), '.rustup');
  return existsSync(folder) ? { RUSTUP_HOME: folder, RUSTUP_AUTO_INSTALL: '0' } : {};
}

// What an operator has set for this machine's way to the registry.
const networkVariables = [
  'http_proxy',
  'https_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'no_proxy',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'npm_config_registry',
  'npm_config_cache',
];

/** For installing: the same, and the way to the registry. No code of the target runs with it. */
export function installEnvironment(root: string, folder: string, home: string): Record<string, string> {
  const network = networkVariables.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...checkEnvironment(root, folder, home),
    ...(Object.fromEntries(network) as Record<string, string>),
  };
}
