// Which hosts an install may reach: asked of this machine's own package managers in a folder of ours, so that only
// the operator's settings count and never a file of a repository. No registry is named here.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { run } from '../../run.ts';
import { registryEnvironment } from '../environment.ts';
import { openGate } from './gate.ts';

export type Registries = {
  hosts: ReadonlySet<string>;
  /** What the package manager must be told inside, because the operator's settings are not shown there. */
  env: Readonly<Record<string, string>>;
  /** Files that `env` names and that must be there to read: whom to trust on the way. */
  files: readonly string[];
};

export type Manager = 'npm' | 'pnpm' | 'yarn' | 'cargo' | 'go' | 'pip';

/** Asks once for each manager; `folder` is ours and holds nothing of a repository. */
export function createRegistries(folder: string): (manager: Manager) => Promise<Registries> {
  const known = new Map<Manager, Promise<Registries>>();
  return (manager) => {
    const asked = known.get(manager) ?? askers[manager](path.join(folder, 'asked', manager));
    known.set(manager, asked);
    // What failed is asked again.
    asked.catch(() => known.delete(manager));
    return asked;
  };
}

const askers: Readonly<Record<Manager, (folder: string) => Promise<Registries>>> = {
  npm: (folder) => askNode(folder, []),
  pnpm: (folder) => askNode(folder, [['pnpm', 'config', 'get', 'registry']]),
  yarn: (folder) =>
    askNode(folder, [
      ['yarn', 'config', 'get', 'registry'],
      ['yarn', 'config', 'get', 'npmRegistryServer'],
    ]),
  go: askGo,
  // These tell nobody where they would go, so they are let go there and looked after: with a package of ours to fetch.
  cargo: (folder) => learn(folder, ['cargo', 'fetch']),
  pip: (folder) => learn(folder, ['python3', '-m', 'pip', 'download', '--no-deps', '--dest', '.', 'six']),
};

/** All settings of npm whose names end in `registry`, scopes included. */
async function askNode(folder: string, more: readonly (readonly string[])[]): Promise<Registries> {
  const all = parsed(await ask(folder, ['npm', 'config', 'list', '--json']));
  const settings = Object.entries(all).filter(([name]) => name.endsWith('registry'));
  const answers = await Promise.all(more.map((command) => ask(folder, command)));
  const addresses = [...settings.map(([, value]) => String(value)), ...answers].map((text) => text.trim());
  const registry = settings.find(([name]) => name === 'registry')?.[1];
  const env =
    typeof registry === 'string' ? { npm_config_registry: registry, COREPACK_NPM_REGISTRY: registry } : {};
  const { cafile } = all;
  const trust = typeof cafile === 'string' && path.isAbsolute(cafile) ? { npm_config_cafile: cafile } : {};
  return { hosts: hostsOf(addresses), env: { ...env, ...trust }, files: Object.values(trust) };
}

async function askGo(folder: string): Promise<Registries> {
  const settings = parsed(await ask(folder, ['go', 'env', '-json', 'GOPROXY', 'GOSUMDB']));
  const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
  const parts = Object.values(env).flatMap((value) => value.split(/[,| ]/));
  return {
    hosts: hostsOf(parts.map((part) => (/^[\w-]+(?:\.[\w-]+)+$/.test(part) ? `https://${part}` : part))),
    env,
    files: [],
  };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function hostsOf(addresses: readonly string[]): Set<string> {
  const urls = addresses.map((address) => URL.parse(address)).filter((url) => url !== null);
  return new Set(urls.filter((url) => url.hostname !== '').map((url) => url.host.toLowerCase()));
}

/** What it prints; nothing where it is missing or fails. */
async function ask(folder: string, [program = '', ...args]: readonly string[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  const env = { HOME: homedir(), ...registryEnvironment(process.env) };
  const answer = await run(program, args, { cwd: folder, env, timeoutMs: 60_000 }).catch(() => null);
  return answer?.exitCode === 0 ? answer.stdout : '';
}

const probe =
  '[package]\nname = "probe"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n[dependencies]\ncfg-if = "1"\n';
const rounds = 6;

/** Each round it gets as far as the first host that is not known yet; that one is let through in the next. */
async function learn(folder: string, [program = '', ...args]: readonly string[]): Promise<Registries> {
  // What an earlier time has fetched would not be fetched again.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'Cargo.toml'), probe);
  await writeFile(path.join(folder, 'lib.rs'), '');
  // A home that has fetched nothing yet, set up as the operator's.
  await mkdir(path.join(folder, 'home'), { recursive: true });
  await takeCargoSettings(path.join(folder, 'home'));
  const fresh = { ...impatient, HOME: homedir(), CARGO_HOME: path.join(folder, 'home') };
  const hosts = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const gate = await openGate({ hosts, upstream: operatorsProxy, socket: 0 });
    const proxy = `http://127.0.0.1:${gate.port}`;
    const env = {
      ...registryEnvironment(process.env),
      ...proxyEnvironment(proxy),
      ...fresh,
    };
    await run(program, args, { cwd: folder, env, timeoutMs: 60_000 }).finally(() => void gate.close());
    const before = hosts.size;
    for (const host of gate.refused()) hosts.add(host);
    if (hosts.size === before) break;
  }
  return { hosts, env: {}, files: [] };
}

const impatient = {
  CARGO_NET_RETRY: '0',
  PIP_RETRIES: '0',
  PIP_NO_CACHE_DIR: '1',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
};

/** The operator's settings of cargo, mirrors among them; not where they may hold a token. */
export async function takeCargoSettings(into: string): Promise<void> {
  const home = process.env['CARGO_HOME'] ?? path.join(homedir(), '.cargo');
  const text = await readFile(path.join(home, 'config.toml'), 'utf8').catch(() => '');
  if (text !== '' && !/token|credential/i.test(text)) await writeFile(path.join(into, 'config.toml'), text);
}

/** How every package manager is told to go through the gate. */
export function proxyEnvironment(proxy: string): Record<string, string> {
  const names = [
    'http_proxy',
    'https_proxy',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'npm_config_proxy',
    'npm_config_https_proxy',
  ];
  const none = { no_proxy: '', NO_PROXY: '', npm_config_noproxy: '' };
  const yarn = { YARN_HTTP_PROXY: proxy, YARN_HTTPS_PROXY: proxy };
  return { ...Object.fromEntries(names.map((name) => [name, proxy])), ...none, ...yarn };
}

function setting(name: string): string {
  return process.env[name] ?? process.env[name.toUpperCase()] ?? '';
}

/** The proxy that the operator has set for that host, as curl and others read the environment. */
export function operatorsProxy(host: string): URL | null {
  const exempt = setting('no_proxy')
    .split(/[\s,]+/)
    .filter(Boolean);
  const isExempt = exempt.some(
    (entry) => entry === '*' || `.${host}`.endsWith(`.${entry.replace(/^\*?\./, '')}`),
  );
  return isExempt ? null : URL.parse(setting('https_proxy') || setting('http_proxy') || setting('all_proxy'));
}
