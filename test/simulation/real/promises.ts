// The promises, checked on the records of the stand-ins after every event of a real history.
// It asks those records only; it must not trust what Suture says of itself.

import { execFileSync } from 'node:child_process';
import { nameOf } from '../../stories/kiosk.ts';
import { pullsOf, section } from '../../stories/steps.ts';
import { secrets, type PullRequest } from '../../world/world.ts';
import { Broken } from '../broken.ts';
import type { Stage } from './stage.ts';

/** What people said of one problem. */
export type Told = {
  shortId: string;
  place: number;
  /** What CI says of every commit while this history is played. */
  green: boolean;
  /** `binding`: must be heard. */
  words: { login: string; at: number; binding: boolean }[];
  /** When a person closed a pull request of it. */
  refusals: number[];
  /** A person put a commit of their own on our branch. */
  pushed: boolean;
};

export async function checkReal(stage: Stage, told: readonly Told[]): Promise<void> {
  for (const about of told) await checkOne(stage, about);
  const known = [...Object.values(secrets), stage.world.settings['SENTRY_TOKEN'] ?? ''];
  const output = stage.output();
  const shown = known.find((secret) => secret !== '' && output.includes(secret));
  if (shown !== undefined) throw new Broken(6, 'the log shows a secret');
}

async function checkOne(stage: Stage, about: Told): Promise<void> {
  const pulls = await pullsOf(stage.world, about.shortId);
  const { shortId, words, refusals } = about;
  const permitted = words.filter(({ login }) => login === 'mia');
  if (pulls.filter(({ state }) => state === 'open').length > 1)
    throw new Broken(2, `${shortId} has two open pull requests`);
  if (pulls.length > permitted.length)
    throw new Broken(
      permitted.length === 0 ? 4 : 3,
      `${shortId} has more pull requests than words that count`,
    );
  const since = Math.max(0, ...refusals);
  if (since > 0 && pulls.length > refusals.length && !permitted.some(({ at }) => at >= since))
    throw new Broken(7, `${shortId} was proposed again after a person had closed it`);
  checkResolved(stage, about, pulls);
  for (const pull of pulls) checkCommit(stage, about, pull);
}

function checkResolved({ world }: Stage, { shortId, green }: Told, pulls: readonly PullRequest[]): void {
  const problem = world.problems().find((known) => known.shortId === shortId);
  const resolved = problem?.activity.filter(
    ({ type, byIntegration }) => byIntegration && type.startsWith('set_resolved'),
  );
  if (!resolved || resolved.length === 0) return;
  if (!green || !pulls.some(({ merged }) => merged))
    throw new Broken(1, `${shortId} was resolved without a merged fix whose checks passed`);
  if (resolved.length > 1) throw new Broken(3, `${shortId} was resolved ${resolved.length} times`);
}

/** What leaves changes exactly the file it is about. */
function checkCommit({ world }: Stage, { place, pushed }: Told, pull: PullRequest): void {
  if (pull.state !== 'open' || pushed) return;
  const dir = world.github.repositoryDirectory('lantern/shop');
  const git = (...args: string[]): string => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' });
  const files = git('diff', '--name-only', `main...refs/heads/${pull.branch}`).trim().split('\n');
  if (files.join() !== `src/${nameOf(place)}.ts`)
    throw new Broken(5, `pull request ${pull.number} changes ${files.join(', ')}`);
}

/** What must be true once no fault is left and everything has come to rest. */
export async function checkRealSettled(stage: Stage, told: readonly Told[]): Promise<void> {
  await checkReal(stage, told);
  const { world } = stage;
  const issue = await world.triageIssue();
  for (const { shortId, green, words, pushed } of told) {
    const pulls = await pullsOf(world, shortId);
    if (words.some(({ binding }) => binding) && pulls.length === 0)
      throw new Broken(3, `${shortId} was asked for and never proposed`);
    if (issue?.body.includes(`- [x] **${shortId}**`))
      throw new Broken(0, `a tick of ${shortId} was neither acted on nor emptied`);
    const merged = pulls.some((pull) => pull.merged);
    const status = world.problems().find((known) => known.shortId === shortId)?.status;
    if (merged && green && !pushed && status !== 'resolved')
      throw new Broken(0, `${shortId} is merged and green, and not resolved`);
    if (merged && green && !pushed) await checkSaidOnce(stage, shortId);
  }
}

/**
 * Alone, or in the summary of its batch. What one person approves within minutes is one batch, also across histories of
 * one stage: its summary comes when the last of them has ended, and pull requests that nobody merges keep it waiting.
 */
async function checkSaidOnce({ world }: Stage, shortId: string): Promise<void> {
  const issue = await world.triageIssue();
  const said = (await world.comments(issue?.number ?? 0)).filter(
    ({ body }) => body.includes(`**${shortId} is fixed.**`) || fixedIn(body).includes(shortId),
  );
  const mayWait = section(issue, 'Pull request open') !== '' || section(issue, 'In work') !== '';
  if (said.length > 1 || (said.length === 0 && !mayWait))
    throw new Broken(0, `that ${shortId} is fixed was said ${said.length} times`);
}

function fixedIn(summary: string): string[] {
  const [, names = ''] = /^- Fixed and resolved: \d+ \((.*)\)$/m.exec(summary) ?? [];
  return names.split(/, | and /);
}
