// Runs git, and is the only file that configures simple-git. Every call says which repository it
// means; nothing is discovered from the folder, so a rewritten `.git` file cannot lead elsewhere.
// It must not know what a mirror, a worktree or a branch is.

import { GitPluginError, type SimpleGit, simpleGit, type SimpleGitOptions } from 'simple-git';
import { Bug, Later } from '../domain/failure.ts';
import type { GitAccess } from '../ports.ts';
import { censor, censorShapes } from '../run/censor.ts';
import { missingProgram } from '../run/missing-program.ts';
import { accessConfig, accessEnvironment } from './access.ts';
import type { Kept } from './kept.ts';
import { silenceSimpleGit } from './quiet.ts';

/** The repository a call is about; `workTree` for calls that look at files. Absolute folders. */
export type Place = { gitDir: string; workTree?: string; /** Answers about its commits. */ kept?: Kept };

export type GitOptions = {
  /** Written to standard input. */
  input?: string | Buffer;
  /** Lets this one call reach the host; without it every protocol is off. */
  access?: GitAccess;
  /** More environment, for identities and dates or another index file. */
  env?: Readonly<Record<string, string>>;
  /** Stops git once this much has come out; the output is cut there. */
  maxBytes?: number;
};

export type GitOutput = {
  /** Null when it was stopped for `maxBytes`. */
  exitCode: number | null;
  stdout: Buffer;
  /** Cleaned of secrets, progress removed. */
  stderr: string;
};

// simple-git 4 refuses whatever could make git start other programs. Of that we lift only what the
// hardening itself needs: configuration by environment, no hooks, a credential helper for one host.
const unsafe = {
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeHooksPath: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeCredentialHelper: true,
} as const;

