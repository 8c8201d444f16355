import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Bug, Later, Refusal } from '../../src/domain/failure.ts';
import { openLocal } from '../../src/git/local.ts';
import { createGit } from '../../src/git/source-control.ts';
import type { GitAccess, Log, Repository, Worktree } from '../../src/ports.ts';
import { run } from '../../src/run.ts';
import { type GitServer, startGitServer } from './git-server.ts';
import { contractFiles, type HostCommit, sourceControlContract } from './source-control.contract.ts';

const logged: { fields: Record<string, unknown>; message: string }[] = [];
const keep = (fields: Record<string, unknown>, message: string) => void logged.push({ fields, message });
const log: Log = { info: keep, warn: keep, error: keep, child: () => log };

const author = { name: 'suture[bot]', email: 'suture@example.com' };
const repo = { owner: 'acme', name: 'shop' };
let server: GitServer;
let dir: string;
let hostDir: string;
let base: string;
let made = 0;

const sh = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

/** Commits files on a branch of the bare host repository, by a clone that is thrown away. */
function pushFromElsewhere(branch: string, fill: (clone: string) => void): string {
  const clone = mkdtempSync(path.join(dir, 'clone-'));
  sh(clone, 'clone', '-q', hostDir, '.');
  try {
    sh(clone, 'checkout', '-q', branch);
  } catch {
    sh(clone, 'checkout', '-q', '-b', branch);
  }
  fill(clone);
  sh(clone, 'add', '-A', '--force');
  sh(clone, 'commit', '-q', '-m', 'from elsewhere');
  sh(clone, 'push', '-q', 'origin', branch);
  return sh(clone, 'rev-parse', 'HEAD');
}

function writeFiles(root: string, files: Record<string, string | Buffer>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
}

const bare = (...args: string[]) => execFileSync('git', ['-C', hostDir, ...args], { encoding: 'utf8' });

function readHost(branch: string): HostCommit | null {
  if (bare('for-each-ref', `refs/heads/${branch}`) === '') return null;
  const [id = '', parents = '', who = '', ...lines] = bare(
    'log',
    '-1',
    '--format=%H%n%P%n%an <%ae>%n%B',
    branch,
  ).split('\n');
  const message = `${lines.join('\n').trimEnd()}\n`;
  const names = bare('ls-tree', '-r', '-z', '--name-only', branch).split('\0').filter(Boolean);
  const files = Object.fromEntries(
    names.map((name) => [name, bare('cat-file', 'blob', `${branch}:${name}`)]),
  );
  return { id, parents: parents.split(' '), message, author: who, files };
}

beforeAll(async () => {
  server = await startGitServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'suture-git-'));
  made += 1;
  hostDir = server.create(`repo-${made}`);
  server.requests.length = 0;
  server.intercept = null;
  logged.length = 0;
  base = pushFromElsewhere('main', (clone) => writeFiles(clone, contractFiles));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const access = (): GitAccess => ({ url: server.url(`repo-${made}`), token: server.token });
const dataDir = () => path.join(dir, 'data');
const newGit = () => createGit({ dataDir: dataDir(), log });
const mirrorDir = () => path.join(dataDir(), 'mirrors/acme/shop.git');

async function openFix(
  git = newGit(),
  name = 'fix-1',
): Promise<{ repository: Repository; worktree: Worktree }> {
  const repository = await git.fetchMirror(repo, access());
  const commit = (await repository.resolveRevision('main')) ?? '';
  return { repository, worktree: await repository.openWorktree(name, commit) };
}

sourceControlContract('the git program', async () => ({
  sourceControl: newGit(),
  repo,
  access: access(),
  base,
  pushFromElsewhere: async (branch, files) => pushFromElsewhere(branch, (clone) => writeFiles(clone, files)),
  readHost: async (branch) => readHost(branch),
}));

/** Everything written below a folder, names and contents. */
function everything(root: string): string {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return files.map((file) => `${file}\n${readFileSync(file, 'latin1')}`).join('\n');
}

