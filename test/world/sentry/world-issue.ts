// What Sentry believes of its problems now, for a test or the demo to look at.
// Must not change one.

import { listedIssue } from './render-issue.ts';
import { findProject, shownStatus, type Issue, type World } from './state.ts';

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

/** By project slug or id, of any organisation; oldest first. */
export function issuesOf(world: World, slugOrId: string): WorldIssue[] {
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
      byIntegration: activity.by === 'integration',
    })),
    notes: notes.map((note) => String(note.data['text'])),
    externalIssues: issue.externalIssues.map(({ displayName, webUrl }) => ({ displayName, webUrl })),
  };
}
