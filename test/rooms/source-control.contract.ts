// What every SourceControl must keep, run on each implementation. It must not know how one is made.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Bug, Refusal } from '../../src/domain/failure.ts';
import type { RepoRef } from '../../src/domain/problem.ts';
import type { GitAccess, Repository, SourceControl, Worktree } from '../../src/ports.ts';

/** A host with one repository that holds `files` on its branch `main`. */
export type ContractWorld = {
  sourceControl: SourceControl;
  repo: RepoRef;
  access: GitAccess;
  /** The commit of `main`. */
  base: string;
  /** Pushes one more commit to a branch from elsewhere; gives its id. */
  pushFromElsewhere(branch: string, files: Record<string, string>): Promise<string>;
  /** What the host has at a branch: the commit's own facts and its files. */
  readHost(branch: string): Promise<HostCommit | null>;
  /** Where worktrees lie; the real disk when absent. */
  disk?: ContractDisk;
};

export type ContractDisk = {
  write(dir: string, file: string, text: string): Promise<void>;
  remove(dir: string, file: string): Promise<void>;
  /** Throws an error that names ENOENT when there is no such file. */
  read(dir: string, file: string): Promise<string>;
};

const realDisk: ContractDisk = {
  write: async (dir, file, text) => {
    const target = path.join(dir, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  },
  remove: (dir, file) => rm(path.join(dir, file)),
  read: (dir, file) => readFile(path.join(dir, file), 'utf8'),
};

export type HostCommit = {
  id: string;
  parents: string[];
  message: string;
  author: string;
  files: Record<string, string>;
};

export const contractFiles: Record<string, string> = {
  'README.md': '# Shop\n',
  'src/cart.ts': 'export const total = (items: number[]) => items[0];\n',
  'src/größe [1].ts': 'export const size = 1; // needle\n',
  '.gitignore': 'node_modules/\n',
};

const author = { name: 'suture[bot]', email: '1+suture[bot]@users.noreply.github.com' };

export function sourceControlContract(name: string, makeWorld: () => Promise<ContractWorld>): void {
  describe(`source control: ${name}`, () => {
    let world: ContractWorld;
    let repository: Repository;
    let worktree: Worktree;
    const disk = (): ContractDisk => world.disk ?? realDisk;
    const write = (file: string, text: string) => disk().write(worktree.dir, file, text);
    const commit = (paths: string[], branch = 'sentry/per-1a-cart') =>
      worktree.commit({ branch, paths, message: 'fix(cart): guard\n\nRefs PER-1A', author });

    beforeEach(async () => {
      world = await makeWorld();
      repository = await world.sourceControl.fetchMirror(world.repo, world.access);
      worktree = await repository.openWorktree('fix-1', world.base);
    });

    it('has no mirror before the first fetch of a repository', async () => {
      expect(await world.sourceControl.openMirror({ owner: 'no', name: 'such' })).toBeNull();
      expect(await world.sourceControl.openMirror(world.repo)).not.toBeNull();
    });

    it('resolves branches and abbreviated ids, and nothing else', async () => {
      expect(await repository.resolveRevision('main')).toBe(world.base);
      expect(await repository.resolveRevision(world.base.slice(0, 10))).toBe(world.base);
      for (const wrong of ['gone', '', '--all', 'main:README.md', 'a b'])
        expect(await repository.resolveRevision(wrong)).toBeNull();
    });

    it('lists and reads the files of a commit', async () => {
      expect(await repository.listFiles(world.base)).toEqual(Object.keys(contractFiles).toSorted());
      for (const [file, text] of Object.entries(contractFiles))
        expect(await repository.readText(world.base, file)).toBe(text);
      expect(await repository.readText(world.base, 'src')).toBeNull();
      expect(await repository.readText(world.base, 'none.ts')).toBeNull();
      expect(await repository.readText(world.base, '../README.md')).toBeNull();
    });

    it('finds lines by exact text', async () => {
      expect(await repository.searchText(world.base, '// needle', 5)).toEqual([
        { path: 'src/größe [1].ts', line: 1, text: 'export const size = 1; // needle' },
      ]);
      expect(await repository.searchText(world.base, 'export const', 1)).toHaveLength(1);
      expect(await repository.searchText(world.base, 'items[0]', 5)).toHaveLength(1);
      expect(await repository.searchText(world.base, 'nowhere to be found', 5)).toEqual([]);
    });

    it('sees every change, untracked files included, ignored ones not', async () => {
      expect(await worktree.changes()).toEqual([]);
      expect(await worktree.diff()).toBe('');
      await write('src/cart.ts', 'export const total = () => 0;\n');
      await write('src/new file.ts', 'export {};\n');
      await write('node_modules/left/pad.js', 'ignored');
      await disk().remove(worktree.dir, 'README.md');
      expect(await worktree.changes()).toEqual([
        { path: 'README.md', kind: 'deleted' },
        { path: 'src/cart.ts', kind: 'modified' },
        { path: 'src/new file.ts', kind: 'added' },
      ]);
      const diff = await worktree.diff();
      expect(diff).toContain('+export const total = () => 0;');
      expect(diff).toContain('+export {};');
      expect(diff).toContain('-# Shop');
      expect(diff).not.toContain('ignored');
    });

    it('goes back to the base', async () => {
      await write('src/cart.ts', 'broken');
      await write('src/new.ts', 'new');
      await worktree.reset();
      expect(await worktree.changes()).toEqual([]);
      expect(await disk().read(worktree.dir, 'src/cart.ts')).toBe(contractFiles['src/cart.ts']);
    });

    it('works at the base with what is kept, and puts every change back', async () => {
      await write('src/cart.ts', 'export const total = () => 0;\n');
      await write('test/cart.test.ts', 'new\n');
      await disk().remove(worktree.dir, 'README.md');
      const before = await worktree.diff();
      const seen = await worktree.atBase(['test/cart.test.ts'], async () => {
        await worktree.put('src/made/by work.ts', 'left behind\n');
        await worktree.put('src/cart.ts', null);
        return worktree.changes();
      });
      expect(seen).toEqual([
        { path: 'src/cart.ts', kind: 'deleted' },
        { path: 'src/made/by work.ts', kind: 'added' },
        { path: 'test/cart.test.ts', kind: 'added' },
      ]);
      expect(await worktree.diff()).toBe(before);
      const failing = worktree.atBase([], () => Promise.reject(new Error('no')));
      await expect(failing).rejects.toThrow('no');
      expect(await worktree.diff()).toBe(before);
    });

    it('writes files of the worktree and no others', async () => {
      await worktree.put('src/cart.ts', 'put\n');
      expect(await disk().read(worktree.dir, 'src/cart.ts')).toBe('put\n');
      for (const wrong of ['../outside.ts', '.git/hooks/pre-commit'])
        await expect(worktree.put(wrong, 'x')).rejects.toThrow(Bug);
    });

    it('commits exactly the named paths with the base as parent', async () => {
      await write('src/cart.ts', 'export const total = () => 0;\n');
      await write('src/größe [1].ts', 'export const size = 2;\n');
      await write('src/left out.ts', 'not named\n');
      await disk().remove(worktree.dir, 'README.md');
      const id = await commit(['src/cart.ts', 'src/größe [1].ts', 'README.md']);
      await worktree.push('sentry/per-1a-cart', world.access, null);
      expect(await worktree.readRemote('sentry/per-1a-cart', world.access)).toBe(id);
      expect(await world.readHost('sentry/per-1a-cart')).toEqual({
        id,
        parents: [world.base],
        message: 'fix(cart): guard\n\nRefs PER-1A\n',
        author: `${author.name} <${author.email}>`,
        files: {
          '.gitignore': 'node_modules/\n',
          'src/cart.ts': 'export const total = () => 0;\n',
          'src/größe [1].ts': 'export const size = 2;\n',
        },
      });
    });

    it('commits nothing when the staged list is not the named one', async () => {
      await write('src/cart.ts', 'export const total = () => 0;\n');
      await write('src/new/a.ts', 'a\n');
      await write('src/new/b.ts', 'b\n');
      for (const paths of [
        ['src/cart.ts', 'README.md'],
        ['src/new'],
        ['src/*.ts'],
        [],
        ['../x'],
        ['node_modules'],
      ])
        await expect(commit(paths)).rejects.toThrow(Bug);
      await expect(commit(['src/cart.ts', 'README.md'])).rejects.toThrow(
        'Intended: README.md, src/cart.ts. Staged: src/cart.ts.',
      );
      await expect(worktree.push('sentry/per-1a-cart', world.access, null)).rejects.toThrow(Bug);
      expect(await worktree.readRemote('sentry/per-1a-cart', world.access)).toBeNull();
    });

    it('overwrites a remote branch only where it stood when it was read', async () => {
      await write('src/cart.ts', '1\n');
      const first = await commit(['src/cart.ts']);
      await worktree.push('sentry/per-1a-cart', world.access, null);
      await worktree.push('sentry/per-1a-cart', world.access, null);
      await write('src/cart.ts', '2\n');
      const second = await commit(['src/cart.ts']);
      await expect(worktree.push('sentry/per-1a-cart', world.access, null)).rejects.toThrow(Refusal);
      await worktree.push('sentry/per-1a-cart', world.access, first);
      const foreign = await world.pushFromElsewhere('sentry/per-1a-cart', { 'theirs.txt': 'work\n' });
      await write('src/cart.ts', '3\n');
      await commit(['src/cart.ts']);
      await expect(worktree.push('sentry/per-1a-cart', world.access, second)).rejects.toThrow('has moved');
      expect(await worktree.readRemote('sentry/per-1a-cart', world.access)).toBe(foreign);
    });

    it('refuses names that are no branches', async () => {
      await write('src/cart.ts', '1\n');
      for (const branch of [
        '-x',
        'a..b',
        'a b',
        'x.lock',
        '/x',
        'x/',
        'a//b',
        '+main',
        'a:b',
        'refs/heads/*',
      ])
        await expect(commit(['src/cart.ts'], branch)).rejects.toThrow(Bug);
    });

    it('replaces a worktree of the same name, and removes one twice without complaint', async () => {
      await write('src/new.ts', 'new');
      const again = await repository.openWorktree('fix-1', world.base);
      expect(await again.changes()).toEqual([]);
      await repository.removeWorktree('fix-1');
      await repository.removeWorktree('fix-1');
      await expect(disk().read(again.dir, 'README.md')).rejects.toThrow('ENOENT');
    });

    it('sees the branches that come and go on the host', async () => {
      const later = await world.pushFromElsewhere('main', { 'later.txt': 'later\n' });
      expect(await repository.resolveRevision('main')).toBe(world.base);
      await world.sourceControl.fetchMirror(world.repo, world.access);
      expect(await repository.resolveRevision('main')).toBe(later);
    });
  });
}
