// The sample repository's CI: really runs its tests and its type check on a clone of one commit.
// Must not report anywhere itself: the caller passes the results on.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export type CiCheck = { name: string; conclusion: 'success' | 'failure'; output: string };
export type CiResult = { sha: string; ok: boolean; checks: CiCheck[] };

export type CiOptions = {
  /** The bare repository that was pushed to: a folder or an address git can clone without asking. */
  repository: string;
  /** Called with every result, before `run` gives it. */
  report?: (result: CiResult) => void | Promise<void>;
  /** Program arguments after `npm`, by the check's name. */
  commands?: Readonly<Record<string, readonly string[]>>;
};

export type Ci = {
  /** Clones that commit and runs the checks; the same commit twice runs twice. */
  run(sha: string): Promise<CiResult>;
  /** Removes what is left on disk. */
  close(): Promise<void>;
};

const defaultCommands = { test: ['test'], types: ['run', 'types'] };

/** Nothing runs until `run`. */
export async function startCi(options: CiOptions): Promise<Ci> {
  const root = await mkdtemp(join(tmpdir(), 'suture-ci-'));
  const modules = new Map<string, Promise<Outcome>>();
  const install: Install = async (checkout) => {
    const folder = join(root, `modules-${await lockDigest(checkout)}`);
    const known = modules.get(folder) ?? installModules(checkout, folder);
    modules.set(folder, known);
    const outcome = await known;
    if (outcome.ok) await symlink(join(folder, 'node_modules'), join(checkout, 'node_modules'), 'junction');
    return outcome;
  };
  return {
    run: async (sha) => {
      const result = await runOnce(root, { sha, options, install });
      await options.report?.(result);
      return result;
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
}

type Outcome = { ok: boolean; output: string };
type Install = (checkout: string) => Promise<Outcome>;

async function runOnce(
  root: string,
  input: { sha: string; options: CiOptions; install: Install },
): Promise<CiResult> {
  const { sha, options, install } = input;
  const checkout = await mkdtemp(join(root, 'run-'));
  try {
    const steps = [
      () => program('git', ['clone', '--quiet', '--no-checkout', options.repository, checkout], root),
      () => program('git', ['checkout', '--quiet', '--detach', sha], checkout),
      () => install(checkout),
    ];
    const failed = await firstFailure(steps);
    const commands = Object.entries(options.commands ?? defaultCommands);
    const checks: CiCheck[] = [];
    for (const [name, args] of commands) {
      const outcome = failed ?? (await program('npm', args, checkout));
      checks.push({ name, conclusion: outcome.ok ? 'success' : 'failure', output: outcome.output });
    }
    return { sha, ok: checks.every((check) => check.conclusion === 'success'), checks };
  } finally {
    await rm(checkout, { recursive: true, force: true });
  }
}

async function firstFailure(steps: readonly (() => Promise<Outcome>)[]): Promise<Outcome | null> {
  for (const step of steps) {
    const outcome = await step();
    if (!outcome.ok) return outcome;
  }
  return null;
}

/** One installation serves every commit with the same lock file. */
async function lockDigest(checkout: string): Promise<string> {
  const lock = await readFile(join(checkout, 'package-lock.json')).catch(() => Buffer.from('no lock file'));
  return createHash('sha256').update(lock).digest('hex').slice(0, 16);
}

async function installModules(checkout: string, folder: string): Promise<Outcome> {
  await mkdir(folder, { recursive: true });
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    await copyFile(join(checkout, file), join(folder, file));
  const args = ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  return program('npm', args, folder, installEnvironment());
}

/** Runs it to its end, five minutes at most; gives what it wrote, the last 20,000 characters. */
function program(
  name: string,
  args: readonly string[],
  cwd: string,
  extra: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const options = {
    cwd,
    env: { ...bareEnvironment(), ...extra },
    timeout: 300_000,
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  };
  return new Promise((resolve) => {
    execFile(name, [...args], options, (error, stdout, stderr) => {
      const output = `$ ${name} ${args.join(' ')}\n${stdout}${stderr}`;
      resolve({ ok: error === null, output: output.slice(-20_000) });
    });
  });
}

/** What is tested sees no secret of ours, and the Node that runs us. */
function bareEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: process.env['HOME'],
    CI: 'true',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

/** The registry's address, its cache and a proxy, where the machine sets them in the environment. */
function installEnvironment(): NodeJS.ProcessEnv {
  const wanted =
    /^(npm_config_(cache|registry|userconfig|cafile)|https?_proxy|no_proxy|node_extra_ca_certs)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => wanted.test(name)));
}
