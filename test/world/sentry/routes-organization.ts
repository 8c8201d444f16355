// The routes of an organisation and its projects: releases, repositories, code mappings, installations, links.
// Must not know problems beyond linking them.

import { z } from 'zod';
import { printDate } from './dates.ts';
import { orgOf, projectOf, projectsIn } from './lookup.ts';
import { cutPage } from './paging.ts';
import { badRequest, forbidden, notFound, ok, type Reply } from './reply.ts';
import { currentRelease, ensureRelease } from './releases.ts';
import { renderRelease } from './render-release.ts';
import type { Call, Route } from './route.ts';
import { findProject, type Commit, type Org, type Project } from './state.ts';

const readOrg = ['org:read', 'org:write', 'org:admin'];
const readProject = ['project:read', 'project:write', 'project:admin'];
const releases = ['project:releases', 'org:ci'];
const mappings = ['org:read', 'org:write', 'org:integrations'];

export const organizationRoutes: readonly Route[] = [
  { method: 'GET', path: '/organizations/:org/', scopes: readOrg, handle: readOrganization },
  { method: 'GET', path: '/organizations/:org/projects/', scopes: readOrg, handle: listProjects },
  { method: 'GET', path: '/projects/:org/:project/', scopes: readProject, handle: readOneProject },
  { method: 'GET', path: '/organizations/:org/repos/', scopes: readOrg, handle: listRepositories },
  { method: 'GET', path: '/organizations/:org/code-mappings/', scopes: mappings, handle: listCodeMappings },
  {
    method: 'GET',
    path: '/organizations/:org/releases/',
    scopes: [...releases, 'project:read', 'project:write', 'project:admin'],
    handle: listReleases,
  },
  { method: 'POST', path: '/organizations/:org/releases/', scopes: releases, handle: createRelease },
  {
    method: 'GET',
    path: '/organizations/:org/sentry-app-installations/',
    scopes: ['org:read', 'org:integrations', 'org:write', 'org:admin'],
    handle: listInstallations,
  },
  {
    method: 'POST',
    path: '/sentry-app-installations/:uuid/external-issues/',
    scopes: ['event:write', 'event:admin'],
    handle: linkIssue,
  },
];

function readOrganization(call: Call): Reply {
  const org = orgOf(call);
  return ok({
    id: org.id,
    slug: org.slug,
    name: org.slug,
    status: { id: 'active', name: 'active' },
    dateCreated: printDate(org.createdAt),
    isEarlyAdopter: false,
    require2FA: false,
    hasAuthProvider: false,
    allowMemberInvite: true,
    allowMemberProjectCreation: true,
    allowSuperuserAccess: false,
    avatar: { avatarType: 'letter_avatar', avatarUuid: null },
    links: { organizationUrl: call.world.url, regionUrl: call.world.url },
    features: [],
    access: [...call.token.scopes],
  });
}

function listProjects(call: Call): Reply {
  const page = cutPage(orgOf(call).projects, { query: call.query, path: call.path, base: call.world.url });
  return ok(page.items.map(renderProject), { Link: page.link });
}

function readOneProject(call: Call): Reply {
  return ok({ ...renderProject(projectOf(call)), access: [...call.token.scopes] });
}

function renderProject(project: Project): Record<string, unknown> {
  const latest = currentRelease(project);
  return {
    id: project.id,
    slug: project.slug,
    name: project.slug,
    platform: project.platform,
    dateCreated: printDate(project.createdAt),
    isBookmarked: false,
    isMember: true,
    hasAccess: true,
    isInternal: false,
    isPublic: false,
    status: 'active',
    features: [],
    firstEvent: project.firstEvent === null ? null : printDate(project.firstEvent),
    firstTransactionEvent: false,
    latestRelease: latest ? { version: latest.version } : null,
    resolveAge: project.resolveAge,
    team: null,
    teams: [],
    organization: {
      id: project.org.id,
      slug: project.org.slug,
      name: project.org.slug,
      status: { id: 'active', name: 'active' },
      dateCreated: printDate(project.org.createdAt),
    },
  };
}

function listRepositories(call: Call): Reply {
  const org = orgOf(call);
  const wanted = call.query.get('query') ?? '';
  const matching = org.repositories.filter((repository) => repository.name.includes(wanted));
  const page = cutPage(matching, { query: call.query, path: call.path, base: call.world.url });
  const rendered = page.items.map((repository) => ({
    id: repository.id,
    name: repository.name,
    url: repository.url,
    provider: repository.provider,
    status: 'active',
    dateCreated: printDate(repository.createdAt),
    integrationId: null,
    externalSlug: repository.name,
  }));
  return ok(rendered, { Link: page.link });
}

