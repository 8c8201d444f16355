// Maps frames of built JavaScript back to their sources, where the repository holds the maps.
// It must not decide whether a mapped frame is right; locating does, as for any frame.

import type { FileIndex } from '../../domain/locate/file-index.ts';
import { mappedFrame, mapPathsOf } from '../../domain/locate/source-map.ts';
import type { TraceFrame } from '../../domain/locate/trace.ts';
import type { LocateInput } from '../locate-crash.ts';

export async function unminify(
  { repository, sourceMaps }: LocateInput,
  commit: string,
  traces: readonly TraceFrame[],
  files: FileIndex,
): Promise<TraceFrame[]> {
  if (!sourceMaps) return [...traces];
  return Promise.all(
    traces.map(async (trace) => {
      const { frame } = trace;
      for (const path of mapPathsOf(frame, files)) {
        const map = await repository.readText(commit, path);
        const at = { line: frame.line ?? 0, column: frame.column ?? 0 };
        const place = map === null ? null : sourceMaps.originalPlace(map, at);
        if (place) return { ...trace, frame: mappedFrame(frame, path, place), reported: frame };
      }
      return trace;
    }),
  );
}
