// What was kept for fixes goes when nobody used it, and never while somebody does.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { whileUsing } from '../../src/checks/kept/cache-use.ts';
import { cachesOf } from '../../src/checks/kept/caches.ts';
import { createChecks } from '../../src/checks/checks.ts';
import { pruneCaches } from '../../src/checks/kept/prune.ts';
import type { Check, Log } from '../../src/ports.ts';
import { createNoSandbox } from '../../src/run/no-sandbox.ts';

const day = 24 * 60 * 60_000;
const now = Date.now();
const rules = { maxAgeMs: 30 * day, maxBytes: 1024 ** 3, restMs: day, now };

let base: string;
let told: Record<string, unknown>[];
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'suture-prune-'));
  told = [];
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const log: Log = {
  info: (fields) => void told.push(fields),
  warn: (fields) => void told.push(fields),
  error: () => undefined,
  child: () => log,
};
const caches = () => path.join(base, 'caches');
const prune = (more: Partial<typeof rules> = {}) => pruneCaches(caches(), { ...rules, ...more }, log);

/** A kept thing of so many kilobytes, last used so many days ago. */
function lay(place: string, kilobytes: number, days: number): void {
  const folder = path.join(caches(), place);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'content'), Buffer.alloc(kilobytes * 1024, 1));
  utimesSync(folder, new Date(now - days * day), new Date(now - days * day));
}

function lastUsed(repository: string, days: number): void {
  mkdirSync(path.join(caches(), repository), { recursive: true });
  const mark = path.join(caches(), repository, 'used');
  writeFileSync(mark, '');
  utimesSync(mark, new Date(now - days * day), new Date(now - days * day));
}

const left = (repository: string) =>
  readdirSync(path.join(caches(), repository), { recursive: true }).map(String);

it('goes by age, each install for itself and the rest of a repository together', async () => {
  lay('shop/installs/old', 10, 31);
  lay('shop/installs/new', 10, 2);
  lay('shop/target', 10, 90);
  lastUsed('shop', 2);
  lay('gone/target', 10, 40);
  lay('gone/fetched', 1, 40);
  lay('gone/cargo', 1, 40);
  lastUsed('gone', 40);
  expect((await prune()).toSorted()).toEqual(['gone/cargo', 'gone/target', 'shop/installs/old']);
  expect(left('shop').toSorted()).toEqual([
    'installs',
    'installs/new',
    'installs/new/content',
    'target',
    'target/content',
    'used',
  ]);
  // What was fetched is fetched again, because the mark that it was is gone, too.
  expect(left('gone')).toEqual(['used']);
  expect(told).toMatchObject([{ count: 3 }]);
  expect(await prune()).toEqual([]);
  expect(told).toHaveLength(1);
});

it('goes by size, the longest unused first, and stops when there is room', async () => {
  lay('shop/installs/a', 400, 3);
  lay('shop/installs/b', 400, 5);
  lay('shop/installs/c', 400, 4);
  lastUsed('shop', 2);
  expect(await prune({ maxBytes: 900 * 1024 })).toEqual(['shop/installs/b']);
  expect(await prune({ maxBytes: 100 * 1024 })).toEqual(['shop/installs/c', 'shop/installs/a']);
});

it('stays while it is used, and a day longer', async () => {
  lay('shop/target', 400, 90);
  lastUsed('shop', 60);
  const folder = path.join(caches(), 'shop');
  await whileUsing(folder, async () => {
    lastUsed('shop', 60);
    expect(await prune({ maxBytes: 1 })).toEqual([]);
  });
  // The end of that use counts.
  expect(await prune({ maxBytes: 1 })).toEqual([]);
  lastUsed('shop', 60);
  expect(await prune({ maxBytes: 1 })).toEqual(['shop/target']);
});

it('stays while a check runs, by its own doing', async () => {
  const root = path.join(base, 'repository', 'work');
  mkdirSync(root, { recursive: true });
  const { folder } = cachesOf(base, root);
  const script = `echo > began; while [ ! -e go ]; do sleep 0.05; done; ls "$CARGO_TARGET_DIR" > /dev/null`;
  const check: Check = { name: 'long', kind: 'tests', command: ['sh', '-c', script], dir: '.' };
  const checks = createChecks({ dataDir: base, sandbox: createNoSandbox(), installHosts: [], log });
  const running = checks.run(check, root);
  while (!existsSync(path.join(root, 'began'))) await new Promise((resolve) => setTimeout(resolve, 20));
  lastUsed(path.basename(folder), 60);
  expect(await prune()).toEqual([]);
  writeFileSync(path.join(root, 'go'), '');
  expect(await running).toMatchObject({ passed: true });
  lastUsed(path.basename(folder), 60);
  expect((await prune()).toSorted()).toEqual(
    ['go-build', 'target'].map((name) => path.join(path.basename(folder), name)),
  );
});
