// Starts a real, throw-away Postgres for tests: its own folder, its own socket and port, gone afterwards.
// It must not touch any server that was there before.

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type TestPostgres = {
  /** A new empty database, as an address for DATABASE_URL. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
};

const debianHome = '/usr/lib/postgresql';

/** The folder of Postgres' programs, newest version first; null (with the reason in `why`) where there is none. */
export function findPostgres(): { bin: string } | { bin: null; why: string } {
  const versions = existsSync(debianHome) ? readdirSync(debianHome) : [];
  const bin = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => path.join(debianHome, version, 'bin'))
    .find((folder) => existsSync(path.join(folder, 'initdb')) && existsSync(path.join(folder, 'postgres')));
  if (!bin)
    return { bin: null, why: `no Postgres programs in ${debianHome}: install the package "postgresql"` };
  if (isRoot() && !postgresUser())
    return { bin: null, why: 'Postgres refuses root, and there is no user "postgres" to run it as' };
  return { bin };
}

/** Starts a server on a free port of 127.0.0.1; it keeps nothing and forgets to fsync, tests want speed. */
export async function startPostgres(): Promise<TestPostgres> {
  const { bin } = findPostgres();
  if (!bin) throw new Error('Postgres is not installed; ask findPostgres() first.');
  const dir = mkdtempSync(path.join(tmpdir(), 'suture-postgres-'));
  ownByPostgres(dir);
  const data = path.join(dir, 'data');
  asPostgres(path.join(bin, 'initdb'), [
    '-D',
    data,
    '-U',
    'suture',
    '-A',
    'trust',
    '--no-sync',
    '-E',
    'UTF8',
  ]);
  const port = await freePort();
  const [program, args] = command(path.join(bin, 'postgres'), serverArguments({ data, dir, port }));
  const server = spawn(program, args, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
  });
  await untilReady(path.join(bin, 'pg_isready'), port);
  let databases = 0;
  return {
    createDatabase: async () => {
      databases += 1;
      const name = `test_${databases}`;
      execFileSync(path.join(bin, 'createdb'), ['-h', '127.0.0.1', '-p', String(port), '-U', 'suture', name]);
      return `postgres://suture@127.0.0.1:${port}/${name}`;
    },
    stop: async () => {
      server.kill('SIGINT');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function serverArguments({ data, dir, port }: { data: string; dir: string; port: number }): string[] {
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off'];
  const places = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', dir];
  return places.concat(settings.flatMap((setting) => ['-c', setting]));
}

async function untilReady(program: string, port: number): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    try {
      execFileSync(program, ['-q', '-h', '127.0.0.1', '-p', String(port)]);
      return;
    } catch {
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }
  throw new Error(`The Postgres on port ${port} did not become ready within 10 s.`);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function postgresUser(): { uid: number; gid: number } | null {
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    return null;
  }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(
    execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
}

function ownByPostgres(dir: string): void {
  const user = isRoot() ? postgresUser() : null;
  chmodSync(dir, 0o755);
  if (user) chownSync(dir, user.uid, user.gid);
}

/** `setpriv` replaces itself by the program, so that a signal to the child reaches Postgres. */
function command(program: string, args: string[]): [string, string[]] {
  if (!isRoot()) return [program, args];
  return ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...args]];
}

function asPostgres(program: string, args: string[]): void {
  const [run, all] = command(program, args);
  execFileSync(run, all, { stdio: ['ignore', 'ignore', 'pipe'], cwd: tmpdir() });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  if (typeof address === 'string' || address === null) throw new Error('No free port.');
  return address.port;
}
