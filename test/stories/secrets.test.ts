// No secret leaves: not in what Suture writes, says, runs or leaves on disk, nor to the checks of a target.

import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningSuture } from '../world/suture.ts';
import { place, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, quiet, resolved, tick, triageIssueWith } from './steps.ts';

/** Fails where a check is given more of Suture's environment than a stranger may see. */
const nosy = `
import assert from 'node:assert/strict';
import { test } from 'node:test';
test('sees no secret', () => {
  const names = Object.keys(process.env).filter((name) => /APP_ID|PRIVATE|SECRET|TOKEN|SENTRY|DATABASE|BINDINGS|GITHUB/.test(name));
  assert.deepEqual(names, []);
  assert.doesNotMatch(JSON.stringify(process.env), /BEGIN|the-apps-w|the-integrations-c/);
});
`;

describe('secrets', () => {
  let world: World;
  let suture: RunningSuture;
  const tokens = new Set<string>();
  const commandLines = new Set<string>();

  beforeAll(async () => {
    world = await startKiosk({
      files: { 'test/nosy.test.ts': nosy },
      observe: ({ path: asked, answer }) => {
        const { token } = (answer.body ?? {}) as { token?: unknown };
        if (asked.endsWith('/access_tokens') && typeof token === 'string') tokens.add(token);
      },
    });
    suture = await world.start({ LOG_LEVEL: 'debug' });
  });
  afterAll(() => world.close());

  it('runs a whole fix while its processes are watched', async () => {
    const shortId = await crashAt(world, 1);
    await tick(world, shortId);
    const watch = new AbortController();
    const watching = watchProcesses(commandLines, watch.signal);
    const pull = await pullOf(world, shortId);
    watch.abort();
    await watching;
    expect(pull.body).toContain('| npm test | ✓ Passed before and after the change. |');
    await world.ci.idle();
    await world.merge(pull.number);
    await resolved(world, shortId);
    await triageIssueWith(world, `**${shortId}** · fixed ✅`);
    await quiet(world);
    expect(
      [...commandLines].some((line) => /git\b.*\bpush\b|git-remote-http|git\b.*\bfetch\b/.test(line)),
    ).toBe(true);
  });

  it('gives the checks none', async () => {
    const issue = await world.triageIssue();
    expect(issue?.body).not.toContain('failed before this change too');
  });

  it.each(['the output', 'texts on GitHub', 'commits', 'files', 'command lines'])(
    'shows none in %s',
    async (where) => {
      const text = await textOf(where);
      expect(text.length).toBeGreaterThan(100);
      const secrets = secretsOf(world, tokens);
      expect(secrets.length).toBeGreaterThan(5);
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    },
  );

  async function textOf(where: string): Promise<string> {
    switch (where) {
      case 'the output':
        return suture.output();
      case 'texts on GitHub': {
        const issue = await world.triageIssue();
        const comments = await world.comments(issue?.number ?? 0);
        return JSON.stringify([issue, comments, await world.pulls()]);
      }
      case 'commits': {
        const repository = world.github.repositoryDirectory(`${place.owner}/${place.repo}`);
        return execFileSync('git', ['-C', repository, 'log', '--all', '-p', '--format=fuller'], {
          encoding: 'utf8',
        });
      }
      case 'files':
        return readAll(world.dataDir);
      default:
        return [...commandLines].join('\n');
    }
  }
});

/** Every secret, as it is and in the encodings that git and HTTP use. */
function secretsOf(world: World, tokens: ReadonlySet<string>): string[] {
  const named = ['PRIVATE_KEY', 'WEBHOOK_SECRET', 'SENTRY_TOKEN', 'SENTRY_WEBHOOK_SECRET'];
  const settings = named.map((name) => world.settings[name] ?? '');
  const keyLines = (world.settings['PRIVATE_KEY'] ?? '').split('\n').filter((line) => line.length === 64);
  const plain = [...settings, ...keyLines, ...tokens].filter((secret) => secret !== '');
  const encoded = [...tokens].map((token) => Buffer.from(`x-access-token:${token}`).toString('base64'));
  return [...plain, ...encoded];
}

/** Files of the data folder without the database, whose owner may read it. */
async function readAll(dir: string): Promise<string> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !path.relative(dir, file).startsWith(`db${path.sep}`));
  const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  return [...files, ...texts].join('\n');
}

/** Notes the command line of every process there is, again and again. Where there is no /proc there is nothing to note. */
async function watchProcesses(seen: Set<string>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
    for (const line of lines) if (line !== '') seen.add(line.replaceAll('\0', ' '));
    await pause(10);
  }
}
