// GitHub's JSON as far as Suture reads it, checked and turned into our own words.
// It must not call GitHub; a field that nobody reads has no place here.

import { z } from 'zod';
import type { CheckRun, CommitStatus, HostComment, HostIssue, Person, PullRequest } from '../ports.ts';

/** ISO 8601 on the wire, milliseconds for us. */
export const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const KINDS: Readonly<Record<string, Person['kind']>> = { User: 'human', Bot: 'bot' };

/** Organisations, mannequins and whatever comes next are `other`: they never approve (github.md, 3.8). */
export const account = z
  .object({ login: z.string().min(1), type: z.string().optional() })
  .transform(({ login, type }): Person => ({ login, kind: KINDS[type ?? ''] ?? 'other' }));

/** GitHub's own name for the author of what a deleted account left behind. */
const GHOST: Person = { login: 'ghost', kind: 'other' };

const author = account.nullish().transform((person) => person ?? GHOST);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const label = z
  .union([z.string(), z.object({ name: z.string().nullish() }).transform(({ name }) => name ?? '')])
  .transform((name) => name);

export const issueShape = z
  .object({
    number: z.int(),
    title: z.string(),
    body: text,
    state: z.enum(['open', 'closed']),
    html_url: z.string(),
    user: author,
    labels: z.array(label),
    pull_request: z.unknown().optional(),
  })
  .transform(({ html_url: url, user, pull_request: pull, labels, ...rest }) => ({
    issue: { ...rest, url, author: user, labels: labels.filter((name) => name !== '') } satisfies HostIssue,
    isPull: pull !== undefined && pull !== null,
  }));

export const commentShape = z
  .object({ id: z.int(), body: text, html_url: z.string(), user: author })
  .transform(({ html_url: url, user, ...rest }): HostComment => ({ ...rest, url, author: user }));

const side = z.object({
  ref: z.string(),
  sha: z.string(),
  repo: z.object({ full_name: z.string() }).nullish(),
});

/** Lists leave `merged_by` out; a single pull request has it. */
export const pullShape = z
  .object({
    number: z.int(),
    html_url: z.string(),
    title: z.string(),
    body: text,
    state: z.enum(['open', 'closed']),
    user: author,
    head: side,
    base: side,
    merge_commit_sha: z.string().nullish(),
    merged_at: moment.nullish(),
    closed_at: moment.nullish(),
    merged_by: account.nullish(),
    draft: z.boolean().nullish(),
    mergeable: z.boolean().nullish(),
    requested_reviewers: z.array(account).nullish(),
    requested_teams: z.array(z.object({ slug: z.string() })).nullish(),
  })
  .transform((pull): PullRequest => {
    const mergedAt = pull.merged_at ?? null;
    return {
      number: pull.number,
      url: pull.html_url,
      title: pull.title,
      body: pull.body,
      state: mergedAt === null ? pull.state : 'merged',
      author: pull.user,
      branch: pull.head.ref,
      base: pull.base.ref,
      sameRepo: pull.head.repo != null && pull.head.repo.full_name === pull.base.repo?.full_name,
      headSha: pull.head.sha,
      mergeSha: mergedAt === null ? null : (pull.merge_commit_sha ?? null),
      mergedAt,
      closedAt: pull.closed_at ?? null,
      mergedBy: pull.merged_by?.login ?? null,
      draft: pull.draft ?? false,
      // GitHub tries the merge when it is asked, and says null until it knows.
      conflicts: typeof pull.mergeable === 'boolean' ? !pull.mergeable : null,
      reviewers: [
        ...(pull.requested_reviewers ?? []).map(({ login }) => login),
        ...(pull.requested_teams ?? []).map(({ slug }) => slug),
      ],
    };
  });

const maybeMoment = moment.nullish().transform((at) => at ?? null);

export const checkRunShape = z
  .object({
    id: z.int(),
    name: z.string(),
    status: z.string(),
    conclusion: z.string().nullish(),
    html_url: z.string().nullish(),
    app: z.object({ id: z.int(), slug: z.string() }).nullish(),
    check_suite: z.object({ id: z.int() }).nullish(),
    started_at: maybeMoment,
    completed_at: maybeMoment,
  })
  .transform((run): CheckRun => ({
    id: run.id,
    name: run.name,
    status: run.status,
    conclusion: run.status === 'completed' ? (run.conclusion ?? null) : null,
    app: run.app ?? null,
    suite: run.check_suite?.id ?? null,
    startedAt: run.started_at,
    completedAt: run.completed_at,
    url: run.html_url ?? null,
  }));

/** A combined status does not say who set it; the picture beside one that an app set is the app's own. */
export const statusShape = z
  .object({
    context: z.string(),
    state: z.enum(['error', 'failure', 'pending', 'success']),
    target_url: z.string().nullish(),
    avatar_url: z.string().nullish(),
  })
  .transform(({ context, state, target_url: url, avatar_url: picture }): CommitStatus => {
    const app = /\/in\/(\d+)(?:\?|$)/.exec(picture ?? '')?.[1];
    return { context, state, appId: app === undefined ? null : Number(app), url: url ?? null };
  });

export const repositoryShape = z.object({
  full_name: z.string(),
  default_branch: z.string(),
  archived: z.boolean().optional(),
  html_url: z.string(),
});

/** What stays when it is renamed, and what it is called now. */
export const numberedShape = z.object({
  id: z.int(),
  name: z.string().min(1),
  owner: z.object({ login: z.string().min(1) }),
});

export const roleShape = z.object({ permission: z.string(), role_name: z.string().nullish() });

const grants = { permissions: z.record(z.string(), z.string()), events: z.array(z.string()) };

export const appShape = z.object({ slug: z.string().min(1), html_url: z.string(), ...grants });

export const installationShape = z.object({
  id: z.int(),
  html_url: z.string(),
  suspended_at: z.string().nullish(),
  ...grants,
});

export const tokenShape = z.object({ token: z.string().min(1), expires_at: moment });

/** One is enough: any installation may read a public account. */
export const installationsShape = z.array(z.object({ id: z.int() }));

export const botShape = z.object({ id: z.int() });

export const branchShape = z
  .object({ ref: z.string().startsWith('refs/heads/') })
  .transform(({ ref }) => ({ branch: ref.slice('refs/heads/'.length) }));
