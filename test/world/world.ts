// The whole world on one machine: GitHub, Sentry, a repository with its CI, people, and Suture as a real process.
// Stories and the demo play in it; nothing in it is canned.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needs } from '../../src/github/needs.ts';
import { startCiApp, type CiApp } from './ci-app.ts';
import { startGitHub, type GitHubOptions, type GitHubWorld } from './github/start.ts';
import { crash, shopDir, startShop, type CrashName, type RunningShop } from './sentry/crashes.ts';
import { startSentry, type SentryPages, type SentryWorld, type WorldIssue } from './sentry/world.ts';
import { startSuture, type RunningSuture } from './suture.ts';

export const place = { owner: 'lantern', repo: 'shop' };
const fullName = `${place.owner}/${place.repo}`;

/** What signs the webhooks of this world. */
export const secrets = { github: 'the-apps-webhook-secret', sentry: 'the-integrations-client-secret' };

/** People of the world: mia maintains, ray only reads, tom triages. */
export const people = { maintainer: 'mia', reader: 'ray', triager: 'tom' } as const;

export type TriageIssue = { number: number; title: string; body: string; state: string; url: string };
export type PullRequest = {
  number: number;
  title: string;
  body: string;
  state: string;
  merged: boolean;
  branch: string;
  url: string;
};

export type World = {
  github: GitHubWorld;
  sentry: SentryWorld;
  ci: CiApp;
  dataDir: string;
  /** Where events of the project `lantern/shop` are sent. */
  dsn: string;
  /** Suture's settings for this world. */
  settings: Readonly<Record<string, string>>;
  start(extra?: Readonly<Record<string, string>>): Promise<RunningSuture>;
  /** `dir`: a checkout of the shop other than the sample repository's own. */
  crash(name: CrashName, release?: string, dir?: string): Promise<void>;
  problems(): WorldIssue[];
  triageIssue(): Promise<TriageIssue | null>;
  /** Ticks or empties that problem's box as that person, as a browser does: by sending the whole body. */
  setBox(shortId: string, ticked: boolean, login?: string): Promise<void>;
  comment(issue: number, body: string, login?: string): Promise<void>;
  comments(issue: number): Promise<{ body: string; author: string }[]>;
  pulls(): Promise<PullRequest[]>;
  merge(number: number, method?: 'merge' | 'squash' | 'rebase'): Promise<void>;
  closePull(number: number): Promise<void>;
  close(): Promise<void>;
};

export type WorldOptions = GitHubOptions & {
  /** Web pages at the addresses Sentry would have. */
  sentryPages?: SentryPages;
  /** The folder whose files are the repository's first commit; the sample shop when absent. */
  sample?: string;
};

/** Starts everything but Suture. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { sentryPages, sample = shopDir, ...gitHubOptions } = options;
  const github = await startGitHub(gitHubOptions);
  const sentry = await startSentry(sentryPages ? { pages: sentryPages } : {});
  const dataDir = await mkdtemp(path.join(tmpdir(), 'suture-world-'));
  await github.addRepository({
    owner: place.owner,
    name: place.repo,
    fromDirectory: sample,
  });
  for (const login of Object.values(people)) github.addUser(login);
  github.setRole(fullName, people.maintainer, 'write');
  github.setRole(fullName, people.reader, 'read');
  github.setRole(fullName, people.triager, 'triage');
  const ci = await startCiApp(github, { owner: place.owner, name: place.repo });
  const suture = connectSuture(github, sentry);
  const running = new Set<RunningSuture>();
  const settings = { ...suture.settings, DATA_DIR: dataDir };
  return {
    github,
    sentry,
    ci,
    dataDir,
    dsn: suture.dsn,
    settings,
    start: async (extra = {}) => {
      const started = await startSuture({ ...settings, ...extra });
      running.add(started);
      github.setWebhookUrl('suture', `${started.url}/api/github/webhooks`);
      sentry.setWebhookUrl(suture.integration, `${started.url}/sentry/webhook`);
      return started;
    },
    crash: (name, release, dir) => crashOnce(suture.dsn, { name, release, dir }),
    problems: () => sentry.issues('shop'),
    ...actingOn(github),
    close: async () => {
      await Promise.all([...running].map((process) => process.stop()));
      await ci.close();
      await github.close();
      await sentry.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The app installed on GitHub, the integration made in Sentry, and the settings that name both. */
