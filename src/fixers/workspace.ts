// Where an agent or a command works, and what it may touch there: a copy of the worktree, a fresh home, its own program,
// the way to the models. Nothing of ours is in its environment.

import { randomUUID } from 'node:crypto';
import { cp, mkdir, realpath, rm } from 'node:fs/promises';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { missingProgram } from '../run/missing-program.ts';
import { usualLimits, type Confinement, type Sandbox } from '../run/sandbox.ts';
import type { ModelDoor } from '../ports.ts';
import { openCopy, type Copy } from './copy.ts';

export type Workspace = { copy: Copy; home: string; remove(): Promise<void> };

export type WorkspaceOptions = {
  dataDir: string;
  worktree: string;
  /** A folder whose content the home starts with; null for an empty one. */
  home: string | null;
};

/** A folder for one run, below the data folder: agents refuse a home below the system's temporary one. */
export async function openWorkspace({ dataDir, worktree, home }: WorkspaceOptions): Promise<Workspace> {
  const folder = path.join(path.resolve(dataDir), 'agents', randomUUID());
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await mkdir(path.join(folder, 'home', 'tmp'), { recursive: true, mode: 0o700 });
    const real = await realpath(folder);
    if (home !== null) await cp(home, path.join(real, 'home'), { recursive: true });
    const copy = await openCopy(worktree, path.join(real, 'work'));
    return { copy, home: path.join(real, 'home'), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Removes what a process that was killed has left of its runs. `dataDir` belongs to this process alone. */
export async function removeLeftWorkspaces(dataDir: string): Promise<void> {
  await rm(path.join(path.resolve(dataDir), 'agents'), { recursive: true, force: true });
}

/** What every such program gets; `given` wins. */
export function environmentOf(
  { home }: Workspace,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    PATH: [path.dirname(process.execPath), ...systemPath()].join(path.delimiter),
    HOME: home,
    TMPDIR: path.join(home, 'tmp'),
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    NO_COLOR: '1',
    CI: '1',
    ...given,
  };
}

/** Where we were started by npm, PATH begins with our own packages. */
function systemPath(): string[] {
  const entries = (process.env['PATH'] ?? '').split(path.delimiter).filter((entry) => path.isAbsolute(entry));
  return entries.filter((entry) => !/[/\\]node_modules[/\\]/.test(entry) && !/node-gyp-bin/.test(entry));
}

export type Program = { file: string; args: string[]; readable: string[] };

/** The program by its real place, and what belongs to it. Throws Refusal when it is not on this machine. */
export async function findProgram([name = '', ...args]: readonly string[]): Promise<Program> {
  const found = path.isAbsolute(name) ? (isProgram(name) ? name : null) : onPath(name);
  if (found === null) throw missingProgram(name);
  const file = await realpath(found);
  const files = [file, ...args.filter((arg) => path.isAbsolute(arg))];
  return { file, args, readable: await Promise.all(files.map(belongings)) };
}

function onPath(name: string): string | null {
  const all = (process.env['PATH'] ?? '').split(path.delimiter).filter((entry) => path.isAbsolute(entry));
  return all.map((entry) => path.join(entry, name)).find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The packages a program of npm's lives among; of any other, the file alone: its folder may be somebody's home. */
async function belongings(file: string): Promise<string> {
  const real = await realpath(file).catch(() => file);
  const parts = real.split(path.sep);
  const first = parts.indexOf('node_modules');
  return first === -1 ? real : parts.slice(0, first + 1).join(path.sep);
}

export type Confining = {
  sandbox: Sandbox;
  workspace: Workspace;
  program: Program;
  /** What the operator adds. */
  readable: readonly string[];
  door: ModelDoor | null;
};

/** It may write its copy and its home, read its own program and the installed packages, and reach the models. */
export function confinementOf({ sandbox, workspace, program, readable, door }: Confining): Confinement {
  const { copy, home } = workspace;
  return {
    writable: [copy.dir, home],
    readable: [...program.readable, ...copy.linked, ...readable, path.dirname(process.execPath)],
    masked: [],
    // Without a sandbox the door's own port on loopback is there already.
    forwards: door && sandbox.kind !== 'none' ? [{ port: door.port, socket: door.socket }] : [],
    limits: usualLimits,
  };
}
