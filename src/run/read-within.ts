// Reads what a confined program may have left behind. It can put a link, a pipe or a huge file in the place of any file
// that it may write; nothing here follows one out of the folder, waits for one, or fills the memory with one.
// Only for folders in which no such program runs any more: it could change them between two looks.

import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

const mebibyte = 1024 * 1024;

/**
 * The text of a file of that folder (relative or absolute); null when there is no plain file within the folder, or when
 * it is larger than `most` bytes. A link that stays within the folder is followed.
 */
export function readWithin(root: string, file: string, most = 16 * mebibyte): string | null {
  const place = realWithin(root, file);
  if (place === null) return null;
  let descriptor: number | null = null;
  try {
    // Opening a pipe would wait for its other end.
    descriptor = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = fstatSync(descriptor);
    return found.isFile() && found.size <= most ? readFileSync(descriptor, 'utf8') : null;
  } catch {
    return null;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

/** Where a file of that folder really lies; null when it is not there or lies outside. */
export function realWithin(root: string, file: string): string | null {
  try {
    const folder = realpathSync(root);
    const place = realpathSync(path.resolve(folder, file));
    return place === folder || place.startsWith(folder + path.sep) ? place : null;
  } catch {
    return null;
  }
}