function listCodeMappings(call: Call): Reply {
  const org = orgOf(call);
  const projects = new Set(projectsIn(call, org).map((project) => project.id));
  const matching = org.codeMappings.filter((mapping) => projects.has(mapping.projectId));
  const page = cutPage(matching, { query: call.query, path: call.path, base: call.world.url });
  const rendered = page.items.map((mapping) => ({
    id: mapping.id,
    projectId: mapping.projectId,
    projectSlug: findProject(org, mapping.projectId)?.slug,
    repoId: mapping.repository.id,
    repoName: mapping.repository.name,
    integrationId: null,
    provider: null,
    stackRoot: mapping.stackRoot,
    sourceRoot: mapping.sourceRoot,
    defaultBranch: mapping.defaultBranch,
  }));
  return ok(rendered, { Link: page.link });
}

function listReleases(call: Call): Reply {
  const org = orgOf(call);
  const projects = new Set(projectsIn(call, org));
  const wanted = call.query.get('query') ?? '';
  const newestFirst = org.releases
    .filter((release) => release.projects.some((project) => projects.has(project)))
    .filter((release) => release.version.startsWith(wanted))
    .toReversed();
  const page = cutPage(newestFirst, { query: call.query, path: call.path, base: call.world.url });
  return ok(page.items.map(renderRelease), { Link: page.link });
}

const commitSchema = z.object({
  id: z.string().min(1).max(64),
  repository: z.string().nullish(),
  message: z.string().nullish(),
  author_email: z.string().nullish(),
  timestamp: z.string().nullish(),
});

const releaseSchema = z.object({
  version: z.string().min(1).max(200),
  projects: z.array(z.string()).min(1),
  ref: z.string().nullish(),
  refs: z.array(z.object({ repository: z.string(), commit: z.string() })).optional(),
  commits: z.array(commitSchema).optional(),
  dateReleased: z.string().nullish(),
});

function createRelease(call: Call): Reply {
  const org = orgOf(call);
  const parsed = releaseSchema.safeParse(call.body);
  if (!parsed.success) throw badRequest(fieldErrors(parsed.error));
  const input = parsed.data;
  const { release, created } = ensureRelease(call.world, org, {
    version: input.version,
    projects: input.projects.map((slug) => knownProject(org, slug)),
    ref: input.ref ?? null,
    commits: [...(input.commits ?? []), ...(input.refs ?? []).map(refCommit)].map(readCommit(call)),
    dateReleased: input.dateReleased ? Date.parse(input.dateReleased) : null,
  });
  return { status: created ? 201 : 208, body: renderRelease(release) };
}

function fieldErrors(error: z.ZodError): Record<string, string[]> {
  return Object.fromEntries(
    error.issues.map((issue) => [String(issue.path[0] ?? 'detail'), ['This field is required.']]),
  );
}

function knownProject(org: Org, slug: string): Project {
  const project = findProject(org, slug);
  if (!project) throw badRequest({ projects: ['Invalid project ids or slugs'] });
  return project;
}

const refCommit = (ref: { repository: string; commit: string }) => ({
  id: ref.commit,
  repository: ref.repository,
});

type CommitInput = z.infer<typeof commitSchema>;

function readCommit(call: Call): (input: CommitInput) => Commit {
  return (input) => ({
    id: input.id,
    repository: input.repository ?? `organization-${call.token.org.id}`,
    message: input.message ?? '',
    author: input.author_email ?? null,
    at: input.timestamp ? Date.parse(input.timestamp) : call.world.now(),
  });
}

function listInstallations(call: Call): Reply {
  const org = orgOf(call);
  const rendered = org.installations.map((installation) => ({
    app: {
      uuid: installation.appUuid,
      slug: installation.slug,
      sentryAppId: installation.appId,
    },
    organization: { slug: org.slug, id: Number(org.id) },
    uuid: installation.uuid,
    status: 'installed',
  }));
  return ok(rendered);
}

const linkSchema = z.object({
  issueId: z.int(),
  webUrl: z.string(),
  project: z.string(),
  identifier: z.string(),
});

/** One link per problem and integration: a second one replaces the first. */
function linkIssue(call: Call): Reply {
  const { org } = call.token;
  const installation = call.world.orgs
    .flatMap((candidate) => candidate.installations)
    .find((candidate) => candidate.uuid === call.params['uuid']);
  if (!installation) throw notFound();
  if (installation.org !== org) throw forbidden();
  const parsed = linkSchema.safeParse(call.body);
  if (!parsed.success) throw badRequest(fieldErrors(parsed.error));
  const issue = call.world.issues.get(String(parsed.data.issueId));
  if (issue?.project.org !== org)
    throw notFound('Could not find the corresponding issue for the given issueId');
  const known = issue.externalIssues.find((link) => link.serviceType === installation.slug);
  const link = {
    id: known?.id ?? String(call.world.nextId()),
    issueId: issue.id,
    serviceType: installation.slug,
    displayName: `${parsed.data.project}#${parsed.data.identifier}`,
    webUrl: parsed.data.webUrl,
  };
  issue.externalIssues = [...issue.externalIssues.filter((other) => other !== known), link];
  return ok(link);
}
