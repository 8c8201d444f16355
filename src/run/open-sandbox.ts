// Finds out whether this machine can confine programs, by confining one, and opens the sandbox that the operator wants.
// It must not fall back silently: what does not work is said, and who may not run without it is told.

import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Refusal } from '../domain/failure.ts';
import { run } from '../run.ts';
import { createBubblewrap, type Tools } from './bubblewrap.ts';
import { createNoSandbox } from './no-sandbox.ts';
import type { RunResult } from './program.ts';
import { type Sandbox, usualLimits } from './sandbox.ts';
import type { SandboxSetting } from './settings.ts';
import { systemCallFilter } from './system-calls.ts';

export type OpenSandbox = {
  sandbox: Sandbox;
  /** True when it confines, or when the operator has said that it need not: agents and commands may run. */
  trusted: boolean;
  /** A finished sentence for doctor and the log: what holds, or what is wrong and what mends it. */
  detail: string;
};

/**
 * Takes the operator's word and a folder of ours for small files. Throws Refusal when `bubblewrap` was demanded
 * and does not work here.
 */
export async function openSandbox(setting: SandboxSetting, folder: string): Promise<OpenSandbox> {
  if (setting === 'none')
    return {
      sandbox: createNoSandbox(),
      trusted: true,
      detail: 'none, as SANDBOX=none says: programs of repositories run with the rights of this user.',
    };
  const found = await findTools(folder);
  if ('tools' in found)
    return { sandbox: createBubblewrap(found.tools), trusted: true, detail: found.detail };
  if (setting === 'bubblewrap') throw new Refusal(found.problem);
  return { sandbox: createNoSandbox(), trusted: false, detail: found.problem };
}

const optional = [['--disable-userns'], []];

/** 1. the programs  2. the filter  3. try it out, with and without what older versions lack */
async function findTools(folder: string): Promise<{ tools: Tools; detail: string } | { problem: string }> {
  if (process.platform !== 'linux') return { problem: 'There is a sandbox on Linux only.' };
  const bwrap = onPath('bwrap');
  if (bwrap === null) return { problem: 'bubblewrap is missing: install the package bubblewrap.' };
  const prlimit = onPath('prlimit');
  if (prlimit === null) return { problem: 'prlimit is missing: install the package util-linux.' };
  const filter = systemCallFilter(process.arch);
  if (filter === null) return { problem: `There is no sandbox on ${process.arch} machines yet.` };
  const laidOut = layOut(folder, filter);
  let said = '';
  for (const switches of optional) {
    const tools = { bwrap, prlimit, node: process.execPath, switches, ...laidOut };
    const tried = await tryOut(tools);
    said = tried.output;
    if (tried.exitCode === 0) return { tools, detail: `${await versionOf(bwrap)} works` };
  }
  return { problem: `bubblewrap does not work here: ${said.trim().slice(0, 300)} ${remedy(said)}` };
}

/** Exactly what will be used, on a program that does nothing. */
async function tryOut(tools: Tools): Promise<RunResult> {
  const confine = { writable: [], readable: [], masked: [], forwards: [], limits: usualLimits };
  return createBubblewrap(tools).run('true', [], { cwd: '/', env: {}, timeoutMs: 10_000, confine });
}

async function versionOf(program: string): Promise<string> {
  return (await run(program, ['--version'], { cwd: '/', env: {}, timeoutMs: 10_000 })).stdout.trim();
}

function remedy(said: string): string {
  const here = 'docs/sandbox.md says how.';
  if (/namespace|uid map|Operation not permitted|Permission denied/i.test(said))
    return `Let this user make user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces, an AppArmor profile for bwrap, or a container's security options); ${here}`;
  return here;
}

/** The files that stand in for others inside. */
function layOut(folder: string, filter: Buffer): Pick<Tools, 'standIns' | 'filter' | 'folder'> {
  const at = (name: string) => path.join(folder, name);
  mkdirSync(at('empty'), { recursive: true, mode: 0o700 });
  const files = {
    'system-calls': filter,
    'empty-file': '',
    'no-repository': `gitdir: /run/suture/no-repository\n`,
    passwd:
      'root:x:0:0::/root:/bin/sh\nsandbox:x:1000:1000::/tmp:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
    group: 'root:x:0:\nsandbox:x:1000:\nnogroup:x:65534:\n',
  };
  for (const [name, text] of Object.entries(files)) {
    rmSync(at(name), { force: true });
    writeFileSync(at(name), text, { mode: 0o444 });
  }
  const standIns = {
    file: at('empty-file'),
    folder: at('empty'),
    git: at('no-repository'),
    passwd: at('passwd'),
    group: at('group'),
  };
  return { standIns, filter: at('system-calls'), folder };
}

/** The absolute path of a program on our own PATH; relative entries do not count. */
function onPath(program: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((entry) => path.isAbsolute(entry));
  return folders.map((folder) => path.join(folder, program)).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
