// Folders with text files, in memory or real: what the stand-ins of git, checks and fixers write to.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export type Disk = {
  read(dir: string, file: string): string | null;
  write(dir: string, file: string, text: string): void;
  remove(dir: string, file: string): void;
};

export type MemoryDisk = Disk & { folders: Map<string, Map<string, string>> };

export function memoryDisk(): MemoryDisk {
  const folders = new Map<string, Map<string, string>>();
  return {
    folders,
    read: (dir, file) => folders.get(dir)?.get(file) ?? null,
    write: (dir, file, text) => {
      folders.set(dir, (folders.get(dir) ?? new Map<string, string>()).set(file, text));
    },
    remove: (dir, file) => void folders.get(dir)?.delete(file),
  };
}

export const realDisk: Disk = {
  read: (dir, file) => {
    try {
      return readFileSync(path.join(dir, file), 'utf8');
    } catch {
      return null;
    }
  },
  write: (dir, file, text) => {
    const target = path.join(dir, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  },
  remove: (dir, file) => rmSync(path.join(dir, file)),
};
