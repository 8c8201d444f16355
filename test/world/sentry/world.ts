// A stand-in of Sentry that remembers and refuses: what tests and the demo start and hold.
// Must not hold rules of its own; the other files of this folder do.

import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Deliveries } from './deliveries.ts';
import { Faults, type Failure } from './faults.ts';
import { addIssue } from './ingest.ts';
import { Limiter } from './limiter.ts';
import { notifyAlert } from './notify.ts';
import { ensureRelease } from './releases.ts';
import { renderActivity, listedIssue } from './render-issue.ts';
import { createSentryServer, type RequestRecord } from './server.ts';
import {
  createInstallation,
  createOrg,
  createProject,
  ensureRepository,
  findIssue,
  findOrg,
  findProject,
  hex,
  shownStatus,
  type Installation,
  type Issue,
  type Org,
  type Project,
  type World,
} from './state.ts';

export type WebhookEvent = 'issue' | 'error' | 'comment';

export type SentryOptions = {
  /** Milliseconds since 1970; the machine's clock when absent. */
  now?: () => number;
  /** `none` as self-hosted, `headers` (default) without refusing, `enforced` as sentry.io. */
  limits?: 'none' | 'headers' | 'enforced';
  /** How long a webhook's receiver has; 1000 as on Sentry. */
  webhookTimeoutMs?: number;
};

/** What Sentry believes of a problem now. */
export type WorldIssue = {
  id: string;
  shortId: string;
  title: string;
  culprit: string | null;
  level: string;
  status: string;
  statusDetails: unknown;
  substatus: string | null;
  /** Every event there was. */
  count: number;
  permalink: string;
  eventIds: string[];
  /** Newest first. */
  activity: { type: string; data: Record<string, unknown>; byIntegration: boolean }[];
  notes: string[];
  externalIssues: { displayName: string; webUrl: string }[];
};

export type SyntheticIssues = {
  org: string;
  project: string;
  count: number;
  /** Text before the number in the title; `Synthetic` when absent. */
  title?: string;
  level?: string;
  /** Events of each; a falling series from `count` down when absent. */
  events?: number;
  lastSeen?: number;
};

export type CommitInput = { id: string; repository: string; message?: string };

export type SentryWorld = {
  /** Base address; REST below `${url}/api/0/…`. */
  url: string;
  addOrganization(slug: string): void;
  addProject(input: {
    org: string;
    slug: string;
    platform?: string;
    shortIdPrefix?: string;
    resolveAge?: number;
  }): { id: string; dsn: string };
  addToken(input: { org: string; scopes: readonly string[] }): string;
  addIntegration(input: {
    org: string;
    webhookUrl?: string;
    clientSecret: string;
    events: readonly WebhookEvent[];
  }): { uuid: string };
  setWebhookUrl(uuid: string, url: string): void;
  addRepository(input: { org: string; name: string; url?: string }): void;
  /** A commit Sentry's GitHub integration saw, in no release yet. */
  pushCommit(input: { org: string; repository: string; commit: string }): void;
  addCodeMapping(input: {
    org: string;
    project: string;
    repository: string;
    stackRoot: string;
    sourceRoot: string;
    defaultBranch?: string;
  }): void;
  createRelease(input: {
    org: string;
    project: string;
    version: string;
    commits?: readonly CommitInput[];
  }): void;
  /** By project slug or id, of any organisation; oldest first. */
  issues(project: string): WorldIssue[];
  addSyntheticIssues(input: SyntheticIssues): void;
  /** An alert rule fires for the problem's newest event. */
  fireAlert(input: { org: string; issue: string; rule: string }): void;
  renameProject(input: { org: string; from: string; to: string }): void;
  revokeToken(token: string): void;
  dropScope(token: string, scope: string): void;
  fail(failure: Failure): void;
  slow(input: { path: RegExp; ms: number; times: number }): void;
  rateLimit(input: { path: RegExp; times: number }): void;
  deliveries: Deliveries;
  requests: RequestRecord[];
  close(): Promise<void>;
};

