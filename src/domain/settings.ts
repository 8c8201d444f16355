// What a repository may set in `.github/sentry.yml`, and what holds without it (the hand procedure's defaults).
// Nothing here can widen what the operator allowed: no setting lowers the role below write or names a project.

import { z } from 'zod';
import { givenChecks, givenChecksSchema, type GivenCheck } from './proof/given-checks.ts';
import { changeLimits, pullLimits } from './proof/limits.ts';
import { defaultNoiseRules, type NoiseRules } from './triage/noise.ts';
import type { PullLimits } from './pull/pull-limits.ts';
import { resolveWishes, type ResolveWish } from './resolving.ts';

export const settingsPath = '.github/sentry.yml';

const levels = ['fatal', 'error', 'warning', 'info', 'debug'] as const;
const shortText = (most: number) => z.string().trim().min(1).max(most);

/** The file as people write it; editors get this as a JSON schema. */
export const settingsSchema = z
  .strictObject({
    noise: z
      .strictObject({
        levels: z.array(z.enum(levels)).min(1).describe('Levels that are listed. Default: fatal and error.'),
        'stale-after-days': z
          .number()
          .min(1)
          .max(90)
          .describe('Hide what was not seen for longer than this. Default: 7.'),
        'fluke-after-days': z
          .number()
          .min(0)
          .max(90)
          .describe('Hide what was seen once, longer ago than this. Default: 3.'),
        'hide-telemetry': z
          .boolean()
          .describe(
            'Hide informational events (info, debug) even from lists that include warnings. Default: true.',
          ),
      })
      .partial()
      .describe('What is hidden as noise.'),
    query: shortText(300).describe("A further condition in Sentry's search words: environment:production"),
    days: z.int().min(1).max(90).describe('List what was seen in the last so many days. Default: 14.'),
    schedule: z
      .strictObject({
        'fetch-minutes': z
          .int()
          .min(1)
          .max(1440)
          .describe('Fetch at most so often; never more often than the operator allows.'),
      })
      .partial()
      .describe('How often Sentry is asked without a webhook.'),
    'minimum-role': z
      .enum(['write', 'maintain', 'admin'])
      .describe('Whose ticks and commands count. Default: write.'),
    label: shortText(50).describe('The label of the triage issue. Default: sentry-triage.'),
    'base-branch': shortText(200).describe('Where fixes start and go. Default: the default branch.'),
    'protected-paths': z
      .array(shortText(300))
      .max(200)
      .describe('Files that no fix may touch, as globs: src/payments/**'),
    limits: z
      .strictObject({
        files: z.int().min(1).max(20).describe(`Files a fix may touch. Default: ${changeLimits.files}.`),
        lines: z.int().min(1).max(400).describe(`Lines a fix may change. Default: ${changeLimits.lines}.`),
        'open-pull-requests': z
          .int()
          .min(1)
          .max(50)
          .describe(`Pull requests open at once; the rest waits. Default: ${pullLimits.open}.`),
        'pull-requests-per-day': z
          .int()
          .min(1)
          .max(200)
          .describe(`Pull requests opened in 24 hours; the rest waits. Default: ${pullLimits.perDay}.`),
        'retries-after-red-checks': z
          .int()
          .min(0)
          .max(5)
          .describe(`Further attempts when CI is red. Default: ${pullLimits.retries}.`),
      })
      .partial()
      .describe('How large a fix may be, and how many there may be.'),
    draft: z.boolean().describe('Open pull requests as drafts until CI is green. Default: true.'),
    resolve: z
      .enum(resolveWishes)
      .describe(
        'How a merged fix is resolved in Sentry: in-next-release (default), in-commit (the repository must be known to Sentry), or now (any later event reopens it).',
      ),
    'watch-days': z
      .number()
      .min(0)
      .max(30)
      .describe(
        'So many days a resolved Sentry issue is watched for coming back; 0: not at all. Default: 7.',
      ),
    checks: givenChecksSchema.describe(
      'The checks of this repository, in order, in place of those that Suture would find.',
    ),
    'side-by-side': z
      .boolean()
      .describe('Work on several fixes at once where they touch different files. Default: false.'),
    mask: z
      .array(z.string().trim().min(3).max(100))
      .max(100)
      .describe(
        'Words that are masked in everything published, besides tokens, keys, mail and IP addresses.',
      ),
  })
  .partial();

export type SettingsFile = z.infer<typeof settingsSchema>;

export type Settings = {
  noise: NoiseRules;
  /** Empty for none. */
  query: string;
  days: number;
  fetchMinutes: number | null;
  minimumRole: 'write' | 'maintain' | 'admin';
  label: string;
  baseBranch: string | null;
  protectedPaths: string[];
  limits: { files: number; lines: number } & PullLimits & { retriesAfterRedChecks: number };
  /** Pull requests are drafts until CI is green. */
  draft: boolean;
  mask: string[];
  resolve: ResolveWish;
  watchDays: number;
  sideBySide: boolean;
  /** Empty: they are found. */
  checks: GivenCheck[];
};

/** The settings in force for what a file says; everything it leaves out has its default. */
export function settingsOf(file: SettingsFile): Settings {
  return {
    noise: noiseOf(file.noise ?? {}),
    query: file.query ?? '',
    days: file.days ?? 14,
    fetchMinutes: file.schedule?.['fetch-minutes'] ?? null,
    minimumRole: file['minimum-role'] ?? 'write',
    label: file.label ?? 'sentry-triage',
    baseBranch: file['base-branch'] ?? null,
    protectedPaths: file['protected-paths'] ?? [],
    limits: limitsOf(file.limits ?? {}),
    mask: file.mask ?? [],
    checks: givenChecks(file.checks),
    ...lifeOf(file),
  };
}

/** What holds for a pull request, and for what it resolves. */
function lifeOf(file: SettingsFile): Pick<Settings, 'draft' | 'resolve' | 'watchDays' | 'sideBySide'> {
  return {
    draft: file.draft ?? true,
    resolve: file.resolve ?? 'in-next-release',
    watchDays: file['watch-days'] ?? 7,
    sideBySide: file['side-by-side'] ?? false,
  };
}

function noiseOf(noise: NonNullable<SettingsFile['noise']>): NoiseRules {
  const usual = defaultNoiseRules;
  return {
    levels: noise.levels ?? usual.levels,
    staleAfterDays: noise['stale-after-days'] ?? usual.staleAfterDays,
    flukeAfterDays: noise['fluke-after-days'] ?? usual.flukeAfterDays,
    hideTelemetry: noise['hide-telemetry'] ?? usual.hideTelemetry,
  };
}

function limitsOf(limits: NonNullable<SettingsFile['limits']>): Settings['limits'] {
  return {
    files: limits.files ?? changeLimits.files,
    lines: limits.lines ?? changeLimits.lines,
    openPullRequests: limits['open-pull-requests'] ?? pullLimits.open,
    pullRequestsPerDay: limits['pull-requests-per-day'] ?? pullLimits.perDay,
    retriesAfterRedChecks: limits['retries-after-red-checks'] ?? pullLimits.retries,
  };
}

export const defaultSettings: Settings = settingsOf({});

/** What is kept of one repository's file: the last good settings, and what is wrong with the file now. */
export type KnownSettings = {
  bindingId: string;
  settings: Settings;
  /** Finished sentences with the line; empty when all is well. */
  mistakes: string[];
  readAt: number;
};