function connectSuture(github: GitHubWorld, sentry: SentryWorld) {
  const app = github.addApp({
    slug: 'suture',
    permissions: Object.fromEntries(needs.map((need) => [need.permission, need.level])),
    events: needs.flatMap((need) => need.events),
    webhookSecret: secrets.github,
  });
  github.install('suture', place.owner, [place.repo]);
  sentry.addOrganization('lantern');
  const { dsn } = sentry.addProject({
    org: 'lantern',
    slug: 'shop',
    platform: 'node',
    shortIdPrefix: 'SHOP',
  });
  const token = sentry.addToken({
    org: 'lantern',
    scopes: ['event:read', 'event:write', 'project:read', 'org:read'],
  });
  const { uuid } = sentry.addIntegration({
    org: 'lantern',
    clientSecret: secrets.sentry,
    events: ['issue', 'error'],
  });
  const settings = {
    APP_ID: String(app.appId),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: secrets.github,
    SENTRY_TOKEN: token,
    SENTRY_WEBHOOK_SECRET: secrets.sentry,
    BINDINGS: `lantern/shop=${fullName}`,
    SENTRY_URL: sentry.url,
    GITHUB_API_URL: github.url,
    GITHUB_WRITE_PAUSE_MS: '0',
    PORT: '0',
  };
  return { settings, dsn, integration: uuid };
}

type Crash = { name: CrashName; release: string | undefined; dir: string | undefined };

async function crashOnce(dsn: string, { name, release, dir }: Crash): Promise<void> {
  const shop: RunningShop = await startShop({ dsn, ...(release && { release }), ...(dir && { dir }) });
  try {
    await crash(shop, name);
  } finally {
    await shop.stop();
  }
}

type Acting = Pick<
  World,
  'triageIssue' | 'setBox' | 'comment' | 'comments' | 'pulls' | 'merge' | 'closePull'
>;

const markReady =
  'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { clientMutationId } }';

function actingOn(github: GitHubWorld): Acting {
  const maintainer = github.as(people.maintainer);
  const triageIssue = async (): Promise<TriageIssue | null> => {
    const { data } = await maintainer.rest.issues.listForRepo({
      ...place,
      labels: 'sentry-triage',
      state: 'open',
    });
    const issue = data[0];
    return issue
      ? {
          number: issue.number,
          title: issue.title,
          body: issue.body ?? '',
          state: issue.state,
          url: issue.html_url,
        }
      : null;
  };
  return {
    triageIssue,
    setBox: async (shortId, ticked, login = people.maintainer) => {
      const issue = await triageIssue();
      const [from, to] = ticked ? ['[ ]', '[x]'] : ['[x]', '[ ]'];
      const body = issue?.body.replace(`- ${from} **${shortId}**`, `- ${to} **${shortId}**`);
      if (!issue || body === issue.body)
        throw new Error(`there is no such box for ${shortId} in:\n${issue?.body}`);
      await github.as(login).rest.issues.update({ ...place, issue_number: issue.number, body: body ?? '' });
    },
    comment: async (issue, body, login = people.maintainer) => {
      await github.as(login).rest.issues.createComment({ ...place, issue_number: issue, body });
    },
    comments: async (issue) => {
      const { data } = await maintainer.rest.issues.listComments({
        ...place,
        issue_number: issue,
        per_page: 100,
      });
      return data.map((comment) => ({ body: comment.body ?? '', author: comment.user?.login ?? '' }));
    },
    pulls: async () => {
      const { data } = await maintainer.rest.pulls.list({ ...place, state: 'all', per_page: 100 });
      return data.map((pull) => ({
        number: pull.number,
        title: pull.title,
        body: pull.body ?? '',
        state: pull.state,
        merged: pull.merged_at !== null,
        branch: pull.head.ref,
        url: pull.html_url,
      }));
    },
    merge: async (number, method = 'squash') => {
      // Who wants a draft merged marks it ready first, unless Suture does at that moment.
      const read = async () => (await maintainer.rest.pulls.get({ ...place, pull_number: number })).data;
      const { draft, node_id: id } = await read();
      if (draft)
        await maintainer.graphql(markReady, { id }).catch(async (error: unknown) => {
          if ((await read()).draft) throw error;
        });
      await maintainer.rest.pulls.merge({ ...place, pull_number: number, merge_method: method });
    },
    closePull: async (number) => {
      await maintainer.rest.pulls.update({ ...place, pull_number: number, state: 'closed' });
    },
  };
}

/**
 * Looks every 50 ms, and seldomer the longer it takes, until `look` gives something: GitHub counts a person's requests.
 * Throws after `withinMs`.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = 240_000,
): Promise<T> {
  const start = Date.now();
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    const waited = Date.now() - start;
    if (waited > withinMs) throw new Error(`waited ${withinMs} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, Math.min(500, Math.max(50, waited / 20))));
  }
}
