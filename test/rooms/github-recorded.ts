// The GitHub room against GitHub's own published answers (its OpenAPI description), with the network closed.
// It must not invent an answer: tests change single fields of the published ones.

import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import nock from 'nock';
import { z } from 'zod';
import { createGitHub, type GitHub, type GitHubSettings } from '../../src/github/app.ts';
import type { Log } from '../../src/ports.ts';

const require = createRequire(import.meta.url);
const description = z
  .object({ components: z.object({ examples: z.record(z.string(), z.object({ value: z.unknown() })) }) })
  .parse(require('@octokit/openapi/generated/api.github.com.json'));

export type Json = { [field: string]: unknown };

/** A published answer by its name, with fields changed. */
export function recorded(name: string, changes: Json = {}): Json {
  const value = description.components.examples[name]?.value;
  return { ...z.record(z.string(), z.unknown()).parse(structuredClone(value)), ...changes };
}

export const repo = { owner: 'octocat', name: 'Hello-World' };
export const at = '/repos/octocat/Hello-World';
export const api = 'https://api.github.com';
export const installationToken = 'ghs_999_secretTokenOfTheInstallation';

/** One key for all tests: making one takes a tenth of a second. */
export const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();

export type Room = GitHub & { lines: string[] };

export async function startRoom(changes: Partial<GitHubSettings> = {}): Promise<Room> {
  const lines: string[] = [];
  const settings = {
    appId: '999',
    privateKey,
    webhookSecret: 'a webhook secret',
    apiUrl: api,
    gitUrl: 'https://github.com',
    writePauseMs: 0,
    log: recordingLog(lines),
    userAgent: 'suture/test',
  };
  return { ...(await createGitHub({ ...settings, ...changes })), lines };
}

function recordingLog(lines: string[]): Log {
  const write = (fields: Json, message: string): void =>
    void lines.push(JSON.stringify({ ...fields, message }));
  const log: Log = { info: write, warn: write, error: write, child: () => log };
  return log;
}

/** The app is installed on the repository: its number and its token, as often as asked. */
export function installed(base = api): nock.Scope {
  return nock(base)
    .persist()
    .get(`${at}/installation`)
    .reply(200, recorded('installation'))
    .post('/app/installations/1/access_tokens')
    .reply(201, { token: installationToken, expires_at: inAnHour(), permissions: { issues: 'write' } });
}

export function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}

/** What a call threw, for looking at its kind and its words. */
export async function failureOf(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => new Error('it did not fail'),
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
}