describe('the token', () => {
  it('is in no argument of a running git, in no file, no log and no error', async () => {
    const commands = new Set<string>();
    server.intercept = () => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          commands.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
        } catch {
          continue;
        }
      }
      return false;
    };
    const { worktree } = await openFix();
    writeFiles(worktree.dir, { 'src/cart.ts': 'changed\n' });
    await worktree.commit({ branch: 'sentry/one', paths: ['src/cart.ts'], message: 'one', author });
    await worktree.push('sentry/one', access(), null);
    server.intercept = null;
    const wrong = { ...access(), token: `${server.token}-expired` };
    const error = await newGit()
      .fetchMirror(repo, wrong)
      .catch((failure: unknown) => failure as Error);
    expect(error).toBeInstanceOf(Refusal);
    const seen = [...commands].filter((command) => /\bgit\b.*(?:fetch|push)|git-remote-http/.test(command));
    expect(seen.length).toBeGreaterThan(1);
    const basic = Buffer.from(`x-access-token:${server.token}`).toString('base64');
    for (const secret of [server.token, basic]) {
      expect([...commands].join('\n')).not.toContain(secret);
      expect(everything(dataDir())).not.toContain(secret);
      expect(inspect([error, logged], { depth: 10 })).not.toContain(secret);
    }
  });

  it('goes to the host it is for and not to where that host points', async () => {
    const elsewhere = await startGitServer();
    server.intercept = (request, response) => {
      response.writeHead(302, { location: `${elsewhere.origin}${request.url}` }).end();
      return true;
    };
    await expect(newGit().fetchMirror(repo, access())).rejects.toThrow(Refusal);
    expect(elsewhere.requests.length).toBeGreaterThan(0);
    expect(elsewhere.requests.filter((request) => request.authorization !== null)).toEqual([]);
    await elsewhere.stop();
  });

  it('follows a moved repository on the same host', async () => {
    const moved = access();
    const { pathname } = new URL(moved.url);
    server.intercept = (request, response) => {
      if (!request.url?.startsWith('/old.git/')) return false;
      response.writeHead(301, { location: request.url.replace('/old.git', pathname) }).end();
      return true;
    };
    const repository = await newGit().fetchMirror(repo, { ...moved, url: `${server.origin}/old.git` });
    expect(await repository.resolveRevision('main')).toBe(base);
  });

  it('is not printed with DEBUG=*', async () => {
    const script = `
      import { createGit } from ${JSON.stringify(path.resolve('src/git/source-control.ts'))};
      const log = { info() {}, warn() {}, error() {}, child: () => log };
      const git = createGit({ dataDir: ${JSON.stringify(dataDir())}, log });
      const repository = await git.fetchMirror({ owner: 'acme', name: 'shop' }, JSON.parse(process.env.ACCESS));
      console.log(await repository.resolveRevision('main'));`;
    const result = await run(process.execPath, ['--input-type=module', '-e', script], {
      cwd: process.cwd(),
      env: { HOME: dir, DEBUG: '*', ACCESS: JSON.stringify(access()) },
      timeoutMs: 20_000,
    });
    expect(result.stdout.trim()).toBe(base);
    expect(result.output).not.toContain(server.token);
  });

  it.each([
    ['credentials in the address', (url: URL) => void (url.username = 'me')],
    ['another protocol', (url: URL) => void (url.href = 'ext::sh -c id')],
    ['a local path', (url: URL) => void (url.href = 'file:///etc')],
  ])('is not used with %s', async (_name, change) => {
    const url = new URL(access().url);
    change(url);
    await expect(newGit().fetchMirror(repo, { ...access(), url: url.href })).rejects.toThrow(Bug);
    expect(server.requests).toEqual([]);
  });
});

