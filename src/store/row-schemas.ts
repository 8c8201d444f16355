// What the JSON in our tables must look like when it is read back. It must not repair anything: a row that
// does not fit is a Bug, told by its place and never by its content.

import { z } from 'zod';
import { Bug } from '../domain/failure.ts';
import type { Finding } from '../domain/triage/finding.ts';
import type { Fix } from '../domain/fix.ts';
import type { Run } from '../domain/ledger/ledger.ts';
import { pullLimits } from '../domain/proof/limits.ts';
import type { Problem } from '../domain/problem.ts';
import { resolveWishes } from '../domain/resolving.ts';
import type { KnownSettings } from '../domain/settings.ts';
import type { Spent } from '../domain/agent/spending.ts';
import type { Skip } from '../domain/triage/triage-view.ts';
import type { BindingState, StoredIssue } from '../ports.ts';
import { lifeSchema } from './life-schema.ts';

const text = z.string();
const maybeText = text.nullable();
const time = z.number();
const maybeTime = time.nullable();
const releases = z.looseObject({ first: maybeText, last: maybeText }).nullable();

export const problemSchema: z.ZodType<Problem> = z.looseObject({
  id: text,
  shortId: text,
  title: text,
  culprit: maybeText,
  level: z.enum(['fatal', 'error', 'warning', 'info', 'debug', 'sample', 'unknown']),
  status: z.enum(['unresolved', 'resolved', 'ignored', 'other']),
  substatus: maybeText,
  count: z.number(),
  userCount: z.number(),
  firstSeen: maybeTime,
  lastSeen: maybeTime,
  platform: maybeText,
  category: maybeText,
  unhandled: z.boolean().nullable(),
  exception: z.looseObject({ type: maybeText, value: maybeText }),
  daily: z.array(z.number()).default([]),
  releases: releases.default(null),
  permalink: text,
  projectId: maybeText,
});

export const issueSchema: z.ZodType<StoredIssue> = z.looseObject({
  bindingId: text,
  number: z.number(),
  url: text,
  body: text,
  untick: z.array(text),
  shown: z.array(text).default([]),
  unheard: z.array(z.looseObject({ box: text, since: time, asked: z.boolean() })).default([]),
  versionsReadTo: time.default(0),
  writtenAt: time,
  asking: z.array(z.looseObject({ issue: z.number(), comment: z.number(), since: time })).default([]),
});

export const bindingStateSchema: z.ZodType<BindingState> = z.looseObject({
  bindingId: text,
  paused: maybeText,
  projectId: maybeText,
  checkedAt: time,
  listedAt: maybeTime.default(null),
});

export const findingSchema: z.ZodType<Finding> = z.looseObject({
  problemId: text,
  eventId: maybeText,
  head: text,
  at: time,
  seenAt: maybeTime,
  place: z
    .looseObject({ path: text, line: z.number(), function: maybeText, permalink: maybeText })
    .nullable(),
  matches: z.boolean().nullable(),
  stack: z.array(text),
  releases,
  author: z.looseObject({ commit: text, name: text, at: time }).nullable(),
  outlook: z.enum(['fixable', 'person', 'archive']),
  remark: maybeText,
});

export const skipSchema: z.ZodType<Skip> = z.looseObject({ problemId: text, by: text, at: time });

export const spentSchema: z.ZodType<Spent> = z.looseObject({
  requests: z.number(),
  tokens: z.number(),
  money: z.number().nullable(),
});

export const settingsSchema: z.ZodType<KnownSettings> = z.looseObject({
  bindingId: text,
  settings: z.looseObject({
    noise: z.looseObject({
      levels: z.array(text),
      staleAfterDays: z.number(),
      flukeAfterDays: z.number(),
      hideTelemetry: z.boolean(),
    }),
    query: text,
    days: z.number(),
    fetchMinutes: z.number().nullable(),
    minimumRole: z.enum(['write', 'maintain', 'admin']),
    label: text,
    baseBranch: maybeText,
    protectedPaths: z.array(text),
    limits: z.looseObject({
      files: z.number(),
      lines: z.number(),
      openPullRequests: z.number().default(pullLimits.open),
      pullRequestsPerDay: z.number().default(pullLimits.perDay),
      retriesAfterRedChecks: z.number().default(pullLimits.retries),
    }),
    draft: z.boolean().default(true),
    mask: z.array(text),
    resolve: z.enum(resolveWishes).default('in-next-release'),
    watchDays: z.number().default(7),
    sideBySide: z.boolean().default(false),
    checks: z
      .array(
        z.looseObject({
          name: text,
          run: z.array(text),
          when: z.array(text),
          install: z.array(text).nullable(),
          cache: z.array(text),
        }),
      )
      .default([]),
  }),
  mistakes: z.array(text),
  readAt: time,
});

