// Starts a GitHub that remembers and refuses, for tests and for the demo, on this machine only.
// What it serves is in routes.ts; what it lacks is in README.md.

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Octokit } from '@octokit/rest';
import { asApp, asInstallation, asPerson } from './clients.ts';
import { Faults, type Fault } from './faults.ts';
import { serve, type Exchanged, type Pages, type RequestLogEntry, type Serving } from './http.ts';
import { Limits } from './limits.ts';
import type { Permissions, Role } from './records.ts';
import { arrange, type NewRepository, type NewRequiredCheck, type NewRule } from './arrange.ts';
import { addStandingPulls, type StandingPull, type StandingPulls } from './arrange-pulls.ts';
import { prepareKeys } from './keys.ts';
import { createState, theRepo } from './state.ts';
import { DeliveryQueue, type DeliverySwitches } from './webhooks/deliveries.ts';

export type { Delivery } from './webhooks/deliveries.ts';

export type GitHubWorld = {
  /** Base of the API, of web addresses and, as `${url}/owner/name.git`, of clone addresses. */
  url: string;
  now(): number;
  /** A person with a personal token that carries all of the person's rights. */
  addUser(login: string): { login: string; token: string };
  /** With a folder, its files are the first commit; without, the repository is empty. */
  addRepository(input: NewRepository): Promise<void>;
  /** `repo` is `owner/name`. */
  setRole(repo: string, login: string, role: Role): void;
  addApp(input: {
    slug: string;
    permissions: Permissions;
    events: string[];
    webhookUrl?: string;
    webhookSecret: string;
  }): { appId: number; privateKey: string; slug: string };
  setWebhookUrl(slug: string, url: string): void;
  /** Installs on these repositories (`owner/name` or `name`), or adds them to what is there; gives the id. */
  install(slug: string, owner: string, repos: string[]): number;
  uninstall(installationId: number): void;
  /** Takes repositories (`owner/name`) out of an installation that stays. */
  withdraw(installationId: number, repos: string[]): void;
  /** Renames (`owner/name`) or transfers; the old name leads to it until another repository has it. */
  renameRepository(from: string, to: string): void;
  /** Open pull requests of one commit with one green check each, as if they had been there for long. */
  addStandingPulls(repo: string, pulls: StandingPulls): Promise<StandingPull[]>;
  /** A client with that person's token, without throttling: how tests act as people. */
  as(login: string): Octokit;
  /** The app itself, with a signed token of nine minutes. */
  asApp(slug: string): Octokit;
  /** The app's installation there, with a fresh token: how a CI app reports. */
  asInstallation(slug: string, owner: string): Promise<{ octokit: Octokit; token: string }>;
  /** The bare repository on disk. */
  repositoryDirectory(repo: string): string;
  /** Pushes and merges that break the rule are refused from now on. `*` does not cross a slash, `**` does. */
  protectBranch(repo: string, pattern: string, rule: NewRule): void;
  /**
   * Classic protection. With `told: false` the branch says only that it is protected, and administrators alone learn
   * what is required.
   */
  protectClassically(
    repo: string,
    branch: string,
    rule: { requiredChecks: NewRequiredCheck[]; told?: boolean },
  ): void;
  /** Whether pull requests of that repository may be drafts. */
  allowDrafts(repo: string, allowed: boolean): void;
  /** What the job behind a run of `github-actions` printed. */
  setJobLog(repo: string, run: number, log: string): void;
  /** The app's installation tokens have this many requests left until the reset. */
  rateLimit(input: { appSlug: string; remaining: number; resetInSeconds: number; secondary?: boolean }): void;
  /** The next matching requests fail; `path` is tested against the path without the query. */
  fail(fault: Fault): void;
  deliveries: DeliverySwitches;
  /** Everything that was asked, in order. */
  requests: RequestLogEntry[];
  close(): Promise<void>;
};

export type GitHubOptions = {
  /** Milliseconds since 1970; the real clock by default. */
  now?: () => number;
  /** Serves the web pages the demo shows at the addresses GitHub would have. */
  pages?: Pages;
  /** Is shown every API answer, for comparing it with GitHub's description. */
  observe?: (exchanged: Exchanged) => void;
};

/** Listens on 127.0.0.1 at a free port; `close` ends it and removes its repositories. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubWorld> {
  const now = options.now ?? Date.now;
  let lastId = 1_000;
  const nextId = () => (lastId += 1);
  const deliveries = new DeliveryQueue({ now, nextId });
  const [folder] = await Promise.all([mkdtemp(join(tmpdir(), 'suture-github-')), prepareKeys()]);
  const state = createState({ folder, now, nextId, deliveries });
  const serving: Serving = {
    state,
    limits: new Limits(now),
    faults: new Faults(),
    requests: [],
    pages: options.pages ?? null,
    observe: options.observe ?? null,
  };
  const listening = await listen(serving);
  state.url = listening.url;
  return {
    url: state.url,
    now,
    ...arrange(state),
    addStandingPulls: (repo, pulls) => addStandingPulls(state, repo, pulls),
    as: (login) => asPerson(state, login),
    asApp: (slug) => asApp(state, slug),
    asInstallation: (slug, owner) => asInstallation(state, { slug, owner }),
    repositoryDirectory: (repo) => theRepo(state, repo).dir,
    rateLimit: (input) => serving.limits.impose(input),
    fail: (fault) => serving.faults.add(fault),
    deliveries,
    requests: serving.requests,
    async close() {
      await listening.close();
      await deliveries.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As long as the real one: with Node's 5 seconds, whoever asks again just then on a busy machine meets a reset. */
const keepAliveTimeout = 60_000;

/** Serves until closed; closing waits for what is being served. */
async function listen(serving: Serving): Promise<{ url: string; close(): Promise<void> }> {
  const running = new Set<Promise<void>>();
  const server = createServer({ keepAliveTimeout }, (request, response) => {
    const work = serve(serving, request, response)
      .catch((error: unknown) => {
        // Somebody who hangs up before having asked is no fault.
        if (request.complete)
          process.stderr.write(`GitHub stand-in: ${error instanceof Error ? error.stack : String(error)}\n`);
        response.destroy();
      })
      .finally(() => running.delete(work));
    running.add(work);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      await promise;
      await Promise.all(running);
    },
  };
}
