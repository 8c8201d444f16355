// What the repository's own manifests say: which packages it is made of, and in which folders.
// It must not read files; the job hands over their text, which may be broken or hostile.

import { z } from 'zod';

/** One package that this repository is. `dir` is '' for the root, else without a slash at the end. */
export type OwnPackage = { ecosystem: 'npm'; name: string; dir: string };

export type Manifests = { packages: OwnPackage[] };

const manifestNames = new Set(['package.json']);

/** More are generated or fixtures. */
const mostManifests = 200;

/** The manifests worth reading, shallow ones first; never those of packages that were copied in. */
export function manifestPaths(paths: readonly string[]): string[] {
  return paths
    .filter((path) => manifestNames.has(baseOf(path)) && !/(?:^|\/)(?:node_modules|vendor)\//.test(path))
    .toSorted((left, right) => depthOf(left) - depthOf(right))
    .slice(0, mostManifests);
}

/** Reads what the manifests say; one that cannot be read says nothing. */
export function readManifests(files: readonly { path: string; text: string }[]): Manifests {
  return { packages: files.flatMap(({ path, text }) => npmPackage(dirOf(path), text)) };
}

const packageJson = z.object({ name: z.string().min(1) });

function npmPackage(dir: string, text: string): OwnPackage[] {
  const read = packageJson.safeParse(jsonOf(text));
  return read.success ? [{ ecosystem: 'npm', name: read.data.name, dir }] : [];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function dirOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function depthOf(path: string): number {
  return path.split('/').length;
}