describe('the mirror', () => {
  it('stores no address, fetches only what is new and forgets deleted branches', async () => {
    const git = newGit();
    const repository = await git.fetchMirror(repo, access());
    expect(readFileSync(path.join(mirrorDir(), 'config'), 'utf8')).not.toContain('url');
    pushFromElsewhere('topic', (clone) => writeFiles(clone, { 'topic.txt': 'x' }));
    await git.fetchMirror(repo, access());
    expect(await repository.resolveRevision('topic')).not.toBeNull();
    sh(hostDir, 'branch', '-D', 'topic');
    await git.fetchMirror(repo, access());
    expect(await repository.resolveRevision('topic')).toBeNull();
    expect(await repository.resolveRevision('HEAD')).toBeNull();
  });

  it('takes two fetches of one mirror one after the other', async () => {
    const git = newGit();
    const all = await Promise.all([1, 2, 3].map(() => git.fetchMirror(repo, access())));
    for (const repository of all) expect(await repository.resolveRevision('main')).toBe(base);
  });

  it('does not take half a first fetch for a mirror', async () => {
    mkdirSync(path.join(dataDir(), 'mirrors/acme/.shop.git.new/objects'), { recursive: true });
    const git = newGit();
    expect(await git.openMirror(repo)).toBeNull();
    const repository = await git.fetchMirror(repo, access());
    expect(await repository.resolveRevision('main')).toBe(base);
  });

  it('removes the locks of a killed process', async () => {
    const git = newGit();
    const repository = await git.fetchMirror(repo, access());
    const next = pushFromElsewhere('main', (clone) => writeFiles(clone, { 'next.txt': 'x' }));
    const locks = ['packed-refs.lock', 'refs/heads/main.lock', 'HEAD.lock'];
    for (const lock of locks) {
      writeFileSync(path.join(mirrorDir(), lock), '');
      utimesSync(path.join(mirrorDir(), lock), 1_000_000, 1_000_000);
    }
    await git.fetchMirror(repo, access());
    expect(await repository.resolveRevision('main')).toBe(next);
    expect(locks.filter((lock) => existsSync(path.join(mirrorDir(), lock)))).toEqual([]);
  });

  it('is left alone while another git holds it', async () => {
    const git = newGit();
    await git.fetchMirror(repo, access());
    pushFromElsewhere('main', (clone) => writeFiles(clone, { 'next.txt': 'x' }));
    const lock = path.join(mirrorDir(), 'refs/heads/main.lock');
    writeFileSync(lock, '');
    await expect(git.fetchMirror(repo, access())).rejects.toThrow(Later);
    expect(existsSync(lock)).toBe(true);
    expect(logged).toEqual([]);
  });

  it.each([
    ['without HEAD', () => rmSync(path.join(mirrorDir(), 'HEAD'))],
    ['with a broken configuration', () => writeFileSync(path.join(mirrorDir(), 'config'), '[core\n')],
    ['without objects', () => rmSync(path.join(mirrorDir(), 'objects'), { recursive: true })],
    ['with garbage for a ref', () => writeFileSync(path.join(mirrorDir(), 'refs/heads/main'), 'garbage')],
    ['with cut off packs', () => cutPacks(path.join(mirrorDir(), 'objects'))],
  ])('is set aside and made anew %s', async (_name, damage) => {
    const git = newGit();
    await git.fetchMirror(repo, access());
    damage();
    const repository = await git.fetchMirror(repo, access());
    expect(await repository.resolveRevision('main')).toBe(base);
    expect(await repository.readText(base, 'README.md')).toBe('# Shop\n');
    expect(logged.map((entry) => entry.message)).toContain('A mirror is damaged and is made anew');
  });

  it('is left alone when the host is the trouble', async () => {
    const git = newGit();
    const repository = await git.fetchMirror(repo, access());
    server.intercept = (_request, response) => {
      response.writeHead(503).end();
      return true;
    };
    await expect(git.fetchMirror(repo, access())).rejects.toThrow(Later);
    server.intercept = (_request, response) => {
      response.writeHead(404).end();
      return true;
    };
    await expect(git.fetchMirror(repo, access())).rejects.toThrow(/does not let us in/);
    const nobody = { ...access(), url: 'http://127.0.0.1:1/acme/shop.git' };
    await expect(git.fetchMirror(repo, nobody)).rejects.toThrow(Later);
    expect(await repository.resolveRevision('main')).toBe(base);
    expect(logged).toEqual([]);
  });

  it('survives maintenance with its worktrees', async () => {
    const git = newGit();
    const { repository, worktree } = await openFix(git);
    await git.maintain(repo);
    await git.maintain({ owner: 'no', name: 'such' });
    expect(await worktree.changes()).toEqual([]);
    expect(await repository.readText(base, 'README.md')).toBe('# Shop\n');
  });

  it('refuses names that would leave its folder', async () => {
    await expect(newGit().fetchMirror({ owner: '..', name: 'shop' }, access())).rejects.toThrow(Bug);
    await expect(newGit().openMirror({ owner: 'a', name: 'b/c' })).rejects.toThrow(Bug);
    const { repository } = await openFix();
    await expect(repository.openWorktree('../../x', base)).rejects.toThrow(Bug);
  });
});

