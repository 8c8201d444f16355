// What the GitHub App must be allowed to do and told about: one table for app.yml, the README and the start-up check.
// It must not ask for more than a line of code uses (reference github.md, 2.1 and 2.2).

type Level = 'read' | 'write';

export type Need = {
  permission: string;
  level: Level;
  events: readonly string[];
  why: string;
  /** Suture does without, and does not complain. */
  optional?: true;
};

/** Installation events come by themselves and cannot be subscribed to. */
export const needs: readonly Need[] = [
  {
    permission: 'issues',
    level: 'write',
    events: ['issues', 'issue_comment'],
    why: 'writes the triage issue and hears its ticks and commands',
  },
  {
    permission: 'pull_requests',
    level: 'write',
    events: ['pull_request', 'pull_request_review'],
    why: 'opens pull requests, asks for reviews and hears when one is merged, closed or reviewed',
  },
  { permission: 'contents', level: 'write', events: [], why: 'reads the code and pushes one branch per fix' },
  {
    permission: 'checks',
    level: 'read',
    events: ['check_run', 'check_suite'],
    why: 'sees whether check runs passed',
  },
  { permission: 'statuses', level: 'read', events: ['status'], why: 'sees whether commit statuses passed' },
  {
    permission: 'metadata',
    level: 'read',
    events: [],
    why: 'asks for the role of the person who ticks and for the checks that branch rules require',
  },
  {
    permission: 'actions',
    level: 'read',
    events: [],
    why: 'optional: reads the log of a failed job for the next attempt',
    optional: true,
  },
];

export type Granted = {
  permissions: Readonly<Record<string, string | undefined>>;
  events: readonly string[];
};

const RANK: Readonly<Record<string, number>> = { read: 1, write: 2, admin: 3 };

/**
 * Takes what the app (or one installation) was granted and where that can be changed, and gives one finished
 * sentence per missing permission or event; none when all is well.
 */
export function missingNeeds(granted: Granted, where: string): string[] {
  return needs.flatMap((need) => {
    if (need.optional) return [];
    const has = RANK[granted.permissions[need.permission] ?? ''] ?? 0;
    if (has < (RANK[need.level] ?? 0)) {
      return [
        `The permission "${need.permission}: ${need.level}" is missing (Suture ${need.why}): grant it ${where}.`,
      ];
    }
    const unheard = need.events.filter((event) => !granted.events.includes(event));
    return unheard.map(
      (event) => `The event "${event}" is missing (Suture ${need.why}): subscribe to it ${where}.`,
    );
  });
}
