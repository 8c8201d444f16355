// The play, from a crash to the end of each problem, as the people and programs of the world live it.
// It asks only what they can see; what must come out in the end is judged in once.ts.

import type { World, PullRequest } from '../test/world/world.ts';
import { people, place } from '../test/world/world.ts';
import type { WorldIssue } from '../test/world/sentry/world.ts';
import { crashStories, type Role } from './cast.ts';
import type { Narrator } from './narrator.ts';
import { patienceMs, together, waitFor, type Look } from './patience.ts';
import type { Scene } from './scene.ts';
import { firstLine, readEntries, type Entry } from './triage-entries.ts';

export type Problem = { role: Role; id: string; shortId: string; permalink: string };

export type Stagehand = {
  scene: Scene;
  narrator: Narrator;
  signal: AbortSignal;
  /** Things go wrong on purpose: webhooks need not arrive, and Suture may be away for a while. */
  chaos: boolean;
};

/** Plays it to the end of every problem. Throws StepFailed at the first thing that goes another way. */
export async function playStory(hand: Stagehand, roles: readonly Role[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const role of roles) problems.push(await crashShop(hand, role));
  if (!hand.chaos) await hearWebhooks(hand, problems);
  await findTriageIssue(hand, problems);
  for (const problem of problems) await tick(hand, problem);
  await together(
    hand.signal,
    problems.map((problem) => (signal: AbortSignal) => {
      const mine = { ...hand, signal };
      return problem.role.ends === 'resolved' ? playFix(mine, problem) : playRefusal(mine, problem);
    }),
  );
  return problems;
}

/** Waits as long as Suture lives: what it would have done never comes once it has ended. */
function wait<T>({ scene, signal, chaos }: Stagehand, what: string, look: Look<T>): Promise<T> {
  const living = (): ReturnType<typeof look> => {
    if (!scene.suture.isRunning() && !scene.restarting) throw new Error('Suture has ended by itself');
    return look();
  };
  return waitFor(signal, what, living, chaos ? chaosPatienceMs : patienceMs);
}

/** What was lost comes with a later turn of the timer, and what is tried again comes later still. */
const chaosPatienceMs = 600_000;

function crashShop(hand: Stagehand, role: Role): Promise<Problem> {
  const { world } = hand.scene;
  const about = {
    name: `crash ${role.crash}`,
    expected: 'the shop answers 500 and the SDK tells Sentry, which lists one more problem',
  };
  return hand.narrator.step(about, async () => {
    const known = new Set(world.problems().map((problem) => problem.id));
    await world.crash(role.crash);
    const found = await wait(hand, 'a new problem in Sentry', () =>
      world.problems().find((problem) => !known.has(problem.id)),
    );
    const { id, shortId, permalink, title } = found;
    return {
      value: { role, id, shortId, permalink },
      says: `${shortId}  the shop crashed: ${crashStories[role.crash]} ${title}`,
      link: permalink,
    };
  });
}

function hearWebhooks(hand: Stagehand, problems: readonly Problem[]): Promise<void> {
  const { world, suture } = hand.scene;
  const about = {
    name: 'webhooks',
    expected: 'Suture answers 202 to one "issue created" webhook per problem',
  };
  return hand.narrator.step(about, async () => {
    await wait(hand, 'the webhooks', () => problems.every(({ shortId }) => isHeard(world, shortId)));
    const says = `all       Sentry's webhooks arrived: ${problems.length} issues created, each answered with 202`;
    return { value: undefined, says, link: `${suture.url}/sentry/webhook` };
  });
}

function isHeard(world: World, shortId: string): boolean {
  return world.sentry.deliveries
    .all()
    .some(
      ({ resource, action, body, status }) =>
        resource === 'issue' && action === 'created' && status === 202 && body.includes(`"${shortId}"`),
    );
}

function findTriageIssue(hand: Stagehand, problems: readonly Problem[]): Promise<void> {
  const about = { name: 'triage issue', expected: 'one open issue lists every problem with an empty box' };
  return hand.narrator.step(about, async () => {
    const issue = await wait(hand, 'a triage issue with every problem', async () => {
      const found = await hand.scene.world.triageIssue();
      const entries = readEntries(found?.body ?? '');
      return problems.every(({ shortId }) => entries.get(shortId)?.ticked === false) && found;
    });
    return { value: undefined, says: `all       triage issue "${issue.title}"`, link: issue.url };
  });
}

function tick(hand: Stagehand, { shortId }: Problem): Promise<void> {
  const { world } = hand.scene;
  const about = {
    name: `${shortId} ticked`,
    expected: 'the maintainer can tick the box and Suture takes it up',
  };
  return hand.narrator.step(about, async () => {
    await world.setBox(shortId, true);
    const issue = await wait(hand, 'the tick to be taken up', async () => {
      const found = await world.triageIssue();
      const entry = readEntries(found?.body ?? '').get(shortId);
      return entry && entry.group !== 'Waiting for you' && found;
    });
    return { value: undefined, says: `${shortId}  ${people.maintainer} ticked the box`, link: issue.url };
  });
}

async function playFix(hand: Stagehand, problem: Problem): Promise<void> {
  const pull = await openPullRequest(hand, problem);
  await passChecks(hand, problem, pull);
  await merge(hand, problem, pull);
  await resolve(hand, problem);
  await close(hand, problem);
}

