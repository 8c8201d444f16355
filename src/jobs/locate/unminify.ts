// Maps frames of built JavaScript back to their sources, where the repository or a build beside it holds the maps.
// It must not decide whether a mapped frame is right; locating does, as for any frame.

import type { CrashEvent, Frame } from '../../domain/crash/crash-event.ts';
import type { FileIndex } from '../../domain/locate/file-index.ts';
import { debugIdOf, mappedFrame, mapPathsOf } from '../../domain/locate/source-map.ts';
import type { TraceFrame } from '../../domain/locate/trace.ts';
import type { Repository, SourceMaps } from '../../ports.ts';
import { findBuiltMap } from './built-map.ts';

export type Unminify = {
  event: CrashEvent;
  repository: Repository;
  sourceMaps?: SourceMaps;
  commit: string;
  files: FileIndex;
};

/**
 * By the debug id that the event and the map share, else by the built file's name; first among the commit's
 * files, then among what a build left in the working directory.
 */
export async function unminify(input: Unminify, traces: readonly TraceFrame[]): Promise<TraceFrame[]> {
  const { sourceMaps } = input;
  if (!sourceMaps) return [...traces];
  return Promise.all(
    traces.map(
      async (trace) => (await committed(input, sourceMaps, trace)) ?? built(input, sourceMaps, trace),
    ),
  );
}

async function committed(
  input: Unminify,
  sourceMaps: SourceMaps,
  trace: TraceFrame,
): Promise<TraceFrame | null> {
  for (const path of await mapsOf(input, trace.frame)) {
    const map = await input.repository.readText(input.commit, path);
    const mapped = map === null ? null : throughMap(sourceMaps, trace, { path, map });
    if (mapped) return mapped;
  }
  return null;
}

/** Below the threshold of acting when nothing proves that the map is of the build that crashed. */
const unproved = 0.55;

async function built(input: Unminify, sourceMaps: SourceMaps, trace: TraceFrame): Promise<TraceFrame> {
  const found = await findBuiltMap(input, trace.frame);
  const mapped = found && throughMap(sourceMaps, trace, found);
  if (!found || !mapped) return trace;
  return found.proved ? mapped : { ...mapped, limit: unproved };
}

function throughMap(
  sourceMaps: SourceMaps,
  trace: TraceFrame,
  { path, map }: { path: string; map: string },
): TraceFrame | null {
  const { frame } = trace;
  const place = sourceMaps.originalPlace(map, { line: frame.line ?? 0, column: frame.column ?? 0 });
  return place && { ...trace, frame: mappedFrame(frame, path, place), reported: frame };
}

async function mapsOf({ event, repository, commit, files }: Unminify, frame: Frame): Promise<string[]> {
  const id = debugIdOf(frame, event.debugImages);
  const hits = id === null ? [] : await repository.searchText(commit, id, 10);
  const byId = hits.map((hit) => hit.path).filter((path) => path.endsWith('.map'));
  return byId.length > 0 ? [...new Set(byId)] : mapPathsOf(frame, files);
}
