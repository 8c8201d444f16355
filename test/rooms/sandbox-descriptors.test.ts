import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';

// Low ones, the first that Node does not mark by itself, and one high up.
const descriptors = [5, 17, 40, 300];

it.skipIf(process.platform !== 'linux')('gives no program the files that were left open for us', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'suture-descriptors-'));
  writeFileSync(path.join(folder, 'secret'), 'left open');
  const open = descriptors.map(() => openSync(path.join(folder, 'secret'), 'r'));
  const stdio: (number | 'pipe' | 'inherit' | 'ignore')[] = ['ignore', 'pipe', 'inherit'];
  for (let at = 3; at <= Math.max(...descriptors); at += 1)
    stdio[at] = open[descriptors.indexOf(at)] ?? 'ignore';
  const child = path.join(import.meta.dirname, 'sandbox-descriptors.ts');
  const told = spawnSync(process.execPath, [child, ...descriptors.map(String)], { stdio, encoding: 'utf8' });
  for (const descriptor of open) closeSync(descriptor);
  rmSync(folder, { recursive: true });
  const { plain, ours, confined } = JSON.parse(told.stdout) as Record<string, string | null>;
  // The attempt is a real one: a program that Node starts without us reads it.
  expect(plain).toContain('left open');
  expect(ours).toBe('');
  expect(confined ?? '').toBe('');
});
