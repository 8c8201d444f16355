// What the stand-in remembers: organisations, projects, problems, events, releases, tokens.
// Must not speak HTTP; the other files of this folder read and change it.

import { randomBytes, randomUUID } from 'node:crypto';
import type { Deliveries } from './deliveries.ts';
import type { StoredEvent } from './stored-event.ts';

/** Who did something: nobody (Sentry itself) or the proxy user of an integration. */
export type Actor = 'sentry' | 'integration';

export type Activity = {
  id: string;
  type: string;
  data: Record<string, unknown>;
  by: Actor;
  at: number;
};

/** Why a resolved problem stays resolved; null is a plain resolve (reference sentry.md, 2.6). */
export type Resolution =
  | { kind: 'next-release'; base: string }
  | { kind: 'release'; version: string }
  | { kind: 'commit'; commit: string; repository: string };

export type IssueStatus = 'unresolved' | 'resolved' | 'ignored';

type ExternalIssue = {
  id: string;
  issueId: string;
  serviceType: string;
  displayName: string;
  webUrl: string;
};

export type Issue = {
  id: string;
  shortId: string;
  project: Project;
  hash: string;
  title: string;
  culprit: string | null;
  type: string;
  level: string;
  logger: string | null;
  platform: string | null;
  metadata: Record<string, unknown>;
  unhandled: boolean;
  status: IssueStatus;
  substatus: string | null;
  resolution: Resolution | null;
  snooze: Record<string, unknown>;
  assignedTo: string | null;
  priority: string | null;
  hasSeen: boolean;
  isBookmarked: boolean;
  isSubscribed: boolean;
  firstSeen: number;
  lastSeen: number;
  /** When how many events came; synthetic problems have these without events. */
  seen: { at: number; count: number }[];
  users: Set<string>;
  syntheticUsers: number;
  /** Oldest first. */
  events: StoredEvent[];
  /** Newest first, as the detail shows them. */
  activity: Activity[];
  externalIssues: ExternalIssue[];
  firstRelease: string | null;
  lastRelease: string | null;
};

export type Project = {
  org: Org;
  id: string;
  slug: string;
  platform: string;
  prefix: string;
  publicKey: string;
  createdAt: number;
  /** Hours after which an idle problem shows as resolved; 0 is never. */
  resolveAge: number;
  oldSlugs: string[];
  counter: number;
  issues: Issue[];
  byHash: Map<string, Issue>;
  firstEvent: number | null;
};

export type Commit = { id: string; repository: string; message: string; author: string | null; at: number };

export type Release = {
  id: number;
  version: string;
  projects: Project[];
  ref: string | null;
  commits: Commit[];
  dateCreated: number;
  dateReleased: number | null;
};

export type Token = { value: string; org: Org; scopes: Set<string>; revoked: boolean };

export type Installation = {
  uuid: string;
  appUuid: string;
  appId: number;
  slug: string;
  org: Org;
  webhookUrl: string | null;
  clientSecret: string;
  events: Set<string>;
};

export type Repository = {
  id: string;
  name: string;
  url: string | null;
  provider: { id: string; name: string };
  createdAt: number;
};

type CodeMapping = {
  id: string;
  projectId: string;
  repository: Repository;
  stackRoot: string;
  sourceRoot: string;
  defaultBranch: string;
};

export type Org = {
  id: string;
  slug: string;
  createdAt: number;
  projects: Project[];
  installations: Installation[];
  repositories: Repository[];
  codeMappings: CodeMapping[];
  /** Oldest first. */
  releases: Release[];
  /** `repository@sha` of commits known through Sentry's GitHub integration, in no release yet. */
  pushedCommits: Set<string>;
};

/** Everything there is, and the way out to the webhooks. */
export type World = {
  url: string;
  now: () => number;
  orgs: Org[];
  tokens: Map<string, Token>;
  issues: Map<string, Issue>;
  events: Map<string, { event: StoredEvent; issue: Issue }>;
  deliveries: Deliveries;
  archivedAction: 'archived' | 'ignored';
  /** A fresh number, larger than every one before. */
  nextId: () => number;
};

export const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

export function createOrg(world: World, slug: string): Org {
  const org: Org = {
    id: String(world.nextId()),
    slug,
    createdAt: world.now(),
    projects: [],
    installations: [],
    repositories: [],
    codeMappings: [],
    releases: [],
    pushedCommits: new Set(),
  };
  world.orgs.push(org);
  return org;
}

export function createProject(
  world: World,
  input: { org: Org; slug: string; platform: string; prefix: string; resolveAge: number },
): Project {
  const project: Project = {
    ...input,
    id: String(world.nextId()),
    publicKey: hex(16),
    createdAt: world.now(),
    oldSlugs: [],
    counter: 0,
    issues: [],
    byHash: new Map(),
    firstEvent: null,
  };
  input.org.projects.push(project);
  return project;
}

export function createInstallation(
  world: World,
  input: { org: Org; webhookUrl: string | null; clientSecret: string; events: readonly string[] },
): Installation {
  const appUuid = randomUUID();
  const installation: Installation = {
    ...input,
    uuid: randomUUID(),
    appUuid,
    appId: world.nextId(),
    slug: `suture-${appUuid.slice(0, 6)}`,
    events: new Set(input.events),
  };
  input.org.installations.push(installation);
  return installation;
}

/** The repository of that name, remembered from now on. */
export function ensureRepository(world: World, org: Org, name: string): Repository {
  const known = org.repositories.find((repository) => repository.name === name);
  if (known) return known;
  const repository: Repository = {
    id: String(world.nextId()),
    name,
    url: null,
    provider: { id: 'unknown', name: 'Unknown Provider' },
    createdAt: world.now(),
  };
  org.repositories.push(repository);
  return repository;
}

export function addActivity(
  world: World,
  issue: Issue,
  entry: { type: string; data: Record<string, unknown>; by: Actor },
): Activity {
  const activity = { ...entry, id: String(world.nextId()), at: world.now() };
  issue.activity.unshift(activity);
  return activity;
}

export function findOrg(world: World, slugOrId: string): Org | undefined {
  return world.orgs.find((org) => org.slug === slugOrId || org.id === slugOrId);
}

export function findProject(org: Org, slugOrId: string): Project | undefined {
  return org.projects.find((project) => project.slug === slugOrId || project.id === slugOrId);
}

/** By number, or by short id in any case. */
export function findIssue(world: World, org: Org, idOrShortId: string): Issue | undefined {
  const byId = world.issues.get(idOrShortId);
  if (byId) return byId.project.org === org ? byId : undefined;
  const wanted = idOrShortId.toUpperCase();
  return org.projects
    .filter((project) => wanted.startsWith(`${project.prefix}-`))
    .flatMap((project) => project.issues)
    .find((issue) => issue.shortId === wanted);
}

/** A problem that was idle for longer than the project's limit shows as resolved (reference sentry.md, 2.6). */
export function shownStatus(world: World, issue: Issue): IssueStatus {
  const limit = issue.project.resolveAge * 3_600_000;
  const idle = world.now() - issue.lastSeen;
  return issue.status === 'unresolved' && limit > 0 && idle > limit ? 'resolved' : issue.status;
}

export function countSince(issue: Issue, since: number): number {
  return issue.seen.reduce((sum, seen) => (seen.at >= since ? sum + seen.count : sum), 0);
}