function cutPacks(objects: string): void {
  for (const entry of readdirSync(objects, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    rmSync(file);
    writeFileSync(file, 'cut');
  }
}

describe('reading', () => {
  it('leaves out links and submodules, and what is no plain text', async () => {
    const commit = pushFromElsewhere('main', (clone) => {
      writeFiles(clone, {
        'bin.dat': Buffer.from([1, 0, 2]),
        'latin1.txt': Buffer.from('gr\xfc\xdfe', 'latin1'),
        'large.txt': 'x'.repeat(2 * 1024 * 1024 + 1),
        'fits.txt': 'x'.repeat(2 * 1024 * 1024),
        'bom.txt': '\ufeffhello',
        'new\nline.txt': 'odd name',
      });
      symlinkSync('README.md', path.join(clone, 'link.md'));
      sh(clone, 'update-index', '--add', '--cacheinfo', `160000,${base},vendor/lib`);
    });
    const repository = await newGit().fetchMirror(repo, access());
    const files = await repository.listFiles(commit);
    expect(files).not.toContain('link.md');
    expect(files).not.toContain('vendor/lib');
    expect(files).toContain('new\nline.txt');
    const texts = await Promise.all(
      ['bin.dat', 'latin1.txt', 'large.txt', 'link.md', 'fits.txt', 'bom.txt', 'new\nline.txt'].map((file) =>
        repository.readText(commit, file),
      ),
    );
    expect(texts.map((text) => text?.slice(0, 10) ?? null)).toEqual([
      null,
      null,
      null,
      null,
      'xxxxxxxxxx',
      '\ufeffhello',
      'odd name',
    ]);
  });

  it('reads a thousand files at once', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `many/${index}.txt`);
    const commit = pushFromElsewhere('main', (clone) =>
      writeFiles(clone, Object.fromEntries(names.map((name) => [name, `text of ${name}`]))),
    );
    const repository = await newGit().fetchMirror(repo, access());
    const texts = await Promise.all(names.map((name) => repository.readText(commit, name)));
    expect(texts).toEqual(names.map((name) => `text of ${name}`));
  });

  it('stops a search that finds too much', async () => {
    const line = `needle ${'y'.repeat(2000)}\n`;
    const commit = pushFromElsewhere('main', (clone) =>
      writeFiles(clone, Object.fromEntries([1, 2, 3].map((n) => [`big-${n}.txt`, line.repeat(2000)]))),
    );
    const repository = await newGit().fetchMirror(repo, access());
    const found = await repository.searchText(commit, 'needle', 100_000);
    expect(found.length).toBeGreaterThan(1000);
    expect(found.length).toBeLessThan(6000);
    expect(found.every((match) => match.text.length === 1000)).toBe(true);
  });
});

