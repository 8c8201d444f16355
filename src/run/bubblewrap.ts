// Runs programs in a sandbox of bubblewrap's: own processes, users, mounts and network, and limits.
// It must not decide what a program may touch; its caller says so.

import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { programEnvironment, run, start } from '../run.ts';
import { fileSystem, insideFolder, insideSocket, namespaces, type StandIns } from './bubblewrap-arguments.ts';
import { limitArguments } from './limit-arguments.ts';
import { missingProgram } from './missing-program.ts';
import { shown, type RunOptions, type RunResult } from './program.ts';
import { censor } from './censor.ts';
import type { ConfinedOptions, Sandbox } from './sandbox.ts';
import { whenGone } from './process-tree.ts';
import { watchLimits } from './watch-limits.ts';

export type Tools = {
  /** Absolute: a repository could put programs of these names before ours on PATH. */
  bwrap: string;
  prlimit: string;
  node: string;
  /** Switches that not every version has. */
  switches: readonly string[];
  standIns: StandIns;
  /** The file with the system calls that are refused. */
  filter: string;
  /** A folder for short-lived files of ours. */
  folder: string;
};

/** A sandbox that works, as far as whoever looked for the tools has tried. */
export function createBubblewrap(tools: Tools): Sandbox {
  return {
    kind: 'bubblewrap',
    run: async (program, args, options) => {
      const wrapped = wrap(tools, [program, ...args], options);
      return wrapped.finish(run(tools.bwrap, wrapped.args, wrapped.options));
    },
    start: (program, args, options) => {
      const wrapped = wrap(tools, [program, ...args], options);
      const running = start(tools.bwrap, wrapped.args, wrapped.options);
      const ended = wrapped.finish(running.ended);
      const settled = ended.then(
        () => undefined,
        () => undefined,
      );
      const end = () => running.end().then(() => settled);
      return { ...running, ended, end };
    },
  };
}

type Wrapped = {
  args: string[];
  options: RunOptions;
  finish: (ended: Promise<RunResult>) => Promise<RunResult>;
};

function wrap(tools: Tools, command: readonly string[], options: ConfinedOptions): Wrapped {
  const { confine, ...plain } = options;
  const status = openNameless(tools.folder);
  const filter = openSync(tools.filter, 'r');
  const settings = openNameless(tools.folder);
  writeSync(settings, Buffer.from(argumentsFor(tools, options).join('\0')), 0, null, 0);
  const excess = new AbortController();
  const watched = { ...confine, first: () => firstProcess(status) };
  const unwatch = watchLimits(watched, (sentence) => excess.abort(sentence));
  const finish = async (ended: Promise<RunResult>): Promise<RunResult> => {
    try {
      return resultOf(command, await ended, { excess: excess.signal, ...plain });
    } finally {
      unwatch();
      await whenGone(firstProcess(status));
      for (const descriptor of [status, filter, settings]) closeSync(descriptor);
    }
  };
  const signal = plain.signal ? AbortSignal.any([plain.signal, excess.signal]) : excess.signal;
  return {
    args: [...'--args 5 --'.split(' '), ...launcher(tools, confine), ...command],
    // Its own environment stays ours: a variable of the program's could make bubblewrap itself load anything.
    options: { ...plain, env: {}, signal, descriptors: [status, filter, settings] },
    finish,
  };
}

/** Told by a file and not on the command line, where every user of the machine could read it. */
function argumentsFor(tools: Tools, { confine, cwd, env }: ConfinedOptions): string[] {
  return [
    ...namespaces,
    ...tools.switches,
    ...fileSystem(confine, tools.standIns, ownPrograms(tools, confine)),
    '--chdir',
    cwd,
    ...'--json-status-fd 3 --seccomp 4 --clearenv'.split(' '),
    ...Object.entries(programEnvironment(env)).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}

/** A file without a name: bubblewrap writes into it which process is the sandbox's first. */
function openNameless(folder: string): number {
  const file = path.join(folder, randomUUID());
  const descriptor = openSync(file, 'wx+', 0o600);
  unlinkSync(file);
  return descriptor;
}

function firstProcess(status: number): number | null {
  const buffer = Buffer.alloc(4096);
  const text = buffer.toString('utf8', 0, readSync(status, buffer, 0, buffer.length, 0));
  const found = /"child-pid":\s*(\d+)/.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

function ownPrograms(tools: Tools, { forwards }: ConfinedOptions['confine']): string[] {
  if (forwards.length === 0) return [];
  const files = ['inside.ts', 'forward.ts'].map((name) => [beside(name), `${insideFolder}/${name}`]);
  const node = tools.node.startsWith('/usr/') ? [] : [[tools.node, tools.node]];
  return [...files, ...node].flatMap((places) => ['--ro-bind', ...places]);
}

function launcher(tools: Tools, { forwards, limits }: ConfinedOptions['confine']): string[] {
  const limited = [tools.prlimit, ...limitArguments(limits), '--'];
  if (forwards.length === 0) return limited;
  const inside = forwards.map(({ port }) => ({ port, socket: insideSocket(port) }));
  return [tools.node, `${insideFolder}/inside.ts`, JSON.stringify(inside), ...limited];
}

type Told = { excess: AbortSignal; signal?: AbortSignal; secrets?: readonly string[] };

/** In the words of `run`: the program's own command, a missing program as such, and which limit was passed. */
function resultOf(command: readonly string[], result: RunResult, told: Told): RunResult {
  const [program = ''] = command;
  if (
    result.exitCode === 127 &&
    result.stderr.includes(`prlimit: failed to execute ${program}: No such file`)
  )
    throw missingProgram(program);
  const own = { ...result, command: censor(shown(command), told.secrets ?? []) };
  if (!told.excess.aborted) return own;
  return { ...own, aborted: told.signal?.aborted ?? false, exceeded: String(told.excess.reason) };
}
