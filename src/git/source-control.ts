// Puts the git room together: mirrors in the data folder for the service, a person's own repository
// for the command line. It must not run git itself.

import path from 'node:path';
import type { RepoRef } from '../domain/problem.ts';
import type { GitAccess, Log, Repository, SourceControl } from '../ports.ts';
import type { Place } from './git.ts';
import { createHistory } from './history.ts';
import { createKept } from './kept.ts';
import { maintainMirror, mirrorExists, updateMirror } from './mirror.ts';
import { checkedRepo, checkedWorktree } from './names.ts';
import { createOneAtATime, type OneAtATime } from './one-at-a-time.ts';
import { createReading } from './repository.ts';
import { openWorktree, removeWorktree } from './worktree.ts';

/** A repository that also says where its objects are, for the rest of this room. */
export type GitRepository = Repository & { readonly place: Place };

type Git = SourceControl & {
  fetchMirror(repo: RepoRef, access: GitAccess): Promise<GitRepository>;
  openMirror(repo: RepoRef): Promise<GitRepository | null>;
  /** Packs a mirror; git never does it by itself here. Nothing happens when there is none. */
  maintain(repo: RepoRef): Promise<void>;
};

/** Keeps mirrors and worktrees under `dataDir`, an absolute folder that belongs to this process alone. */
export function createGit({ dataDir, log }: { dataDir: string; log: Log }): Git {
  const inTurn = createOneAtATime();
  const kept = createKept();
  const mirrorOf = (repo: RepoRef) => {
    const { owner, name } = checkedRepo(repo);
    return path.join(dataDir, 'mirrors', owner, `${name}.git`);
  };
  const open = (repo: RepoRef): GitRepository =>
    createRepository({
      place: { gitDir: mirrorOf(repo), kept },
      worktrees: path.join(dataDir, 'worktrees', repo.owner, repo.name),
      inTurn,
      log,
    });
  return {
    fetchMirror: async (repo, access) => {
      const dir = mirrorOf(repo);
      await inTurn(dir, () => updateMirror(dir, access, log));
      return open(repo);
    },
    openMirror: async (repo) => ((await mirrorExists(mirrorOf(repo))) ? open(repo) : null),
    maintain: async (repo) => {
      const dir = mirrorOf(repo);
      if (await mirrorExists(dir)) await inTurn(dir, () => maintainMirror(dir));
    },
  };
}

type Parts = { place: Place; worktrees: string; inTurn: OneAtATime; log: Log };

function createRepository({ place, worktrees, inTurn, log }: Parts): GitRepository {
  const folder = (name: string) => path.join(worktrees, checkedWorktree(name));
  return {
    place,
    ...createReading(place),
    history: createHistory(place),
    openWorktree: async (name, commit) => {
      const dir = folder(name);
      return inTurn(place.gitDir, () => openWorktree(place, { dir, commit, log }));
    },
    removeWorktree: async (name) => {
      const dir = folder(name);
      await inTurn(place.gitDir, () => removeWorktree(place, dir));
    },
  };
}