/** Listens on 127.0.0.1 at a free port until `close`. */
export async function startSentry(options: SentryOptions = {}): Promise<SentryWorld> {
  const world = emptyWorld(options);
  const faults = new Faults();
  const requests: RequestRecord[] = [];
  const limits = options.limits ?? 'headers';
  const server = createSentryServer({ world, faults, limiter: new Limiter(), requests, limits });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: world.url,
    ...settingUp(world),
    ...changing(world),
    issues: (project) => issuesOf(world, project),
    fail: (failure) => faults.fail(failure),
    slow: (input) => faults.slow(input),
    rateLimit: (input) => faults.rateLimit(input),
    deliveries: world.deliveries,
    requests,
    close: async () => {
      await world.deliveries.idle();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function emptyWorld(options: SentryOptions): World {
  let last = 4_500_000;
  const now = options.now ?? Date.now;
  return {
    url: '',
    now,
    orgs: [],
    tokens: new Map(),
    issues: new Map(),
    events: new Map(),
    deliveries: new Deliveries({ now, timeoutMs: options.webhookTimeoutMs ?? 1000 }),
    nextId: () => {
      last += 1;
      return last;
    },
  };
}

type SettingUp = Pick<
  SentryWorld,
  | 'addOrganization'
  | 'addProject'
  | 'addToken'
  | 'addIntegration'
  | 'addRepository'
  | 'pushCommit'
  | 'addCodeMapping'
  | 'createRelease'
  | 'addSyntheticIssues'
>;

function settingUp(world: World): SettingUp {
  return {
    addOrganization: (slug) => void createOrg(world, slug),
    addProject: (input) => {
      const project = createProject(world, {
        org: needOrg(world, input.org),
        slug: input.slug,
        platform: input.platform ?? 'node',
        prefix: (input.shortIdPrefix ?? input.slug).toUpperCase(),
        resolveAge: input.resolveAge ?? 0,
      });
      const dsn = `${world.url.replace('http://', `http://${project.publicKey}@`)}/${project.id}`;
      return { id: project.id, dsn };
    },
    addToken: (input) => {
      const value = hex(32);
      world.tokens.set(value, {
        value,
        org: needOrg(world, input.org),
        scopes: new Set(input.scopes),
        revoked: false,
      });
      return value;
    },
    addIntegration: (input) => {
      const org = needOrg(world, input.org);
      return createInstallation(world, { ...input, org, webhookUrl: input.webhookUrl ?? null });
    },
    addRepository: (input) => {
      const repository = ensureRepository(world, needOrg(world, input.org), input.name);
      repository.url = input.url ?? `https://github.com/${input.name}`;
      repository.provider = { id: 'integrations:github', name: 'GitHub' };
    },
    pushCommit: (input) => {
      needOrg(world, input.org).pushedCommits.add(`${input.repository}@${input.commit}`);
    },
    addCodeMapping: (input) => {
      const { org, project } = needProject(world, input);
      const repository = ensureRepository(world, org, input.repository);
      org.codeMappings.push({
        id: String(world.nextId()),
        projectId: project.id,
        repository,
        stackRoot: input.stackRoot,
        sourceRoot: input.sourceRoot,
        defaultBranch: input.defaultBranch ?? 'main',
      });
    },
    createRelease: (input) => {
      const { org, project } = needProject(world, input);
      const commits = (input.commits ?? []).map((commit) => ({
        ...commit,
        message: commit.message ?? '',
        author: null,
        at: world.now(),
      }));
      ensureRelease(world, org, { version: input.version, projects: [project], commits });
    },
    addSyntheticIssues: (input) => addSynthetic(world, input),
  };
}

type Changing = Pick<
  SentryWorld,
  'setWebhookUrl' | 'fireAlert' | 'renameProject' | 'revokeToken' | 'dropScope'
>;

function changing(world: World): Changing {
  return {
    setWebhookUrl: (uuid, url) => {
      needInstallation(world, uuid).webhookUrl = url;
    },
    fireAlert: ({ org, issue: wanted, rule }) => {
      const issue = findIssue(world, needOrg(world, org), wanted);
      const event = issue?.events.at(-1);
      if (!issue || !event) throw new Error(`no problem with an event under ${wanted}`);
      notifyAlert(world, { issue, event, rule });
    },
    renameProject: ({ org, from, to }) => {
      const { project } = needProject(world, { org, project: from });
      project.oldSlugs.push(project.slug);
      project.slug = to;
    },
    revokeToken: (token) => {
      needToken(world, token).revoked = true;
    },
    dropScope: (token, scope) => {
      needToken(world, token).scopes.delete(scope);
    },
  };
}

function addSynthetic(world: World, input: SyntheticIssues): void {
  const { project } = needProject(world, input);
  const lastSeen = input.lastSeen ?? world.now();
  for (let index = 0; index < input.count; index += 1) {
    const value = `${input.title ?? 'Synthetic'} ${index + 1}`;
    const issue = addIssue(world, project, {
      hash: randomBytes(16).toString('hex'),
      title: `TypeError: ${value}`,
      culprit: `handle(src:route${index + 1})`,
      type: 'error',
      level: input.level ?? 'error',
      metadata: { type: 'TypeError', value, filename: `/app/src/route${index + 1}.ts`, function: 'handle' },
      platform: project.platform,
      unhandled: true,
      at: lastSeen,
    });
    issue.seen.push({ at: lastSeen, count: input.events ?? input.count - index });
    issue.syntheticUsers = 1;
  }
}

function issuesOf(world: World, slugOrId: string): WorldIssue[] {
  const projects = world.orgs.flatMap((org) => findProject(org, slugOrId) ?? []);
  return projects.flatMap((project) => project.issues).map((issue) => worldIssue(world, issue));
}

function worldIssue(world: World, issue: Issue): WorldIssue {
  const view = { since: 0, statsPeriod: '', expand: new Set<string>(), collapse: new Set<string>() };
  const shown = listedIssue(world, issue, view);
  const notes = issue.activity.filter((activity) => activity.type === 'note');
  return {
    id: issue.id,
    shortId: issue.shortId,
    title: issue.title,
    culprit: issue.culprit,
    level: issue.level,
    status: shownStatus(world, issue),
    statusDetails: shown['statusDetails'],
    substatus: issue.substatus,
    count: Number(shown['count']),
    permalink: String(shown['permalink']),
    eventIds: issue.events.map((event) => event.event_id),
    activity: issue.activity.map((activity) => ({
      type: activity.type,
      data: activity.data,
      byIntegration: renderActivity(activity)['user'] !== null,
    })),
    notes: notes.map((note) => String(note.data['text'])),
    externalIssues: issue.externalIssues.map(({ displayName, webUrl }) => ({ displayName, webUrl })),
  };
}

function needOrg(world: World, slug: string): Org {
  const org = findOrg(world, slug);
  if (!org) throw new Error(`no organisation ${slug}: call addOrganization first`);
  return org;
}

function needProject(world: World, input: { org: string; project: string }): { org: Org; project: Project } {
  const org = needOrg(world, input.org);
  const project = findProject(org, input.project);
  if (!project) throw new Error(`no project ${input.project}: call addProject first`);
  return { org, project };
}

function needInstallation(world: World, uuid: string): Installation {
  const found = world.orgs.flatMap((org) => org.installations).find((known) => known.uuid === uuid);
  if (!found) throw new Error(`no integration ${uuid}: call addIntegration first`);
  return found;
}

function needToken(world: World, value: string) {
  const token = world.tokens.get(value);
  if (!token) throw new Error('no such token: call addToken first');
  return token;
}
