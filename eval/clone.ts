// Opens a bare clone for evaluations: the git room's reading half, without a mirror or a network.
// It must not write to the clone.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createHistory } from '../src/git/history.ts';
import { createReading } from '../src/git/repository.ts';
import type { History, Repository } from '../src/ports.ts';

/** The git directory of `owner/name` under `dir`: `<owner>+<name>` itself, or a folder in it. Null when absent. */
export function findClone(dir: string, repo: string): string | null {
  const home = resolve(dir, repo.replace('/', '+'));
  const places = [home, join(home, 'repo'), join(home, '.git'), join(home, 'repo', '.git')];
  return (
    places.find((place) => existsSync(join(place, 'HEAD')) && existsSync(join(place, 'objects'))) ?? null
  );
}

export function openClone(gitDir: string): { repository: Repository; history: History } {
  const place = { gitDir };
  const repository = { ...createReading(place), openWorktree: neverWritten, removeWorktree: neverWritten };
  return { repository, history: createHistory(place) };
}

function neverWritten(): Promise<never> {
  return Promise.reject(new Error('An evaluation reads clones and never writes to them.'));
}
