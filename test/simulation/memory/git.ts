// Source control in memory: mirrors and worktrees of one machine, over the forge's commits.
// It must not reach a real disk.

import { Bug, Refusal } from '../../../src/domain/failure.ts';
import { repoName } from '../../../src/domain/problem.ts';
import type { Change, GitAccess, Repository, SourceControl, Worktree } from '../../../src/ports.ts';
import type { MemoryDisk } from './disk.ts';
import { addCommit, moveBranch, type Commit, type Files, type Forge, type ForgeRepo } from './forge.ts';

/** What lies on one machine's disk of one repository. */
type Mirror = { repo: ForgeRepo; branches: Map<string, string>; made: Map<string, Commit> };

export type Machine = { forge: Forge; disk: MemoryDisk; mirrors: Map<string, Mirror> };

export function memoryGit(machine: Machine): SourceControl {
  return {
    fetchMirror: async (ref, access) => {
      const repo = opened(machine.forge, access);
      const key = repoName(ref).toLowerCase();
      const mirror = machine.mirrors.get(key) ?? { repo, branches: new Map(), made: new Map() };
      mirror.branches.clear();
      for (const [branch, sha] of repo.branches) mirror.branches.set(branch, sha);
      machine.mirrors.set(key, mirror);
      return repositoryOf(machine, mirror);
    },
    openMirror: async (ref) => {
      const mirror = machine.mirrors.get(repoName(ref).toLowerCase());
      return mirror ? repositoryOf(machine, mirror) : null;
    },
  };
}

/** The repository that this address and token open. Throws Refusal. */
export function opened(forge: Forge, access: GitAccess): ForgeRepo {
  const found = forge.repos.find((repo) => access.url.endsWith(`/${repoName(repo.ref)}.git`));
  if (!found || found.token !== access.token) throw new Refusal(`The host lets nobody in at ${access.url}.`);
  return found;
}

function repositoryOf(machine: Machine, mirror: Mirror): Repository {
  const filesAt = (commit: string): Files => mirror.repo.commits.get(commit)?.files ?? new Map();
  const dirOf = (name: string): string => `/${repoName(mirror.repo.ref)}/${name}`;
  return {
    resolveRevision: async (revision) =>
      mirror.branches.get(revision) ??
      (/^[0-9a-f]{7,40}$/.test(revision)
        ? ([...mirror.repo.commits.keys()].find((sha) => sha.startsWith(revision)) ?? null)
        : null),
    listFiles: async (commit) => [...filesAt(commit).keys()].toSorted(),
    readText: async (commit, path) => filesAt(commit).get(path) ?? null,
    searchText: async (commit, text, limit) =>
      [...filesAt(commit)]
        .flatMap(([path, content]) =>
          content.split('\n').map((line, index) => ({ path, line: index + 1, text: line })),
        )
        .filter((match) => match.text.includes(text))
        .slice(0, limit),
    openWorktree: async (name, commit) => {
      machine.disk.folders.set(dirOf(name), new Map(filesAt(commit)));
      return worktreeOf(machine, mirror, { dir: dirOf(name), base: commit });
    },
    removeWorktree: async (name) => void machine.disk.folders.delete(dirOf(name)),
  };
}

type Place = { dir: string; base: string };

