// Releases: created by hand or by an event, compared by version or by date, and what they resolve
// (reference sentry.md, 2.6 and 8). Must not judge an event; ingest.ts does.

import { notifyIssue } from './notify.ts';
import {
  addActivity,
  ensureRepository,
  findIssue,
  type Commit,
  type Issue,
  type Org,
  type Project,
  type Release,
  type World,
} from './state.ts';
import { compareVersions, semver } from './versions.ts';

export type NewRelease = {
  version: string;
  projects: Project[];
  ref?: string | null;
  commits?: Commit[];
  dateReleased?: number | null;
};

/** Creates it, or adds projects and commits to the one that exists; says which. */
export function ensureRelease(
  world: World,
  org: Org,
  input: NewRelease,
): { release: Release; created: boolean } {
  const known = org.releases.find((release) => release.version === input.version);
  const release = known ?? newRelease(world, org, input);
  const fresh = input.projects.filter((project) => !release.projects.includes(project));
  release.projects.push(...fresh);
  if (input.ref) release.ref = input.ref;
  for (const project of fresh) pinPendingResolutions(project, release);
  addCommits(world, org, { release, commits: input.commits ?? [] });
  return { release, created: !known };
}

function newRelease(world: World, org: Org, input: NewRelease): Release {
  const release: Release = {
    id: world.nextId(),
    version: input.version,
    projects: [],
    ref: input.ref ?? null,
    commits: [],
    dateCreated: world.now(),
    dateReleased: input.dateReleased ?? null,
  };
  org.releases.push(release);
  return release;
}

/** In a project whose releases are told apart by date, "the next release" is the one created next. */
function pinPendingResolutions(project: Project, release: Release): void {
  if (usesSemver(project)) return;
  for (const issue of project.issues) {
    if (issue.resolution?.kind !== 'next-release' || issue.resolution.base === release.version) continue;
    issue.resolution = { kind: 'release', version: release.version };
  }
}

function addCommits(world: World, org: Org, input: { release: Release; commits: Commit[] }): void {
  const { release, commits } = input;
  for (const commit of commits) {
    ensureRepository(world, org, commit.repository);
    release.commits.push(commit);
    for (const issue of referencedIssues(world, org, commit.message))
      resolveWithCommit(world, issue, release);
    resolveKnownCommit(release, commit);
  }
}

/** A problem resolved in a commit is resolved in the first release that contains it. */
function resolveKnownCommit(release: Release, commit: Commit): void {
  for (const issue of release.projects.flatMap((project) => project.issues)) {
    if (issue.resolution?.kind === 'commit' && issue.resolution.commit === commit.id) {
      issue.resolution = { kind: 'release', version: release.version };
    }
  }
}

const reference = /\b(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?):?\s+([A-Za-z0-9_,\s-]+)/gi;

/** Every short id in the run of words after a keyword (reference sentry.md, 8). */
function referencedIssues(world: World, org: Org, message: string): Issue[] {
  const words = [...message.matchAll(reference)].flatMap((match) => (match[1] ?? '').split(/[\s,]+/));
  return words.flatMap((word) => findIssue(world, org, word) ?? []).filter((issue) => issue.shortId !== '');
}

function resolveWithCommit(world: World, issue: Issue, release: Release): void {
  if (!release.projects.includes(issue.project) || issue.status === 'resolved') return;
  issue.status = 'resolved';
  issue.substatus = null;
  issue.resolution = { kind: 'release', version: release.version };
  addActivity(world, issue, {
    type: 'set_resolved_in_release',
    data: { version: release.version },
    by: 'sentry',
  });
  notifyIssue(world, issue, {
    action: 'resolved',
    by: 'sentry',
    extra: { resolution_type: 'with_commit' },
  });
}

export function releasesOf(project: Project): Release[] {
  return project.org.releases.filter((release) => release.projects.includes(project));
}

export function usesSemver(project: Project): boolean {
  const releases = releasesOf(project);
  return releases.length > 0 && releases.every((release) => semver.test(release.version));
}

/** The highest version of a semver project, else the newest; undefined when there is none. */
export function currentRelease(project: Project): Release | undefined {
  return releasesOf(project)
    .toSorted((left, right) => compareReleases(project, left, right))
    .at(-1);
}

/** Negative when `left` is older. */
export function compareReleases(project: Project, left: Release, right: Release): number {
  if (usesSemver(project)) {
    const order = compareVersions(left.version, right.version);
    if (order !== 0) return order;
  }
  return left.id - right.id;
}
