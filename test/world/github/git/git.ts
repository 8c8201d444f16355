// Runs git for the stand-in's own bare repositories, away from the machine's configuration.
// Only for test worlds; the product has its own way to run programs.

import { spawn } from 'node:child_process';
import { devNull } from 'node:os';

export class GitFailed extends Error {
  readonly status: number | null;
  readonly stdout: string;
  constructor(input: { args: readonly string[]; status: number | null; stdout: string; stderr: string }) {
    super(`git ${input.args.join(' ')} ended with ${input.status}: ${input.stderr.trim()}`);
    this.status = input.status;
    this.stdout = input.stdout;
  }
}

/** The environment for a git child: nothing of this machine's settings, no questions. */
export function gitEnvironment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: devNull,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'GitHub',
    GIT_AUTHOR_EMAIL: 'noreply@github.com',
    GIT_COMMITTER_NAME: 'GitHub',
    GIT_COMMITTER_EMAIL: 'noreply@github.com',
    ...more,
  };
}

type Options = { input?: Buffer | string; env?: Record<string, string> };

/** Standard output as bytes. Throws GitFailed on any status but 0. */
export function gitBytes(dir: string, args: readonly string[], options: Options = {}): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const child = spawn('git', ['-C', dir, '-c', 'core.quotePath=false', ...args], {
    env: gitEnvironment(options.env),
  });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  child.on('error', reject);
  child.on('close', (status) => {
    const stdout = Buffer.concat(out);
    if (status === 0) return resolve(stdout);
    reject(
      new GitFailed({ args, status, stdout: stdout.toString(), stderr: Buffer.concat(errors).toString() }),
    );
  });
  // A child that ends before reading everything closes the pipe; its status tells what happened.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return promise;
}

/** Standard output as text without the last newline. Throws GitFailed on any status but 0. */
export async function git(dir: string, args: readonly string[], options: Options = {}): Promise<string> {
  return (await gitBytes(dir, args, options)).toString('utf8').replace(/\n$/, '');
}

/** The same, null where git says no by its status. */
export async function gitOrNull(
  dir: string,
  args: readonly string[],
  options: Options = {},
): Promise<string | null> {
  try {
    return await git(dir, args, options);
  } catch (error) {
    if (error instanceof GitFailed) return null;
    throw error;
  }
}
