// What builds left in a person's own working directory: bundles and their source maps, which no commit holds.
// It must not follow links or leave the folder, and looks at a bounded number of files.

import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { BuildOutput } from '../ports.ts';

/** Folders that are large and hold nobody's own builds. */
const skipped = new Set([
  '.git',
  '.hg',
  '.venv',
  'venv',
  'bower_components',
  'node_modules',
  'Pods',
  'target',
  'vendor',
]);
const wanted = /\.(?:[cm]?js|bundle|jsbundle)(?:\.map)?$|\.map$/;
const mostEntries = 50_000;
const deepest = 10;
const mostFiles = 5000;
const largestMap = 64 * 1024 * 1024;
const endBytes = 8 * 1024;

/** The folder is the working directory's root; listed once, when first asked for. */
export function createBuildOutput(root: string): BuildOutput {
  let listed: Promise<string[]> | null = null;
  const list = (): Promise<string[]> => (listed ??= listBuilt(root));
  const known = async (file: string): Promise<boolean> => (await list()).includes(file);
  return {
    listFiles: list,
    readText: async (file) => ((await known(file)) ? readWhole(path.join(root, file)) : null),
    readEnds: async (file) => ((await known(file)) ? readEnds(path.join(root, file)) : null),
  };
}

/** Shallow folders first, so that the bound cuts off what lies deepest. */
async function listBuilt(root: string): Promise<string[]> {
  const found: string[] = [];
  let entries = 0;
  let level = [''];
  for (let depth = 0; depth < deepest && level.length > 0 && entries < mostEntries; depth += 1) {
    const below: string[] = [];
    for (const dir of level) {
      const here = await readdir(path.join(root, dir), { withFileTypes: true }).catch(() => []);
      entries += here.length;
      if (entries > mostEntries) break;
      below.push(...here.filter((one) => one.isDirectory() && !skipped.has(one.name)).map(inside(dir)));
      found.push(...here.filter((one) => one.isFile() && wanted.test(one.name)).map(inside(dir)));
    }
    level = below;
  }
  return found.slice(0, mostFiles);
}

function inside(dir: string): (entry: { name: string }) => string {
  return ({ name }) => (dir === '' ? name : `${dir}/${name}`);
}

async function readWhole(file: string): Promise<string | null> {
  try {
    return (await stat(file)).size > largestMap ? null : await readFile(file, 'utf8');
  } catch {
    return null;
  }
}

/** Enough to see the id that tools write at one end of a bundle or a map. */
async function readEnds(file: string): Promise<string | null> {
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    const head = await handle.read(Buffer.alloc(endBytes), 0, endBytes, 0);
    const tail = await handle.read(Buffer.alloc(endBytes), 0, endBytes, Math.max(0, size - endBytes));
    const texts = [head, tail].map(({ buffer, bytesRead }) => buffer.toString('utf8', 0, bytesRead));
    return texts.join('\n');
  } catch {
    return null;
  }
}
