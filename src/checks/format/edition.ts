// Finds out in which edition of Rust a file is written. It must not run cargo.

import path from 'node:path';
import { readWithin } from '../../run/read-within.ts';
import { foldersUpTo } from '../project.ts';

/** The crate's own edition, or the one it takes over from its workspace; 2015 where nobody says (Cargo's book, manifest). */
export function editionOf(root: string, file: string): string {
  for (const at of foldersUpTo(path.posix.dirname(file))) {
    const manifest = readWithin(root, path.join(root, at, 'Cargo.toml')) ?? '';
    const edition = /^\s*edition\s*=\s*["'](\d{4})["']/m.exec(manifest)?.[1];
    if (edition !== undefined) return edition;
  }
  return '2015';
}
