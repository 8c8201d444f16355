// Finds the source map of a frame in what a build left in the working directory, and whether it is of that build.
// It must not read the map's content.

import type { Frame } from '../../domain/crash/crash-event.ts';
import { checkContext } from '../../domain/locate/context-lines.ts';
import { indexFiles } from '../../domain/locate/file-index.ts';
import { bearsDebugId, debugIdOf, isHashedName, mapPathsOf } from '../../domain/locate/source-map.ts';
import type { BuildOutput } from '../../ports.ts';
import type { Unminify } from './unminify.ts';

export type BuiltMap = {
  path: string;
  map: string;
  /** By its debug id, by a hash in its name, or by the bundle's own text that the event carries. */
  proved: boolean;
};

/** Null when no build is at hand, none has such a file, or the one that has is of another build. */
export async function findBuiltMap(input: Unminify, frame: Frame): Promise<BuiltMap | null> {
  const { buildOutput } = input.repository;
  if (!buildOutput || frame.line === null || frame.column === null) return null;
  const listed = (await buildOutput.listFiles()).filter((path) => !input.files.has(path));
  const maps = listed.filter((path) => path.endsWith('.map'));
  const id = debugIdOf(frame, input.event.debugImages);
  const byId = id === null ? null : await withDebugId(buildOutput, maps, id);
  const path = byId ?? mapPathsOf(frame, indexFiles(maps))[0];
  if (path === undefined) return null;
  const agreed = byId === null ? await bundleAgrees(buildOutput, path, { frame, id }) : true;
  const map = agreed === false ? null : await buildOutput.readText(path);
  return map === null ? null : { path, map, proved: agreed === true || isHashedName(path) };
}

async function withDebugId(output: BuildOutput, maps: readonly string[], id: string): Promise<string | null> {
  for (const path of maps) {
    const ends = [await output.readEnds(path), await output.readEnds(bundleOf(path))];
    if (ends.some((text) => text !== null && bearsDebugId(text, id))) return path;
  }
  return null;
}

/** False: it is another build. Null: nothing can be compared. */
async function bundleAgrees(
  output: BuildOutput,
  path: string,
  { frame, id }: { frame: Frame; id: string | null },
): Promise<boolean | null> {
  const bundle = await output.readText(bundleOf(path));
  if (bundle === null) return null;
  if (id !== null && /\/\/# debugId=/.test(bundle) && !bearsDebugId(bundle, id)) return false;
  const { matches, line } = checkContext(frame, bundle.split('\n'));
  return matches === true ? line === frame.line : matches;
}

function bundleOf(map: string): string {
  return map.replace(/\.map$/, '');
}
