// Prints a release as the REST API shows it.
// Must not change it.

import { printDate } from './dates.ts';
import type { Commit, Release } from './state.ts';
import { semver } from './versions.ts';

export function renderRelease(release: Release): Record<string, unknown> {
  return {
    id: release.id,
    version: release.version,
    shortVersion: release.version,
    status: 'open',
    versionInfo: versionInfo(release.version),
    ref: release.ref,
    url: null,
    dateReleased: release.dateReleased === null ? null : printDate(release.dateReleased),
    dateCreated: printDate(release.dateCreated),
    data: {},
    newGroups: 0,
    owner: null,
    commitCount: release.commits.length,
    lastCommit: renderCommit(release.commits.at(-1)),
    deployCount: 0,
    lastDeploy: null,
    authors: [],
    projects: release.projects.map(({ id, slug, platform }) => ({
      id: Number(id),
      slug,
      name: slug,
      newGroups: 0,
      platform,
      platforms: [platform],
      hasHealthData: false,
    })),
    firstEvent: null,
    lastEvent: null,
    currentProjectMeta: {},
    userAgent: null,
  };
}

function renderCommit(commit: Commit | undefined): Record<string, unknown> | null {
  if (!commit) return null;
  return {
    id: commit.id,
    message: commit.message,
    dateCreated: printDate(commit.at),
    repository: { name: commit.repository },
    author: commit.author === null ? null : { email: commit.author },
  };
}

function versionInfo(version: string): Record<string, unknown> {
  const match = semver.exec(version);
  const at = version.indexOf('@');
  const raw = version.slice(at + 1);
  return {
    package: at > 0 ? version.slice(0, at) : null,
    version: match
      ? {
          raw,
          major: Number(match[1]),
          minor: Number(match[2]),
          patch: Number(match[3]),
          pre: match[4] ?? null,
          buildCode: null,
          components: 3,
        }
      : { raw },
    description: raw,
    buildHash: null,
  };
}
