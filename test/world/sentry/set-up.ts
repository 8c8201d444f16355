// What a test or the demo does to the stand-in: organisations, projects, tokens, releases, and changes to them.
// Must not answer a request.

import { addSynthetic, type SyntheticIssues } from './synthetic.ts';
import { notifyAlert } from './notify.ts';
import { ensureRelease } from './releases.ts';
import {
  createInstallation,
  createOrg,
  createProject,
  ensureRepository,
  findIssue,
  findOrg,
  findProject,
  hex,
  type Installation,
  type Org,
  type Project,
  type Token,
  type World,
} from './state.ts';

type WebhookEvent = 'issue' | 'error' | 'comment';

type CommitInput = { id: string; repository: string; message?: string };

export type SettingUp = {
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
  addSyntheticIssues(input: SyntheticIssues): void;
};

/** What a test builds before it starts. */
export function settingUp(world: World): SettingUp {
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
    addSyntheticIssues: (input) =>
      addSynthetic(world, { ...input, project: needProject(world, input).project }),
  };
}

export type Changing = {
  setWebhookUrl(uuid: string, url: string): void;
  /** An alert rule fires for the problem's newest event. */
  fireAlert(input: { org: string; issue: string; rule: string }): void;
  renameProject(input: { org: string; from: string; to: string }): void;
  revokeToken(token: string): void;
  dropScope(token: string, scope: string): void;
  grantScope(token: string, scope: string): void;
};

/** What a test changes while things run. */
export function changing(world: World): Changing {
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
    grantScope: (token, scope) => {
      needToken(world, token).scopes.add(scope);
    },
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

function needToken(world: World, value: string): Token {
  const token = world.tokens.get(value);
  if (!token) throw new Error('no such token: call addToken first');
  return token;
}