function openPullRequest(hand: Stagehand, { shortId }: Problem): Promise<PullRequest> {
  const { world } = hand.scene;
  const about = { name: `${shortId} pull request`, expected: 'a fix is written, proved and proposed' };
  return hand.narrator.step(about, async () => {
    const pull = await wait(hand, `a pull request for ${shortId}`, async () => {
      const entry = await entryOf(world, shortId);
      if (entry && isGivenUp(entry)) throw new Error(`the triage issue says: ${firstLine(entry)}`);
      return pullOf(await world.pulls(), shortId);
    });
    hand.narrator.show(`\n${pull.title}\n${await diffOf(world, pull.number)}`);
    return { value: pull, says: `${shortId}  pull request ${pull.number} is open`, link: pull.url };
  });
}

export function pullOf(pulls: readonly PullRequest[], shortId: string): PullRequest | undefined {
  return pulls.find(({ branch }) => branch.startsWith(`sentry/${shortId.toLowerCase()}-`));
}

/** The whole patch, file by file, as `git diff` writes it. */
async function diffOf(world: World, number: number): Promise<string> {
  const { data } = await world.github
    .as(people.maintainer)
    .rest.pulls.listFiles({ ...place, pull_number: number, per_page: 100 });
  return data
    .map((file) => `--- a/${file.filename}\n+++ b/${file.filename}\n${file.patch ?? '(no text)'}\n`)
    .join('\n');
}

function passChecks(hand: Stagehand, { shortId }: Problem, pull: PullRequest): Promise<void> {
  const about = { name: `${shortId} CI`, expected: 'every check of the pull request passes' };
  return hand.narrator.step(about, async () => {
    const names = await wait(hand, `CI of pull request ${pull.number}`, async () => {
      const runs = await checksOf(hand.scene.world, pull);
      return runs.length > 0 && runs.every((run) => run.status === 'completed') && passedNames(runs);
    });
    return { value: undefined, says: `${shortId}  CI passed: ${names}`, link: `${pull.url}/checks` };
  });
}

type Run = { name: string; status: string; conclusion: string | null };

async function checksOf(world: World, pull: PullRequest): Promise<Run[]> {
  const { data } = await world.github
    .as(people.maintainer)
    .rest.checks.listForRef({ ...place, ref: pull.branch, per_page: 100 });
  return data.check_runs;
}

function passedNames(runs: readonly Run[]): string {
  const failed = runs.find((run) => run.conclusion !== 'success');
  if (failed) throw new Error(`the check ${failed.name} ended with ${failed.conclusion}`);
  return runs.map((run) => run.name).join(', ');
}

function merge(hand: Stagehand, { shortId }: Problem, pull: PullRequest): Promise<void> {
  const about = { name: `${shortId} merge`, expected: 'the maintainer can merge the pull request' };
  return hand.narrator.step(about, async () => {
    await hand.scene.world.merge(pull.number);
    return {
      value: undefined,
      says: `${shortId}  ${people.maintainer} merged pull request ${pull.number}`,
      link: pull.url,
    };
  });
}

function resolve(hand: Stagehand, { id, shortId, permalink }: Problem): Promise<void> {
  const about = { name: `${shortId} resolved`, expected: 'Sentry shows the problem resolved' };
  return hand.narrator.step(about, async () => {
    const problem = await wait(hand, `${shortId} to be resolved`, () =>
      hand.scene.world.problems().find((known) => known.id === id && known.status === 'resolved'),
    );
    return {
      value: undefined,
      says: `${shortId}  Sentry shows it resolved${nextRelease(problem)}`,
      link: permalink,
    };
  });
}

function nextRelease({ statusDetails }: WorldIssue): string {
  return statusDetails && typeof statusDetails === 'object' && 'inNextRelease' in statusDetails
    ? ' in the next release'
    : '';
}

function close(hand: Stagehand, { shortId }: Problem): Promise<void> {
  const about = { name: `${shortId} done`, expected: 'the triage issue lists it as done' };
  return hand.narrator.step(about, async () => {
    const issue = await wait(hand, `${shortId} under Done`, async () => {
      const found = await hand.scene.world.triageIssue();
      return readEntries(found?.body ?? '').get(shortId)?.group === 'Done' && found;
    });
    return { value: undefined, says: `${shortId}  done, says the triage issue`, link: issue.url };
  });
}

function playRefusal(hand: Stagehand, { shortId }: Problem): Promise<void> {
  const { world } = hand.scene;
  const about = { name: `${shortId} refused`, expected: 'the triage issue says why no change is proposed' };
  return hand.narrator.step(about, async () => {
    const entry = await wait(hand, `a reason for ${shortId}`, async () => {
      const pull = pullOf(await world.pulls(), shortId);
      if (pull) throw new Error(`pull request ${pull.number} was opened: ${pull.title}`);
      const found = await entryOf(world, shortId);
      return found && isGivenUp(found) && found;
    });
    const issue = await world.triageIssue();
    return {
      value: undefined,
      says: `${shortId}  ${entry.group}: ${firstLine(entry)}`,
      link: issue?.url ?? '',
    };
  });
}

function isGivenUp(entry: Entry): boolean {
  return entry.group === 'Needs a person' || entry.group === 'Proposed to archive';
}

async function entryOf(world: World, shortId: string): Promise<Entry | undefined> {
  return readEntries((await world.triageIssue())?.body ?? '').get(shortId);
}