function worktreeOf(machine: Machine, mirror: Mirror, place: Place): Worktree {
  const before = (): Files => mirror.repo.commits.get(place.base)?.files ?? new Map();
  const now = (): Files => kept(machine.disk.folders.get(place.dir) ?? new Map());
  return {
    ...place,
    work: async () => ({ changes: changesOf(before(), now()), diff: diffOf(before(), now()) }),
    changes: async () => changesOf(before(), now()),
    diff: async () => diffOf(before(), now()),
    reset: async () => void machine.disk.folders.set(place.dir, new Map(before())),
    put: async (path, text) => {
      if (path.split('/').some((part) => part === '..' || part === '.git'))
        throw new Bug(`${path} leads out.`);
      if (text === null) machine.disk.remove(place.dir, path);
      else machine.disk.write(place.dir, path, text);
    },
    atBase: async (paths, work) => {
      const changed = new Map(machine.disk.folders.get(place.dir));
      const base = new Map(before());
      for (const path of paths) copyFile(changed, base, path);
      machine.disk.folders.set(place.dir, base);
      try {
        return await work();
      } finally {
        machine.disk.folders.set(place.dir, changed);
      }
    },
    commit: async ({ branch, paths, message, author }) => {
      checkBranch(branch);
      const staged = changesOf(before(), now())
        .map((change) => change.path)
        .filter((path) => paths.includes(path));
      const intended = [...new Set(paths)].toSorted();
      if (intended.length === 0 || intended.join('\n') !== staged.join('\n'))
        throw new Bug(
          `Nothing was committed. Intended: ${intended.join(', ')}. Staged: ${staged.join(', ')}.`,
        );
      const files = new Map(before());
      for (const path of staged) copyFile(now(), files, path);
      const commit = addCommit(machine.forge, mirror.repo, {
        parents: [place.base],
        files,
        message: `${message}\n`,
        author: `${author.name} <${author.email}>`,
      });
      mirror.made.set(branch, commit);
      return commit.sha;
    },
    push: async (branch, access, expected) => {
      const made = mirror.made.get(branch);
      if (!made) throw new Bug(`There is no commit for ${branch} to push.`);
      const repo = opened(machine.forge, access);
      const stands = repo.branches.get(branch) ?? null;
      if (stands === made.sha) return;
      if (stands !== expected) throw new Refusal(`The branch ${branch} has moved since it was read.`);
      moveBranch(machine.forge, repo, { branch, sha: made.sha });
    },
    readRemote: async (branch, access) => opened(machine.forge, access).branches.get(branch) ?? null,
  };
}

function copyFile(from: Files, to: Map<string, string>, path: string): void {
  const text = from.get(path);
  if (text === undefined) to.delete(path);
  else to.set(path, text);
}

function checkBranch(branch: string): void {
  const legal = /^[\w][\w./-]*$/.test(branch) && !/\.\.|\/\/|\.lock$|\/$/.test(branch);
  if (!legal) throw new Bug(`${branch} is no name for a branch.`);
}

/** Without what .gitignore names; only plain folder names are understood. */
function kept(files: Files): Files {
  const ignored = (files.get('.gitignore') ?? '').split('\n').filter((line) => line.endsWith('/'));
  return new Map([...files].filter(([path]) => !ignored.some((folder) => path.startsWith(folder))));
}

function changesOf(before: Files, now: Files): Change[] {
  const paths = [...new Set([...before.keys(), ...now.keys()])].toSorted();
  return paths.flatMap((path): Change[] => {
    if (before.get(path) === now.get(path)) return [];
    if (!before.has(path)) return [{ path, kind: 'added' }];
    return [{ path, kind: now.has(path) ? 'modified' : 'deleted' }];
  });
}

function diffOf(before: Files, now: Files): string {
  return changesOf(before, now)
    .map(({ path, kind }) => fileDiff(path, { kind, before: before.get(path), now: now.get(path) }))
    .join('');
}

type Pair = { kind: Change['kind']; before: string | undefined; now: string | undefined };

/** One hunk: from the first line that differs to the last. */
function fileDiff(path: string, { kind, before, now }: Pair): string {
  const left = linesOf(before);
  const right = linesOf(now);
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < left.length - start && end < right.length - start && left.at(-1 - end) === right.at(-1 - end))
    end += 1;
  const gone = left.slice(start, left.length - end);
  const come = right.slice(start, right.length - end);
  const mode =
    kind === 'added' ? 'new file mode 100644\n' : kind === 'deleted' ? 'deleted file mode 100644\n' : '';
  const from = kind === 'added' ? '/dev/null' : `a/${path}`;
  const to = kind === 'deleted' ? '/dev/null' : `b/${path}`;
  const span = (lines: string[]): string => `${lines.length === 0 ? start : start + 1},${lines.length}`;
  const body = [...gone.map((line) => `-${line}\n`), ...come.map((line) => `+${line}\n`)].join('');
  return `diff --git a/${path} b/${path}\n${mode}--- ${from}\n+++ ${to}\n@@ -${span(gone)} +${span(come)} @@\n${body}`;
}

function linesOf(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