/** Settings that stand above any file: no hooks, no helpers, no signing, no surprises. */
const hardening: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.autocrlf', 'false'],
  ['core.symlinks', 'true'],
  ['core.quotePath', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  ['credential.helper', ''],
  ['safe.directory', '*'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['push.gpgSign', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['advice.detachedHead', 'false'],
  // A host that sends less than a byte a second for two minutes is gone.
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '120'],
];

/** Without output for this long a local git is stuck; a first fetch may be silent for longer. */
const silentMs = { local: 5 * 60_000, remote: 30 * 60_000 };

silenceSimpleGit();

type Seen = { exitCode: number | null; stdout: Buffer[]; stderr: Buffer[]; stuck: boolean };

/**
 * Runs git to its end. A failing exit status is a result. Throws Refusal when git is not installed,
 * Later when the host falls silent, Bug when git cannot run here.
 */
export async function git(
  place: Place,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitOutput> {
  const stop = new AbortController();
  const seen: Seen = { exitCode: null, stdout: [], stderr: [], stuck: false };
  try {
    await client(place, options, { seen, stop }).raw([...args]);
  } catch (error) {
    throw new Bug(`git ${args[0]} could not run in ${place.gitDir}: ${clean(String(error), options.access)}`);
  }
  const stderr = clean(Buffer.concat(seen.stderr).toString('utf8'), options.access);
  if (/^Error: spawn \S+ ENOENT/.test(stderr)) throw missingProgram('git');
  if (seen.stuck) throw stuckFailure(String(args[0]), options.access);
  const stopped = stop.signal.aborted;
  if (!stopped && seen.exitCode === null)
    throw new Bug(`git ${args[0]} was ended from outside. ${stderr}`.trim());
  return { exitCode: stopped ? null : seen.exitCode, stdout: Buffer.concat(seen.stdout), stderr };
}

/**
 * As `git`, for a question whose answer cannot change because it names commits and objects by their ids alone: asked
 * of git once.
 */
export async function gitOfCommit(
  place: Place,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitOutput> {
  const question = [place.gitDir, ...args, options.input ?? '', JSON.stringify(options.env ?? {})].join('\0');
  const known = place.kept?.find(question);
  if (known) return known;
  const output = await git(place, args, options);
  if (output.exitCode === 0 || output.exitCode === 1) place.kept?.keep(question, output);
  return output;
}

/** As `gitOfCommit`, as text. Throws Bug with git's own words when it fails. */
export async function textOfCommit(place: Place, args: readonly string[]): Promise<string> {
  return asText(place, args, await gitOfCommit(place, args));
}

/** Runs git and gives its output as text. Throws Bug with git's own words when it fails. */
export async function gitText(
  place: Place,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  return asText(place, args, await git(place, args, options));
}

function asText(place: Place, args: readonly string[], result: GitOutput): string {
  if (result.exitCode !== 0 && result.exitCode !== null) {
    throw new Bug(`git ${args[0]} failed in ${place.gitDir} (exit ${result.exitCode}): ${result.stderr}`);
  }
  return result.stdout.toString('utf8');
}

/** The parts of a `-z` output. */
export function splitNul(text: string): string[] {
  return text.split('\0').filter((part) => part !== '');
}

/** A client for one call: simple-git keeps input, environment and stop signal per client. */
function client(place: Place, options: GitOptions, watch: { seen: Seen; stop: AbortController }): SimpleGit {
  const env = environment(place, options);
  const settings: Partial<SimpleGitOptions> = {
    baseDir: place.workTree ?? place.gitDir,
    unsafe,
    allowEnvironment: Object.keys(env),
    abort: watch.stop.signal,
    timeout: { block: options.access ? silentMs.remote : silentMs.local },
    // The default takes a fixed time after the exit for the end, and may lose output on a busy machine.
    completion: { onClose: true, onExit: false },
    // Asked after every call: the raw bytes are here, and a failing exit status is a result for us.
    errors: (error, { exitCode, stdOut, stdErr }) => {
      const stuck = error instanceof GitPluginError && error.plugin === 'timeout';
      Object.assign(watch.seen, { exitCode, stdout: stdOut, stderr: stdErr, stuck } satisfies Seen);
      return undefined;
    },
  };
  if (options.input !== undefined) settings.input = () => options.input;
  const made = simpleGit(settings).env(env);
  return options.maxBytes === undefined
    ? made
    : made.outputHandler(limitOutput(options.maxBytes, watch.stop));
}

function stuckFailure(command: string, access: GitAccess | undefined): Error {
  if (access) return new Later(`The host fell silent during git ${command}.`, 60_000);
  return new Bug(`git ${command} did nothing for ${silentMs.local / 60_000} minutes and was ended.`);
}

function limitOutput(maxBytes: number, stop: AbortController) {
  return (_command: string, stdout: NodeJS.ReadableStream): void => {
    let bytes = 0;
    stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) stop.abort();
    });
  };
}

function environment(place: Place, options: GitOptions): Record<string, string> {
  const config = [...hardening, ...(options.access ? accessConfig(options.access) : [])];
  const numbered = config.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    PATH: process.env['PATH'] ?? '',
    // Nothing of ours may be read from a home: no .netrc, no ignore file. A device is never a folder.
    HOME: '/dev/null',
    LC_ALL: 'C',
    GIT_DIR: place.gitDir,
    ...(place.workTree === undefined ? {} : { GIT_WORK_TREE: place.workTree }),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    // A white list, and stronger than protocol.*.allow: no ext, no ssh, no file, nothing at all locally.
    GIT_ALLOW_PROTOCOL: options.access ? 'http:https' : '',
    ...(options.access ? accessEnvironment(options.access) : {}),
    GIT_CONFIG_COUNT: String(config.length),
    ...(Object.fromEntries(numbered) as Record<string, string>),
    ...options.env,
  };
}

/** Git's words without secrets and without the progress lines that end in a carriage return. */
function clean(text: string, access: GitAccess | undefined): string {
  const known = access ? [access.token] : [];
  const kept = text.split('\n').map((line) => line.slice(line.trimEnd().lastIndexOf('\r') + 1).trimEnd());
  return censorShapes(censor(kept.join('\n').trim(), known));
}
