// What `statusDetails` of a resolve asks for, and its refusals (reference sentry.md, 2.6).
// Must not change the problem.

import type { Change } from './read-change.ts';
import { compareReleases, currentRelease, releasesOf, usesSemver } from './releases.ts';
import { badRequest } from './reply.ts';
import type { Issue, Project, Resolution } from './state.ts';

/** Evaluated in this order: next release, release, commit, none. Throws the exact 400s. */
export function readResolution(issue: Issue, change: Change, all: readonly Issue[]): Resolution | null {
  if (change.status !== 'resolved' && change.status !== 'resolvedInNextRelease') return null;
  const details = change.statusDetails ?? {};
  if (details.inNextRelease === true || change.status === 'resolvedInNextRelease') {
    if (new Set(all.map((other) => other.project)).size > 1) {
      throw badRequest({ detail: 'Cannot set resolved in next release for multiple projects.' });
    }
    return nextRelease(issue);
  }
  if (details.inRelease !== undefined) return inRelease(issue.project, details.inRelease);
  if (details.inCommit) return inCommit(issue.project, details.inCommit);
  return null;
}

function nextRelease(issue: Issue): Resolution {
  const { project } = issue;
  const current = currentRelease(project);
  if (!current) {
    throw refusedDetail(
      'inNextRelease',
      "No release data present in the system to form a basis for 'Next Release'",
    );
  }
  if (usesSemver(project)) return { kind: 'next-release', base: current.version };
  const seenIn = releasesOf(project).find((release) => release.version === issue.lastRelease) ?? current;
  const later = releasesOf(project)
    .filter((release) => compareReleases(project, release, seenIn) > 0)
    .at(0);
  return later ? { kind: 'release', version: later.version } : { kind: 'next-release', base: seenIn.version };
}

function inRelease(project: Project, version: string): Resolution {
  const found =
    version === 'latest'
      ? currentRelease(project)
      : releasesOf(project).find((release) => release.version === version);
  if (!found) throw refusedDetail('inRelease', 'Unable to find a release with the given version.');
  return { kind: 'release', version: found.version };
}

function inCommit(project: Project, wanted: { commit: string; repository: string }): Resolution {
  const { org } = project;
  if (!org.repositories.some((repository) => repository.name === wanted.repository)) {
    throw refusedCommit('repository', 'Unable to find the given repository.');
  }
  const holding = org.releases.filter((release) =>
    release.commits.some((commit) => commit.id === wanted.commit && commit.repository === wanted.repository),
  );
  const newest = holding.at(-1);
  if (newest) return { kind: 'release', version: newest.version };
  if (!org.pushedCommits.has(`${wanted.repository}@${wanted.commit}`)) {
    throw refusedCommit('commit', 'Unable to find the given commit.');
  }
  return { kind: 'commit', ...wanted };
}

const refusedDetail = (key: string, text: string) => badRequest({ statusDetails: { [key]: [text] } });

const refusedCommit = (key: string, text: string) =>
  badRequest({ statusDetails: { inCommit: { [key]: [text] } } });
