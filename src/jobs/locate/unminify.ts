// Maps frames of built JavaScript back to their sources, where the repository holds the maps.
// It must not decide whether a mapped frame is right; locating does, as for any frame.

import type { CrashEvent, Frame } from '../../domain/crash-event.ts';
import type { FileIndex } from '../../domain/locate/file-index.ts';
import { debugIdOf, mappedFrame, mapPathsOf } from '../../domain/locate/source-map.ts';
import type { TraceFrame } from '../../domain/locate/trace.ts';
import type { Repository, SourceMaps } from '../../ports.ts';

export type Unminify = {
  event: CrashEvent;
  repository: Repository;
  sourceMaps?: SourceMaps;
  commit: string;
  files: FileIndex;
};

/** By the debug id that the event and the map share, else by the built file's name. */
export async function unminify(input: Unminify, traces: readonly TraceFrame[]): Promise<TraceFrame[]> {
  const { sourceMaps, repository, commit } = input;
  if (!sourceMaps) return [...traces];
  return Promise.all(
    traces.map(async (trace) => {
      const { frame } = trace;
      for (const path of await mapsOf(input, frame)) {
        const map = await repository.readText(commit, path);
        const at = { line: frame.line ?? 0, column: frame.column ?? 0 };
        const place = map === null ? null : sourceMaps.originalPlace(map, at);
        if (place) return { ...trace, frame: mappedFrame(frame, path, place), reported: frame };
      }
      return trace;
    }),
  );
}

async function mapsOf({ event, repository, commit, files }: Unminify, frame: Frame): Promise<string[]> {
  const id = debugIdOf(frame, event.debugImages);
  const hits = id === null ? [] : await repository.searchText(commit, id, 10);
  const byId = hits.map((hit) => hit.path).filter((path) => path.endsWith('.map'));
  return byId.length > 0 ? [...new Set(byId)] : mapPathsOf(frame, files);
}
