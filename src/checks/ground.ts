// Where programs of a target repository run: a sandbox, a scratch home for one run, and what they may touch there.
// It must not know what a program means, and nothing that one run leaves in its home reaches the next.

import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Limits, type Sandbox, usualLimits } from '../run/sandbox.ts';
import type { RunResult } from '../run.ts';
import { checkEnvironment } from './environment.ts';
import { whileUsing } from './kept/cache-use.ts';
import { cachesOf } from './kept/caches.ts';
import { moduleFolders, scratchFolders } from './module-folders.ts';
import { nodeFor, type ProjectNode } from './node/place.ts';
import { toolPlaces } from './tool-places.ts';

export type Ground = {
  sandbox: Sandbox;
  /** Absolute folder of ours: installs, caches, scratch homes. */
  dataDir: string;
  limits?: Limits;
  /** Ends what runs here when it aborts. */
  stop?: AbortSignal;
  /** The operator wants everything to run on Suture's own Node. */
  ownNode?: boolean;
};

export type Step = {
  command: readonly string[];
  /** The worktree. */
  root: string;
  /** Repository-relative folder to run in. */
  folder: string;
  timeoutMs: number;
  env?: Readonly<Record<string, string>>;
  /** Written to standard input. */
  input?: string;
  /** The most bytes kept of each stream. Default 4 MiB. */
  maxOutputBytes?: number;
};

const mebibyte = 1024 * 1024;

/** Runs a program of the repository, or one on it. Installed packages are shared between worktrees, so it only reads them. */
export async function runOnGround(ground: Ground, step: Step): Promise<RunResult> {
  return withHome(ground, async (home) => {
    const modules = await moduleFolders(step.root);
    const caches = cachesOf(ground.dataDir, step.root);
    const node = await nodeOn(ground, step.root);
    const scratch = await scratchFolders(modules);
    const confine = {
      writable: [step.root, home, ...scratch, ...caches.built],
      readable: [
        ...toolPlaces(process.env, [ground.dataDir, process.cwd()]),
        ...modules,
        caches.folder,
        ...(node ? [node.caches] : []),
      ],
      masked: [],
      forwards: [],
      limits: ground.limits ?? usualLimits,
    };
    const [program = '', ...args] = step.command;
    const options = {
      cwd: path.join(step.root, step.folder),
      env: { ...checkEnvironment({ ...step, home, node }), ...caches.forChecks, ...step.env },
      timeoutMs: step.timeoutMs,
      maxOutputBytes: step.maxOutputBytes ?? 4 * mebibyte,
      ...stoppedBy(ground),
      ...(step.input === undefined ? {} : { input: step.input }),
      confine,
    };
    const running = () => ground.sandbox.run(program, args, options);
    const inUse = () => (node ? whileUsing(node.caches, running) : running());
    const result = await whileUsing(caches.folder, inUse);
    // Half a result says nothing.
    ground.stop?.throwIfAborted();
    return result;
  });
}

/** The Node that programs of this worktree run on; null for ours. */
export async function nodeOn({ dataDir, ownNode }: Ground, root: string): Promise<ProjectNode | null> {
  return ownNode === true ? null : nodeFor(dataDir, root);
}

/** The option of a run that ends when nobody wants it any more. */
export function stoppedBy({ stop }: Ground): { signal?: AbortSignal } {
  return stop === undefined ? {} : { signal: stop };
}

/** A home that is gone afterwards. */
export async function withHome<T>({ dataDir }: Ground, work: (home: string) => Promise<T>): Promise<T> {
  const home = path.join(dataDir, 'homes', randomUUID());
  await mkdir(home, { recursive: true, mode: 0o700 });
  try {
    return await work(home);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
