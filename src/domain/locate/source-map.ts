// Which source maps of the repository may belong to a frame, and what the frame is once mapped.
// It must not read maps.

import type { CrashEvent, Frame } from '../crash/crash-event.ts';
import { longestSuffix, type FileIndex } from './file-index.ts';
import { spell } from './spelling.ts';

/** A place in the source, as a map gives it: 1-based; `text` is the source's line when the map carries it. */
export type OriginalPlace = {
  source: string;
  line: number;
  column: number;
  name: string | null;
  text: string | null;
};

/** Maps beside a built file of the frame's name: `dist/index-Cq3.js.map`. Built names carry hashes. */
export function mapPathsOf(frame: Frame, index: FileIndex): string[] {
  if (frame.line === null || frame.column === null) return [];
  const segments = spell(frame.absPath ?? frame.filename)?.segments ?? [];
  const name = segments.at(-1) ?? '';
  if (!/\.(?:m?js|cjs|jsbundle|bundle)$/.test(name)) return [];
  const matches = longestSuffix(index, [...segments.slice(0, -1), `${name}.map`]);
  return matches.length === 1 ? matches.map((match) => match.path) : [];
}

/** Whether a bundle or a map bears that id: `//# debugId=…`, `"debugId":"…"` or `"debug_id":"…"`. */
export function bearsDebugId(text: string, id: string): boolean {
  const wanted = plainId(id);
  const found = text.matchAll(/(?:\/\/# debugId=|"debug_?[iI]d"\s*:\s*")([0-9a-fA-F-]{32,36})/g);
  return [...found].some((match) => plainId(match[1] ?? '') === wanted);
}

function plainId(id: string): string {
  return id.replaceAll('-', '').toLowerCase();
}

/** Bundlers put a hash of the content into a name: then the name says which build it is. */
export function isHashedName(path: string): boolean {
  const name = path.split('/').at(-1) ?? '';
  return /[.-](?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{8,}\.(?:[cm]?js)(?:\.map)?$/.test(name);
}

/** The frame as if its source had been run. Its old source lines were of the bundle. */
export function mappedFrame(frame: Frame, mapPath: string, place: OriginalPlace): Frame {
  const relative = !/^[a-z][\w+.-]*:|^\//i.test(place.source);
  const folder = mapPath.slice(0, mapPath.lastIndexOf('/') + 1);
  return {
    ...frame,
    filename: relative ? `${folder}${place.source}` : place.source,
    absPath: null,
    function: place.name ?? frame.function,
    line: place.line,
    column: place.column,
    context: place.text === null ? [] : [{ line: place.line, text: place.text }],
  };
}

/** The id that ties a built file to its map, when the event carries it for the frame's file. */
export function debugIdOf(frame: Frame, images: CrashEvent['debugImages']): string | null {
  const reported = [frame.absPath, frame.filename].filter((path) => path !== null);
  const image =
    images.find((one) => one.codeFile !== null && reported.includes(one.codeFile)) ??
    onlyOne(images.filter((one) => one.codeFile !== null && nameOf(one.codeFile) === nameOf(reported[0])));
  return image && /^[0-9a-fA-F-]{32,36}$/.test(image.debugId) ? image.debugId : null;
}

/** Events name a bundle by its address in one place and by `app:///` in another. */
function nameOf(path: string | undefined): string {
  return (
    (path ?? '')
      .replace(/[?#].*$/s, '')
      .split('/')
      .at(-1) ?? ''
  );
}

function onlyOne<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}