const approval = z.looseObject({
  by: text,
  at: time,
  via: z.enum(['tick', 'command']),
  hint: maybeText,
  fixer: maybeText.default(null),
});
const ladderStep = z.looseObject({
  step: text,
  result: z.enum(['passed', 'failed', 'skipped']),
  detail: text,
  output: text.optional(),
});
const attempt = z.looseObject({
  fixer: text,
  strategy: maybeText,
  outcome: z.enum(['fixed', 'refused', 'failed']),
  tries: z.number(),
  spent: z
    .object({ requests: z.number(), tokens: z.number(), money: z.number().nullable() })
    .nullable()
    .default(null),
});
const ending = z.looseObject({
  kind: z.enum(['refused', 'to-archive', 'failed', 'withdrawn', 'archived']),
  reason: text,
  at: time,
});
const proposal = z.looseObject({
  branch: text,
  commit: text,
  replaces: text.nullable(),
  base: text,
  files: z.array(text),
  strategy: text,
});
const verdict = z.looseObject({ state: z.enum(['passed', 'failed', 'pending', 'none']), detail: text });
const pull = z.looseObject({
  number: z.number(),
  url: text,
  state: z.enum(['open', 'merged', 'closed']),
  headSha: text,
  mergeSha: maybeText,
  mergedAt: maybeTime,
  closedAt: maybeTime,
  verdict,
  base: text.default(''),
  draft: z.boolean().default(false),
  conflicts: z.boolean().default(false),
  failed: z.array(z.looseObject({ name: text, how: text, run: z.number().nullable() })).default([]),
});
const rework = z.looseObject({
  by: text,
  at: time,
  cause: z.enum(['person', 'checks', 'conflicts']).default('person'),
  hint: text,
  commit: maybeText,
  fixer: maybeText.default(null),
});
const resolution = z.looseObject({
  at: time,
  how: z.enum(['in-next-release', 'in-commit', 'now', 'already', 'gone']),
  note: maybeText,
});

const watch = z.looseObject({
  since: time,
  release: maybeText,
  waitsAfter: maybeText,
  before: z.number(),
  total: z.number(),
  after: z.number(),
  checkedAt: time,
  end: z.looseObject({ kind: z.enum(['gone', 'back', 'left']), at: time, why: text }).nullable(),
});

const joiner = z.looseObject({
  fixId: text,
  problemId: text,
  shortId: text,
  title: text,
  permalink: text,
  attempt: z.number(),
  approval: z.looseObject({ by: text, at: time, via: z.enum(['tick', 'command']) }),
  told: z.boolean(),
});

export const fixSchema: z.ZodType<Fix> = z.looseObject({
  id: text,
  bindingId: text,
  problemId: text,
  shortId: text,
  title: text,
  permalink: text,
  attempt: z.number(),
  facts: z.looseObject({
    approval,
    run: maybeText.default(null),
    progress: z.looseObject({ step: text, since: time }).nullable(),
    diagnosis: z.array(text),
    place: maybeText,
    ladder: z.array(ladderStep),
    crash: maybeText.default(null),
    attempts: z.array(attempt).default([]),
    ending: ending.nullable(),
    proposal: proposal.nullable(),
    pull: pull.nullable(),
    rework: rework.nullable().default(null),
    proposedAt: maybeTime.default(null),
    resolution: resolution.nullable(),
    resolving: z.boolean().default(false),
    announced: z.boolean(),
    cleanedUp: z.boolean(),
    life: lifeSchema,
    root: maybeText.default(null),
    joined: z.looseObject({ fixId: text, shortId: text }).nullable().default(null),
    joiners: z.array(joiner).default([]),
    watch: watch.nullable().default(null),
    batch: maybeText.default(null),
    held: z.looseObject({ why: text, since: time }).nullable().default(null),
    anyway: z.looseObject({ by: text, at: time }).nullable().default(null),
    heldUp: maybeText.default(null),
    // A fix of before notes were written has none to come.
    noted: z.boolean().default(true),
  }),
});

const member = z.looseObject({
  fixId: text,
  shortId: text,
  paths: z.array(text),
  at: time,
  entered: time.optional(),
  end: z
    .union([z.looseObject({ commit: text, at: time }), z.looseObject({ aborted: text, at: time })])
    .nullable(),
});

export const ledgerSchema: z.ZodType<Run[]> = z.array(
  z.looseObject({ id: text, bindingId: text, by: text, startedAt: time, members: z.array(member) }),
);

/** Reads one value; `place` names the row for the Bug it throws when the value does not fit. */
export function readAs<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const fields = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join(', ');
  throw new Bug(`The stored ${place} cannot be read (${fields}).`);
}
