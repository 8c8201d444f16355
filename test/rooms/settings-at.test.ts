// What the command line reads of a repository's settings, from a real one.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/failure.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import { openLocal } from '../../src/git/local.ts';
import { settingsAt } from '../../src/jobs/settings-at.ts';
import type { Log } from '../../src/ports.ts';
import { createDocuments } from '../../src/syntax/yaml.ts';

const silent = () => undefined;
const log: Log = { info: silent, warn: silent, error: silent, child: () => log };

let repo: string;
beforeEach(() => {
  repo = mkdtempSync(path.join(tmpdir(), 'suture-settings-'));
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '-m', 'one');
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

function git(...args: string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
  execFileSync('git', [...who, ...args], { cwd: repo, stdio: 'pipe' });
}

async function settings(text: string | null) {
  if (text !== null) {
    mkdirSync(path.join(repo, '.github'));
    writeFileSync(path.join(repo, '.github/sentry.yml'), text);
    git('add', '.');
    git('commit', '--quiet', '-m', 'settings');
  }
  await using repository = await openLocal(repo, log);
  const commit = (await repository.resolveRevision('HEAD')) ?? '';
  return await settingsAt({ documents: createDocuments() }, { repository, commit });
}

it('the defaults hold without a file', async () => {
  expect(await settings(null)).toEqual(defaultSettings);
});

it('a file says which checks and which limits', async () => {
  const read = await settings('checks: [{ name: all, run: make check }]\nlimits: { files: 1 }\n');
  expect(read.checks).toMatchObject([{ name: 'all', run: ['make', 'check'] }]);
  expect(read.limits.files).toBe(1);
});

it('a mistake is refused with its line', async () => {
  const failure = settings('checks:\n  - { name: all, run: "make | tee" }\n');
  await expect(failure).rejects.toThrow(Refusal);
  await expect(failure).rejects.toThrow('.github/sentry.yml line 2: `checks.0.run`: no shell reads this');
});
