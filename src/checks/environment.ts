// What a program of the target repository gets to see: almost nothing of this machine.
// No token, no home of ours, no address of a service.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { foldersUpTo } from './project.ts';
import { rustupHome, standIn } from './rust-toolchain.ts';

export type Surroundings = {
  /** The worktree, and the folder in it to run in. */
  root: string;
  folder: string;
  home: string;
  /** The Node that the repository is made for, where that is not ours. */
  node: { path: readonly string[] } | null;
};

/** For checks: the worktree's own programs first, then its Node or this one, then the system's. */
export function checkEnvironment({ root, folder, home, node }: Surroundings): Record<string, string> {
  const own = foldersUpTo(folder).map((at) => path.join(root, at, 'node_modules/.bin'));
  const nodes = [...(node?.path ?? []), path.dirname(process.execPath)];
  return {
    PATH: [...own, ...nodes, ...systemPath()].join(path.delimiter),
    HOME: home,
    CI: '1',
    NO_COLOR: '1',
    FORCE_COLOR: '0',
    TERM: 'dumb',
    npm_config_update_notifier: 'false',
    npm_config_cache: path.join(home, '.npm'),
    ...rustToolchains(root, folder),
    ...(process.env['PYENV_ROOT'] ? { PYENV_ROOT: process.env['PYENV_ROOT'] } : {}),
  };
}

/** Where we were started by npm, PATH begins with our own packages: their tsc is not the target's. */
export function systemPath(): string[] {
  const system = (process.env['PATH'] ?? '').split(path.delimiter);
  return system.filter((entry) => !/[/\\]node_modules[/\\]/.test(entry) && !/node-gyp-bin/.test(entry));
}

/** Where rustup keeps its compilers, since the program's home is another one; it installs none. */
function rustToolchains(root: string, folder: string): Record<string, string> {
  const home = rustupHome();
  if (!existsSync(home)) return {};
  const other = standIn(root, folder, home);
  return {
    RUSTUP_HOME: home,
    RUSTUP_AUTO_INSTALL: '0',
    ...(other ? { RUSTUP_TOOLCHAIN: other.name } : {}),
  };
}

// What an operator has set for this machine's way to the registries.
const wayVariables =
  /^(?:https?_proxy|no_proxy|all_proxy|npm_config_registry|PIP_INDEX_URL|PIP_EXTRA_INDEX_URL|GOPROXY|GOSUMDB|GONOSUMDB|GOPRIVATE|GONOSUMCHECK)$/i;
const authorityVariables =
  /^(?:NODE_EXTRA_CA_CERTS|npm_config_cafile|SSL_CERT_FILE|SSL_CERT_DIR|PIP_CERT|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|CARGO_HTTP_CAINFO)$/;

/** For installing: the way to the registries that the operator has set. */
export function registryEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return chosen(env, wayVariables);
}

/** Files that say whom to trust on that way; they are public. */
export function authorities(env: NodeJS.ProcessEnv): Record<string, string> {
  return chosen(env, authorityVariables);
}

function chosen(env: NodeJS.ProcessEnv, names: RegExp): Record<string, string> {
  const found = Object.entries(env).filter(([name, value]) => names.test(name) && value !== undefined);
  return Object.fromEntries(found) as Record<string, string>;
}
