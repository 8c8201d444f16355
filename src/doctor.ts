// `suture doctor`: one line per check, and under a failed one what mends it. It reads and changes nothing.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, readConfig, type Config } from './config.ts';
import { Refusal } from './domain/failure.ts';
import type { Log } from './ports.ts';
import { createGitHub } from './github/app.ts';
import { looksAtFixers, spendingsInMemory } from './fixing.ts';
import { openSandbox } from './run/open-sandbox.ts';
import { run } from './run.ts';
import { clock, gitHubSettings, userAgent } from './rooms.ts';
import { createSentry } from './sentry/client.ts';

export type Finding = { check: string; ok: boolean; detail: string };

type Source = Parameters<typeof readConfig>[0];

/** Looks at the programs, the settings, the app, and each binding from both sides. */
export async function examine(source: Source, log: Log): Promise<Finding[]> {
  const programs = [await examineProgram('git', ['--version'])];
  const config = readOrExplain(source);
  if ('mistakes' in config) return [...programs, ...config.mistakes];
  const settings = { check: 'settings', ok: true, detail: `${config.bindings.length} bindings` };
  return [
    ...programs,
    settings,
    ...(await examineConfined(config, log)),
    ...(await examineGitHub(config, log)),
    ...(await examineSentry(config, log)),
  ];
}

function readOrExplain(source: Source): Config | { mistakes: Finding[] } {
  try {
    return readConfig(source);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { mistakes: error.mistakes.map((detail) => ({ check: 'settings', ok: false, detail })) };
  }
}

async function examineProgram(program: string, args: string[]): Promise<Finding> {
  const env = { PATH: process.env['PATH'] ?? '' };
  return finding(program, async () =>
    (await run(program, args, { cwd: '.', env, timeoutMs: 10_000 })).stdout.trim(),
  );
}

/** Without one, checks run all the same and agents do not; nothing is wrong where the operator wants none. */
async function examineConfined(config: Config, log: Log): Promise<Finding[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'suture-doctor-'));
  try {
    const sandbox = await openSandbox(config.sandbox.kind, folder);
    const { fixing } = config;
    const looks = looksAtFixers({
      fixing,
      sandbox,
      log,
      clock,
      dataDir: folder,
      spendings: spendingsInMemory(),
    });
    const found = await Promise.all(looks.map(({ check, look }) => finding(check, look)));
    return [{ check: 'sandbox', ok: sandbox.trusted, detail: sandbox.detail }, ...found];
  } catch (error) {
    return [{ check: 'sandbox', ok: false, detail: error instanceof Error ? error.message : 'failed' }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function examineGitHub(config: Config, log: Log): Promise<Finding[]> {
  const github = await createGitHub(gitHubSettings(config, log));
  const app = await finding('GitHub App', async () => {
    const missing = await github.checkApp();
    if (missing.length > 0) throw new Refusal(missing.join(' '));
    return (await github.host.readSelf()).login;
  });
  const repositories = config.bindings.map((binding) =>
    finding(`repository ${binding.repo.owner}/${binding.repo.name}`, async () => {
      const repository = await github.host.readRepository(binding.repo);
      return `default branch ${repository.defaultBranch}`;
    }),
  );
  const found = [app, ...(await Promise.all(repositories))];
  await github.close();
  return found;
}

async function examineSentry(config: Config, log: Log): Promise<Finding[]> {
  const { url, token } = config.sentry;
  const sentry = createSentry({ baseUrl: url, token, userAgent, clock, log });
  const projects = config.bindings.map(({ source }) =>
    finding(`Sentry project ${source.org}/${source.project}`, async () => {
      const report = await sentry.checkAccess(source);
      if (!report.ok) throw new Refusal(report.problem);
      return 'readable';
    }),
  );
  const found = await Promise.all(projects);
  await sentry.close();
  return found;
}

async function finding(check: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, detail: await look() };
  } catch (error) {
    return { check, ok: false, detail: error instanceof Error ? error.message : 'failed' };
  }
}
