// Plays one real history on a stage, lets everything settle, and looks at the promises after every event.

import { crashAt } from '../../stories/kiosk.ts';
import { pullsOf, quiet, section } from '../../stories/steps.ts';
import { commitFile } from '../../world/commit-file.ts';
import { until, type PullRequest, type TriageIssue } from '../../world/world.ts';
import type { RealEvent, RealHistory } from './history.ts';
import { checkReal, checkRealSettled, type Told } from './promises.ts';
import { moment, type Stage } from './stage.ts';

/** Throws Broken when a promise does not hold. */
export async function playReal(stage: Stage, history: RealHistory): Promise<void> {
  await stage.start();
  stage.world.ci.pretend(history.green ? 'success' : 'failure');
  const told: Told[] = [];
  for (let index = 0; index < history.problems; index += 1) {
    const place = stage.nextPlace();
    const shortId = await crashAt(stage.world, place);
    told.push({ shortId, place, green: history.green, words: [], refusals: [], pushed: false });
  }
  for (const { shortId } of told)
    await untilSeen(`a box for ${shortId}`, async () => isOffered(await stage.world.triageIssue(), shortId));
  for (const event of history.events) {
    await happen(stage, told, event);
    await checkReal(stage, told);
  }
  await settleDown(stage, told);
  await checkRealSettled(stage, told);
}

/** On a busy machine all of it takes many times as long; what never comes is found all the same. */
const patienceMs = 15 * 60_000;

/** The people's own requests take time, too: nobody looks twenty times a second. */
function untilSeen(what: string, look: () => Promise<boolean>): Promise<boolean> {
  const lookCalmly = async (): Promise<boolean> => (await look()) || (await moment(500), false);
  return until(what, lookCalmly, patienceMs);
}

function isOffered(issue: TriageIssue | null, shortId: string): boolean {
  return issue?.body.includes(`- [ ] **${shortId}**`) ?? false;
}

type Of<K extends RealEvent['do']> = Extract<RealEvent, { do: K }>;
type Acting = { stage: Stage; told: readonly Told[]; about: Told };
type Acts = { [K in RealEvent['do']]: (acting: Acting, event: Of<K>) => Promise<void> | void };

/** Only Suture meets what fails: people, CI and git of others go on. */
const agent = /^(?:suture\b|git\/)/;

const acts: Acts = {
  tick: ({ stage, about }, { login }) => tick(stage, about, login),
  fix: ({ stage, about }, { login }) => command(stage, about, login),
  merge: ({ stage, about }) => merge(stage, about),
  close: ({ stage, about }) => close(stage, about),
  push: ({ stage, about }) => push(stage, about),
  wait: (_, { ms }) => moment(ms),
  start: ({ stage }) => stage.start(),
  shuffle: ({ stage }, { ms }) => shuffle(stage, ms),
  kill: async ({ stage }, { ms, back }) => {
    await stage.kill();
    await moment(ms);
    if (back) await stage.start();
  },
  'lose database': async ({ stage, told }) => {
    await stage.loseDatabase();
    for (const one of told) for (const word of one.words) word.binding = false;
    await stage.start();
  },
  drop: ({ stage: { world } }, { count }) => {
    world.sentry.deliveries.drop(count);
    world.github.deliveries.drop(count, 'suture');
  },
  repeat: ({ stage: { world } }, { count }) => {
    world.sentry.deliveries.repeat(count);
    world.github.deliveries.repeat(count, 'suture');
  },
  fail: ({ stage: { world } }, { method, status, after }) =>
    world.github.fail({ method, path: /./, status, times: 1, after, agent }),
  'fail at source': ({ stage: { world } }, { status, after }) =>
    world.sentry.fail({ path: /^\/api\/0\//, status, times: 1, after }),
};

async function happen(stage: Stage, told: readonly Told[], event: RealEvent): Promise<void> {
  const about = told['problem' in event ? event.problem % told.length : 0];
  const act = acts[event.do] as (acting: Acting, event: RealEvent) => Promise<void> | void;
  if (about) await act({ stage, told, about }, event);
}

async function shuffle({ world }: Stage, ms: number): Promise<void> {
  for (const { deliveries } of [world.github, world.sentry]) deliveries.hold();
  await moment(ms);
  for (const { deliveries } of [world.github, world.sentry]) {
    deliveries.reorder();
    deliveries.release();
  }
}

/** Where a box is offered; one that is not can be ticked by nobody. */
async function tick({ world }: Stage, about: Told, login: string): Promise<void> {
  if (!isOffered(await world.triageIssue(), about.shortId)) return;
  about.words.push({ login, at: Date.now(), binding: login === 'mia' });
  await world.setBox(about.shortId, true, login).catch(() => about.words.pop());
}

async function command({ world }: Stage, about: Told, login: string): Promise<void> {
  const issue = await world.triageIssue();
  if (!issue) return;
  about.words.push({ login, at: Date.now(), binding: login === 'mia' });
  await world.comment(issue.number, `/sentry fix ${about.shortId}`, login);
}

async function openPull(stage: Stage, { shortId }: Told): Promise<PullRequest | undefined> {
  return (await pullsOf(stage.world, shortId)).find(({ state }) => state === 'open');
}

async function merge(stage: Stage, about: Told): Promise<void> {
  const pull = await openPull(stage, about);
  if (!pull) return;
  await stage.world.ci.idle();
  await stage.world.merge(pull.number).catch(() => undefined);
}

async function close(stage: Stage, about: Told): Promise<void> {
  const pull = await openPull(stage, about);
  if (!pull) return;
  for (const word of about.words) word.binding = false;
  about.refusals.push(Date.now());
  await stage.world.closePull(pull.number);
}

/** A person's own commit on our branch. */
async function push(stage: Stage, about: Told): Promise<void> {
  const pull = await openPull(stage, about);
  if (!pull) return;
  about.pushed = true;
  commitFile(stage.world.github.repositoryDirectory('lantern/shop'), {
    path: `notes-${about.place}.md`,
    text: 'mine\n',
    branch: pull.branch,
  });
}

/** No more faults. A start makes up for what was lost; whatever was put off comes within a minute. */
async function settleDown(stage: Stage, told: readonly Told[]): Promise<void> {
  const { world } = stage;
  world.github.deliveries.drop(0);
  world.github.deliveries.repeat(0);
  world.github.deliveries.release();
  world.sentry.deliveries.release();
  await stage.kill();
  await stage.start();
  for (const about of told) await untilSeen(`the end of ${about.shortId}`, () => hasEnded(stage, about));
  await quiet(world);
}

/** Proposed, done, or handed to a person; and resolved where it was merged and green. */
async function hasEnded(stage: Stage, about: Told): Promise<boolean> {
  const { world } = stage;
  const pulls = await pullsOf(world, about.shortId);
  const issue = await world.triageIssue();
  const named = `**${about.shortId}**`;
  const status = world.problems().find(({ shortId }) => shortId === about.shortId)?.status;
  const wanted = about.words.some(({ binding }) => binding);
  if (pulls.some(({ merged }) => merged) && about.green && !about.pushed) return status === 'resolved';
  if (wanted && pulls.length === 0) return section(issue, 'Needs a person').includes(named);
  return !issue?.body.includes(`- [x] ${named}`) && !section(issue, 'In work').includes(named);
}
