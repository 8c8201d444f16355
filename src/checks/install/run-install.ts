// Runs one install: in the sandbox, with the registries as its only network.
// It must not decide what is installed.

import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Later, Refusal } from '../../domain/failure.ts';
import type { Log } from '../../ports.ts';
import type { RunResult } from '../../run.ts';
import { censorShapes } from '../../run/censor.ts';
import { shown } from '../../run/program.ts';
import { usualLimits } from '../../run/sandbox.ts';
import type { Caches } from '../kept/caches.ts';
import { authorities, checkEnvironment, registryEnvironment } from '../environment.ts';
import { openGate } from './gate.ts';
import { type Ground, nodeOn, stoppedBy, withHome } from '../ground.ts';
import { type Manager, operatorsProxy, proxyEnvironment, type Registries } from './registries.ts';
import { toolPlaces } from '../tool-places.ts';

export type InstallPlace = {
  ground: Ground;
  registries: (manager: Manager) => Promise<Registries>;
  /** The operator's further hosts. */
  installHosts: readonly string[];
  log: Log;
};

export type Install = {
  /** Whose registries it may reach: one for our own installs, any for the repository's. */
  managers: readonly Manager[];
  program: string;
  args: readonly string[];
  /** The worktree, and the folder in it to run in. */
  root: string;
  folder: string;
  caches: Caches;
};

const timeoutMs = 15 * 60_000;
const port = 8118;

/** An install that failed for a reason of the repository's; `said` is what it printed. */
export class InstallRefusal extends Refusal {
  readonly said: string;

  constructor(message: string, said: string) {
    super(message);
    this.said = said;
  }
}

/** Throws InstallRefusal with the reason when it fails, Later when the registry is away. */
export async function runInstall(install: Install, place: InstallPlace): Promise<void> {
  for (const folder of install.caches.ours) await mkdir(folder, { recursive: true });
  const result = await withHome(place.ground, (home) =>
    place.ground.sandbox.kind === 'none'
      ? runOpenly(install, place, home)
      : runBehindGate(install, place, home),
  );
  place.ground.stop?.throwIfAborted();
  if (result.exitCode === 0 && !result.timedOut && result.exceeded === undefined) return;
  const what = `Installing with ${install.managers[0] === 'pip' ? 'pip' : shown([path.basename(install.program), ...install.args.slice(0, 1)])}`;
  if (result.timedOut) throw new Refusal(`${what} did not finish within ${timeoutMs / 60_000} minutes.`);
  const output = readable(result.output);
  if (result.exceeded !== undefined) throw new Refusal(`${what} was ended. ${result.exceeded}`);
  if (isAway(output))
    throw new Later(
      `${what}: the package registry cannot be reached. It says: ${output.slice(0, 500)}`,
      60_000,
    );
  throw new InstallRefusal(
    `${what} failed, so the checks cannot run. It says: ${output.slice(0, 1000)}`,
    output,
  );
}

/** Without a sandbox nothing could keep it from the network, so it has the operator's own way there. */
async function runOpenly(install: Install, place: InstallPlace, home: string): Promise<RunResult> {
  const env = { ...registryEnvironment(process.env), ...authorities(process.env) };
  return runIn(install, place, { home, env, files: [], forwards: [] });
}

async function runBehindGate(install: Install, place: InstallPlace, home: string): Promise<RunResult> {
  const all = await Promise.all(install.managers.map(place.registries));
  const hosts = new Set([...all.flatMap((one) => [...one.hosts]), ...place.installHosts]);
  // A path of a Unix socket must be short, and a data folder need not be.
  const socket = path.join(tmpdir(), `suture-${randomUUID().slice(0, 13)}.sock`);
  const gate = await openGate({ hosts, upstream: operatorsProxy, socket });
  const env = {
    ...Object.assign({}, ...all.map((one) => one.env)),
    ...authorities(process.env),
    ...proxyEnvironment(`http://127.0.0.1:${port}`),
  };
  try {
    const result = await runIn(install, place, {
      home,
      env,
      files: all.flatMap((one) => one.files),
      forwards: [{ port, socket }],
    });
    return result.exitCode === 0 ? result : withRefused(result, gate.refused());
  } finally {
    await gate.close();
  }
}

function withRefused(result: RunResult, refused: readonly string[]): RunResult {
  if (refused.length === 0) return result;
  const note = `It asked for ${refused.slice(0, 5).join(', ')}, which installs may not reach; the operator can allow it in INSTALL_HOSTS.`;
  return { ...result, output: `${note}\n${result.output}` };
}

type Way = {
  home: string;
  env: Record<string, string>;
  files: readonly string[];
  forwards: readonly { port: number; socket: string }[];
};

async function runIn(
  install: Install,
  { ground }: InstallPlace,
  { home, env, files, forwards }: Way,
): Promise<RunResult> {
  const { root, folder, caches } = install;
  const node = await nodeOn(ground, root);
  return ground.sandbox.run(install.program, install.args, {
    cwd: path.join(root, folder),
    env: { ...checkEnvironment({ root, folder, home, node }), ...env, ...caches.forInstalls },
    timeoutMs,
    ...stoppedBy(ground),
    confine: {
      writable: [root, home, caches.folder],
      readable: [
        ...toolPlaces(process.env, [ground.dataDir, process.cwd()]),
        ...Object.values(authorities(process.env)),
        ...files,
        ...caches.ours,
        ...(node ? [node.caches] : []),
      ],
      masked: [],
      forwards,
      limits: ground.limits ?? usualLimits,
    },
  });
}

function isAway(output: string): boolean {
  const signs =
    /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|network request.*failed|E50\d|E429|502 Bad Gateway|spurious network error|Temporary failure in name resolution/;
  return signs.test(output) && !output.includes('INSTALL_HOSTS');
}

/** The reason comes first; usage and the place of a log file follow, which help nobody. */
function readable(output: string): string {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.replace(/^npm (?:error|ERR!)\s?/, '').trimEnd())
    .filter((line) => line !== '' && !/^npm warn(?: |$)|^A complete log of this run/.test(line));
  const usage = lines.findIndex((line) => line.startsWith('Clean install a project') || line === 'Usage:');
  return censorShapes(lines.slice(0, usage < 0 ? lines.length : usage).join('\n'));
}
