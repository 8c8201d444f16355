// Changes problems as `PUT` does (reference sentry.md, 2.6).
// Must not find the problems; routes do.

import { notifyIssue } from './notify.ts';
import type { Change } from './read-change.ts';
import { readResolution } from './resolution.ts';
import { addActivity, type Issue, type Resolution, type World } from './state.ts';

/** Applies it to every one of these; nothing changes when anything is refused. */
export function applyChange(world: World, issues: readonly Issue[], change: Change): void {
  const resolutions = issues.map((issue) => ({ issue, resolution: readResolution(issue, change, issues) }));
  for (const { issue, resolution } of resolutions) {
    applyMarks(issue, change);
    if (change.status !== undefined) applyStatus(world, issue, { change, resolution });
  }
}

function applyMarks(issue: Issue, change: Change): void {
  if (change.assignedTo !== undefined) issue.assignedTo = change.assignedTo || null;
  if (change.priority !== undefined) issue.priority = change.priority;
  if (change.hasSeen !== undefined) issue.hasSeen = change.hasSeen;
  if (change.isBookmarked !== undefined) issue.isBookmarked = change.isBookmarked;
  if (change.isSubscribed !== undefined) issue.isSubscribed = change.isSubscribed;
}

function applyStatus(
  world: World,
  issue: Issue,
  to: { change: Change; resolution: Resolution | null },
): void {
  switch (to.change.status) {
    case 'resolved':
    case 'resolvedInNextRelease':
      return setResolved(world, issue, to.resolution);
    case 'unresolved':
      return setUnresolved(world, issue, to.change);
    case 'ignored':
    case 'muted':
      return setIgnored(world, issue, to.change);
    case undefined:
  }
}

/** A second resolve writes a second activity and sends a second webhook, as the real one does. */
function setResolved(world: World, issue: Issue, resolution: Resolution | null): void {
  issue.status = 'resolved';
  issue.substatus = null;
  issue.snooze = {};
  issue.resolution = resolution;
  addActivity(world, issue, { ...resolvedActivity(resolution), by: 'integration' });
  notifyIssue(world, issue, {
    action: 'resolved',
    by: 'integration',
    extra: { resolution_type: resolutionType(resolution) },
  });
}

function resolvedActivity(resolution: Resolution | null): { type: string; data: Record<string, unknown> } {
  switch (resolution?.kind) {
    case undefined:
      return { type: 'set_resolved', data: {} };
    case 'next-release':
      return {
        type: 'set_resolved_in_release',
        data: { version: '', current_release_version: resolution.base },
      };
    case 'release':
      return { type: 'set_resolved_in_release', data: { version: resolution.version } };
    case 'commit':
      return { type: 'set_resolved_in_commit', data: { commit: resolution.commit } };
  }
}

function resolutionType(resolution: Resolution | null): string {
  switch (resolution?.kind) {
    case undefined:
      return 'now';
    case 'next-release':
      return 'in_next_release';
    case 'release':
      return 'in_release';
    case 'commit':
      return 'in_commit';
  }
}

function setUnresolved(world: World, issue: Issue, change: Change): void {
  const changed = issue.status !== 'unresolved';
  issue.status = 'unresolved';
  issue.substatus = change.substatus ?? (changed ? 'ongoing' : issue.substatus);
  issue.resolution = null;
  issue.snooze = {};
  if (!changed) return;
  addActivity(world, issue, { type: 'set_unresolved', data: {}, by: 'integration' });
  notifyIssue(world, issue, { action: 'unresolved', by: 'integration' });
}

function setIgnored(world: World, issue: Issue, change: Change): void {
  const details = snoozeOf(change);
  issue.status = 'ignored';
  issue.resolution = null;
  issue.snooze = details;
  issue.substatus =
    change.substatus ??
    (Object.keys(details).length > 0 ? 'archived_until_condition_met' : 'archived_forever');
  addActivity(world, issue, { type: 'set_ignored', data: details, by: 'integration' });
  notifyIssue(world, issue, { action: world.archivedAction, by: 'integration' });
}

function snoozeOf(change: Change): Record<string, unknown> {
  const keys = [
    'ignoreDuration',
    'ignoreCount',
    'ignoreWindow',
    'ignoreUserCount',
    'ignoreUserWindow',
  ] as const;
  const given = keys.map((key) => [key, change.statusDetails?.[key] ?? change[key]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