describe('a worktree', () => {
  it('takes the place of what a killed process left, locked entries included', async () => {
    const git = newGit();
    const { repository } = await openFix(git);
    const entry = path.join(mirrorDir(), 'worktrees/fix-1');
    writeFileSync(path.join(entry, 'locked'), 'initializing');
    writeFileSync(path.join(entry, 'index.lock'), '');
    const again = await createGit({ dataDir: dataDir(), log }).openMirror(repo);
    const worktree = await again?.openWorktree('fix-1', base);
    expect(await worktree?.changes()).toEqual([]);
    await repository.removeWorktree('fix-1');
    expect(readdirSync(path.join(mirrorDir(), 'worktrees'))).toEqual([]);
  });

  it('has no links that lead out of it, and keeps those that stay inside', async () => {
    const outside = path.join(dir, 'outside');
    mkdirSync(outside);
    const commit = pushFromElsewhere('main', (clone) => {
      const links = {
        'src/readme': '../README.md',
        'to-build': 'dist/out',
        absolute: outside,
        up: '../../../../..',
        'src/deep/up': '../../..',
        'via-link': 'absolute/x',
        circle: 'circle',
      };
      mkdirSync(path.join(clone, 'src/deep'), { recursive: true });
      for (const [link, target] of Object.entries(links)) symlinkSync(target, path.join(clone, link));
    });
    const { worktree } = await openFix();
    expect(worktree.base).toBe(commit);
    expect(readlinkSync(path.join(worktree.dir, 'src/readme'))).toBe('../README.md');
    expect(readlinkSync(path.join(worktree.dir, 'to-build'))).toBe('dist/out');
    for (const link of ['absolute', 'up', 'src/deep/up', 'via-link', 'circle'])
      expect(existsLink(path.join(worktree.dir, link))).toBe(false);
    expect(await worktree.changes()).toEqual([]);
    expect(await worktree.diff()).toBe('');
    writeFiles(worktree.dir, { 'src/cart.ts': 'changed\n' });
    await worktree.commit({ branch: 'sentry/one', paths: ['src/cart.ts'], message: 'one', author });
    await worktree.push('sentry/one', access(), null);
    const changed = execFileSync('git', ['-C', hostDir, 'diff', '--name-only', commit, 'sentry/one'], {
      encoding: 'utf8',
    });
    expect(changed).toBe('src/cart.ts\n');
    await worktree.reset();
    expect(existsLink(path.join(worktree.dir, 'absolute'))).toBe(false);
    expect(await worktree.changes()).toEqual([]);
  });

  it('calls links, nested repositories and changed modes what they are, and commits none of them', async () => {
    const { worktree } = await openFix();
    symlinkSync('/etc/passwd', path.join(worktree.dir, 'passwd'));
    sh(worktree.dir, 'init', '-q', 'nested');
    writeFiles(path.join(worktree.dir, 'nested'), { 'x.txt': 'x' });
    sh(path.join(worktree.dir, 'nested'), 'add', '.');
    sh(path.join(worktree.dir, 'nested'), 'commit', '-q', '-m', 'nested');
    execFileSync('chmod', ['+x', path.join(worktree.dir, 'README.md')]);
    expect(await worktree.changes()).toEqual([
      { path: 'README.md', kind: 'other' },
      { path: 'nested', kind: 'other' },
      { path: 'passwd', kind: 'other' },
    ]);
    for (const file of ['passwd', 'nested'])
      await expect(
        worktree.commit({ branch: 'sentry/one', paths: [file], message: 'one', author }),
      ).rejects.toThrow('plain files only');
  });

  it('commits the intended change whatever was staged or committed in it before', async () => {
    const { worktree } = await openFix();
    writeFiles(worktree.dir, { 'src/cart.ts': 'changed\n', 'sly.txt': 'sly\n' });
    sh(worktree.dir, 'add', 'sly.txt');
    sh(worktree.dir, 'commit', '-q', '-m', 'by the fixer');
    writeFiles(worktree.dir, { 'staged.txt': 'staged\n' });
    sh(worktree.dir, 'add', 'staged.txt');
    expect((await worktree.changes()).map((change) => change.path)).toEqual([
      'sly.txt',
      'src/cart.ts',
      'staged.txt',
    ]);
    await worktree.commit({ branch: 'sentry/one', paths: ['src/cart.ts'], message: 'one', author });
    await worktree.push('sentry/one', access(), null);
    expect(readHost('sentry/one')?.parents).toEqual([base]);
    expect(Object.keys(readHost('sentry/one')?.files ?? {})).not.toContain('sly.txt');
    await worktree.reset();
    expect(await worktree.changes()).toEqual([]);
  });

  it('takes a path for a name, never for a pattern', async () => {
    pushFromElsewhere('main', (clone) =>
      writeFiles(clone, { 'app/[ab].ts': '0', 'app/a.ts': '0', ':(top)x.ts': '0' }),
    );
    const { worktree } = await openFix();
    writeFiles(worktree.dir, { 'app/[ab].ts': '1', 'app/a.ts': '1', ':(top)x.ts': '1' });
    const paths = ['app/[ab].ts', ':(top)x.ts'];
    await worktree.commit({ branch: 'sentry/one', paths, message: 'one', author });
    await worktree.push('sentry/one', access(), null);
    expect(bare('diff', '--name-only', 'main', 'sentry/one')).toBe(':(top)x.ts\napp/[ab].ts\n');
  });

  it('runs no hook, filter or monitor, and is not led elsewhere by its own .git file', async () => {
    pushFromElsewhere('main', (clone) =>
      writeFiles(clone, { '.gitattributes': '*.ts filter=lfs diff=evil\n' }),
    );
    const { worktree } = await openFix();
    const trap = path.join(dir, 'trap');
    const touch = `touch ${path.join(dir, 'sprung')}`;
    mkdirSync(trap);
    sh(trap, 'init', '-q');
    for (const [key, value] of [
      ['core.fsmonitor', touch],
      ['filter.lfs.clean', touch],
      ['filter.lfs.smudge', touch],
      ['diff.evil.textconv', touch],
      ['diff.external', touch],
    ] as const)
      sh(trap, 'config', key, value);
    writeFileSync(path.join(mirrorDir(), 'hooks-are-off'), '');
    mkdirSync(path.join(mirrorDir(), 'hooks'), { recursive: true });
    for (const hook of ['pre-push', 'post-checkout', 'reference-transaction'])
      writeFileSync(path.join(mirrorDir(), 'hooks', hook), `#!/bin/sh\n${touch}\n`, { mode: 0o755 });
    writeFileSync(path.join(worktree.dir, '.git'), `gitdir: ${path.join(trap, '.git')}\n`);
    writeFiles(worktree.dir, { 'src/cart.ts': 'changed\n' });
    expect((await worktree.changes()).map((change) => change.path)).toEqual(['src/cart.ts']);
    expect(await worktree.diff()).toContain('+changed');
    await worktree.commit({ branch: 'sentry/one', paths: ['src/cart.ts'], message: 'one', author });
    await worktree.push('sentry/one', access(), null);
    await worktree.reset();
    expect(existsSync(path.join(dir, 'sprung'))).toBe(false);
    expect(readHost('sentry/one')?.files['src/cart.ts']).toBe('changed\n');
  });
});

function existsLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

async function pushOne(): Promise<void> {
  const { worktree } = await openFix();
  writeFiles(worktree.dir, { 'src/cart.ts': 'changed\n' });
  await worktree.commit({ branch: 'sentry/one', paths: ['src/cart.ts'], message: 'one', author });
  await worktree.push('sentry/one', access(), null);
}

describe('installed packages', () => {
  it('are no change, also where the repository does not ignore them', async () => {
    pushFromElsewhere('main', (clone) => rmSync(path.join(clone, '.gitignore')));
    const { worktree } = await openFix();
    writeFiles(worktree.dir, {
      'node_modules/left/index.js': 'x',
      'packages/a/node_modules/b/index.js': 'x',
    });
    expect(await worktree.changes()).toEqual([]);
    await worktree.reset();
    expect(existsSync(path.join(worktree.dir, 'node_modules/left/index.js'))).toBe(true);
  });
});

describe('a push', () => {
  it('that a rule refuses says so in the words of the host', async () => {
    writeFileSync(
      path.join(hostDir, 'hooks/pre-receive'),
      '#!/bin/sh\necho "error: GH013: Repository rule violations found for refs/heads/sentry/one." >&2\nexit 1\n',
      { mode: 0o755 },
    );
    const failure = pushOne();
    await expect(failure).rejects.toThrow(Refusal);
    await expect(failure).rejects.toThrow(
      /GH013: Repository rule violations found for refs\/heads\/sentry\/one\./,
    );
    expect(readHost('sentry/one')).toBeNull();
  });

  it('to a host that fails is for later', async () => {
    server.intercept = (request, response) => {
      if (!request.url?.includes('git-receive-pack')) return false;
      response.writeHead(502).end();
      return true;
    };
    await expect(pushOne()).rejects.toThrow(Later);
  });

  it('without permission is refused with what to do', async () => {
    server.intercept = (request, response) => {
      if (!request.url?.includes('git-receive-pack')) return false;
      response.writeHead(403).end();
      return true;
    };
    await expect(pushOne()).rejects.toThrow(/Check that the app is installed/);
  });
});

describe("a person's own repository", () => {
  it('is read and fixed without a trace in it', async () => {
    const clone = path.join(dir, 'mine');
    sh(dir, 'clone', '-q', hostDir, clone);
    writeFiles(clone, { 'src/cart.ts': 'half done\n' });
    sh(clone, 'add', '.');
    const before = everything(clone);
    const temporary = new Set(readdirSync(tmpdir()));
    {
      await using repository = await openLocal(path.join(clone, 'src'), log);
      const head = await repository.resolveRevision('HEAD');
      expect(head).toBe(base);
      expect(await repository.readText(base, 'src/cart.ts')).toBe(contractFiles['src/cart.ts']);
      const worktree = await repository.openWorktree('fix', base);
      writeFiles(worktree.dir, { 'src/cart.ts': 'changed\n' });
      expect(await worktree.diff()).toContain('+changed');
      expect(await worktree.changes()).toEqual([{ path: 'src/cart.ts', kind: 'modified' }]);
      await repository.removeWorktree('fix');
    }
    expect(everything(clone)).toBe(before);
    const left = readdirSync(tmpdir()).filter(
      (name) => /^suture-[A-Za-z0-9]{6}$/.test(name) && !temporary.has(name),
    );
    expect(left).toEqual([]);
  });

  it('may be a linked worktree or a bare one; another folder is refused', async () => {
    const clone = path.join(dir, 'mine');
    sh(dir, 'clone', '-q', hostDir, clone);
    sh(clone, 'worktree', 'add', '-q', '--detach', path.join(dir, 'linked'));
    for (const place of [path.join(dir, 'linked'), hostDir]) {
      await using repository = await openLocal(place, log);
      const worktree = await repository.openWorktree('fix', base);
      expect(await worktree.changes()).toEqual([]);
    }
    await expect(openLocal('/', log)).rejects.toThrow(Refusal);
  });
});
