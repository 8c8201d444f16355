// Fetches the Node that a repository is made for, once for all repositories that ask for the same.
// It must not let a file of the repository say from where.

import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Later, Refusal } from '../../domain/failure.ts';
import { code } from '../../domain/untrusted.ts';
import { usualLimits } from '../../run/sandbox.ts';
import { type InstallPlace, runInstall } from '../install/run-install.ts';
import { cachesOf } from '../kept/caches.ts';
import { whileUsing } from '../kept/cache-use.ts';
import { withHome } from '../ground.ts';
import { binOf, nodePackage, nodePlace, versionIn } from './place.ts';
import { wantedNode, type WantedNode } from './wanted.ts';

/**
 * Sees to it that the worktree's programs find their Node. Gives finished sentences for people: on which Node the checks
 * run, and why; none when Suture's own will do. `spec` is what npm is asked for.
 */
export async function fetchNode(root: string, place: InstallPlace, spec = specOf): Promise<string[]> {
  const wanted = await wantedNode(root);
  if (wanted === null) return [];
  const { folder, caches } = nodePlace(place.ground.dataDir, wanted.range);
  await mkdir(caches, { recursive: true });
  const asks = `${code(wanted.from, 80)} asks for Node ${code(wanted.words, 40)}`;
  try {
    await whileUsing(caches, () => fetchInto(folder, spec(wanted), place));
    return [`The checks run on Node ${await versionIn(folder)}, because ${asks}.`];
  } catch (error) {
    // Most programs run on a newer one just as well; where they do not, the checks at the base show it.
    if (!(error instanceof Refusal) && !(error instanceof Later)) throw error;
    place.log.warn({ refusal: error.message, range: wanted.range }, 'A Node could not be fetched');
    return [`${asks}, which could not be fetched; the checks run on ${process.version}.`];
  }
}

function specOf({ range }: WantedNode): string {
  return `${nodePackage}@${range}`;
}

/** A half one never gets its name. */
async function fetchInto(folder: string, spec: string, place: InstallPlace): Promise<void> {
  if ((await versionIn(folder)) !== null) return;
  const root = path.join(path.dirname(folder), `.${randomUUID()}`);
  await mkdir(root);
  try {
    const caches = cachesOf(place.ground.dataDir, root);
    const args = ['install', '--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', spec];
    await whileUsing(caches.folder, () =>
      runInstall({ managers: ['npm'], program: 'npm', args, root, folder: '.', caches }, place),
    );
    await tryOut(root, place);
    await rename(root, folder).catch(async (error: unknown) => {
      // Another fix has fetched the same meanwhile.
      if ((await versionIn(folder)) === null) throw error;
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Throws Refusal when it does not start here: it may be made for another C library. */
async function tryOut(root: string, { ground }: InstallPlace): Promise<void> {
  const program = path.join(binOf(root), 'node');
  const result = await withHome(ground, (home) =>
    ground.sandbox.run(program, ['--version'], {
      cwd: home,
      env: { HOME: home },
      timeoutMs: 60_000,
      confine: {
        writable: [home],
        readable: [root],
        masked: [],
        forwards: [],
        limits: ground.limits ?? usualLimits,
      },
    }),
  );
  if (result.exitCode !== 0) throw new Refusal(`It does not start here. It says: ${result.output}`);
}
