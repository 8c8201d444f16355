// Opens every room the server needs, in order, and closes them in the opposite one.

import path from 'node:path';
import { createChecks } from './checks/checks.ts';
import type { Config } from './config.ts';
import { createDeliveries } from './doors.ts';
import { createFixers } from './fixing.ts';
import { createReproducer } from './fixers/reproduce/reproducer.ts';
import { workApart } from './fixers/work-apart.ts';
import { removeLeftWorkspaces } from './fixers/workspace.ts';
import { createGit } from './git/source-control.ts';
import { createGitHub, type GitHub } from './github/app.ts';
import type { Identities } from './github/identities.ts';
import { createSigner } from './github/signer.ts';
import { repoName } from './domain/problem.ts';
import type { Clock, Log, Ports } from './ports.ts';
import { createSentry } from './sentry/client.ts';
import { openSandbox, type OpenSandbox } from './run/open-sandbox.ts';
import { openStore, type OpenStore } from './store/open-store.ts';
import { parseRust } from './syntax/parsers.ts';
import { createSourceMaps } from './syntax/source-maps.ts';
import { createSyntax } from './syntax/syntax.ts';
import { createDocuments } from './syntax/yaml.ts';

export const userAgent = 'suture';

export const clock: Clock = { now: () => Date.now() };

export type Rooms = {
  ports: Ports;
  store: OpenStore;
  github: GitHub;
  confined: OpenSandbox;
  close(): Promise<void>;
};

/** Throws Refusal when a room cannot be opened; what was opened before is closed again. */
export async function openRooms(config: Config, log: Log): Promise<Rooms> {
  const dataDir = path.resolve(config.dataDir);
  const confined = await openSandbox(config.sandbox.kind, path.join(dataDir, 'sandbox'));
  if (confined.sandbox.kind === 'none') log.warn({ sandbox: confined.detail }, 'There is no sandbox');
  const store = await openStore({
    dataDir,
    databaseUrl: config.databaseUrl,
    log: log.child({ room: 'store' }),
    clock,
  });
  await removeLeftWorkspaces(dataDir);
  const github = await createGitHub({
    ...gitHubSettings(config, log),
    identities: identitiesOf(config, store),
  });
  const sentry = createSentry({ ...sentrySettings(config, log), clock });
  const scripts = workApart({ sandbox: confined.sandbox });
  const ports: Ports = {
    source: sentry,
    host: github.host,
    git: createGit({ dataDir, log: log.child({ room: 'git' }) }),
    syntax: createSyntax(),
    sourceMaps: createSourceMaps(),
    documents: createDocuments(),
    checks: createChecks({
      dataDir,
      sandbox: confined.sandbox,
      installHosts: config.sandbox.installHosts,
      ownNode: config.sandbox.ownNode,
      log: log.child({ room: 'checks' }),
    }),
    fixers: createFixers({
      scripts,
      fixing: config.fixing,
      dataDir,
      sandbox: confined,
      spendings: store,
      clock,
      log,
    }),
    reproducer: createReproducer({ scripts, rust: { parse: parseRust } }),
    store,
    deliveries: createDeliveries(github),
    missed: github.missed,
    signer: createSigner(config.github.webhookSecret),
    clock,
    log,
    bindings: config.bindings,
  };
  const close = async (): Promise<void> => {
    await store.close();
    await scripts.close();
    await github.close();
    await sentry.close();
  };
  return { ports, store, github, confined, close };
}

function identitiesOf({ bindings }: Config, store: OpenStore): Identities {
  return {
    repos: bindings.map(({ repo }) => repo),
    read: (repo) => store.readIdentity(repoName(repo)),
    keep: (repo, id) => store.keepIdentity(repoName(repo), id),
  };
}

function sentrySettings({ sentry: { url, token } }: Config, log: Log) {
  return { baseUrl: url, token, userAgent, log: log.child({ room: 'sentry' }) };
}

export function gitHubSettings(config: Config, log: Log): Parameters<typeof createGitHub>[0] {
  const { github } = config;
  return {
    appId: String(github.appId),
    privateKey: github.privateKey,
    webhookSecret: github.webhookSecret,
    apiUrl: github.apiUrl,
    gitUrl: github.webUrl,
    writePauseMs: github.writePauseMs,
    log: log.child({ room: 'github' }),
    userAgent,
  };
}

/** Every value of the settings that must never be shown. */
export function secretsOf(config: Config): string[] {
  return [
    config.github.webhookSecret,
    config.github.privateKey,
    config.sentry.token,
    config.sentry.webhookSecret,
    config.databaseUrl ?? '',
    config.fixing.models?.key ?? '',
  ].filter((secret) => secret !== '');
}
