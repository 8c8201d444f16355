// `npm run demo -- --once`: plays the story once, judges what came out, and says it as text or as JSON.
// Exit status 0 only when Sentry shows the fixable problems resolved and the others untouched.

import type { PullRequest, World } from '../test/world/world.ts';
import { people, place } from '../test/world/world.ts';
import { roles } from './cast.ts';
import { chaosSettings, startChaos } from './chaos.ts';
import { createNarrator, seconds, StepFailed, type Narrator, type Step } from './narrator.ts';
import { lastLines, openScene, type Scene } from './scene.ts';
import { readStages } from './stages.ts';
import { playStory, type Problem } from './story.ts';

export type Summary = {
  ok: boolean;
  steps: readonly Step[];
  pullRequests: { number: number; url: string; branch: string; files: string[]; merged: boolean }[];
  problems: { shortId: string; stage: string; sentryStatus: string }[];
};

/** `chaos`: the seed of what goes wrong; null for nothing. */
type Options = { json: boolean; chaos: number | null; signal: AbortSignal };

/** Gives the exit status. Whatever happens, nothing of the world is left behind. */
export async function playOnce(options: Options): Promise<number> {
  const people = options.json ? process.stderr : process.stdout;
  const narrator = createNarrator((text) => people.write(text));
  const started = performance.now();
  const summary: Summary = { ok: false, steps: narrator.steps, pullRequests: [], problems: [] };
  try {
    await play(narrator, options, summary);
    narrator.show(summaryText(summary, performance.now() - started));
  } catch (error) {
    // Whatever fails once somebody asked to stop fails because of that: the terminal stops Suture as well.
    if (options.signal.aborted) return 130;
    process.stderr.write(failureText(error));
  }
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  return summary.ok ? 0 : 1;
}

/** Fills the summary as far as it comes. */
async function play(narrator: Narrator, { chaos: seed, signal }: Options, summary: Summary): Promise<void> {
  const scene = await openTheScene(narrator, seed === null ? {} : chaosSettings);
  const chaos = seed === null ? null : startChaos(scene, seed, (line) => narrator.show(line));
  try {
    signal.throwIfAborted();
    const problems = await playStory({ scene, narrator, signal, chaos: seed !== null }, roles);
    await chaos?.end();
    summary.pullRequests = await readPullRequests(scene.world);
    summary.problems = await readOutcome({ scene, narrator }, problems);
    expectOneEach(summary, problems);
    summary.ok = true;
  } catch (error) {
    throw error instanceof StepFailed ? new WithLog(error, lastLines(scene.suture, 30)) : error;
  } finally {
    await chaos?.end();
    await scene.close();
  }
}

/** Exactly one pull request for what was to be mended, none for the rest. */
function expectOneEach({ pullRequests }: Summary, problems: readonly Problem[]): void {
  for (const { shortId, role } of problems) {
    const own = pullRequests.filter(({ branch }) => branch.startsWith(`sentry/${shortId.toLowerCase()}-`));
    const wanted = role.ends === 'resolved' ? 1 : 0;
    if (own.length !== wanted)
      throw new Error(`${shortId} has ${own.length} pull requests instead of ${wanted}`);
  }
}

function openTheScene(narrator: Narrator, settings: Readonly<Record<string, string>>): Promise<Scene> {
  const about = { name: 'start', expected: 'GitHub and Sentry stand-ins, CI and Suture listen' };
  return narrator.step(about, async () => {
    const scene = await openScene({}, settings);
    return {
      value: scene,
      says: 'all       GitHub, Sentry, CI and Suture are up (the first two as stand-ins)',
      link: scene.suture.url,
    };
  });
}

async function readPullRequests(world: World): Promise<Summary['pullRequests']> {
  const pulls = (await world.pulls()).toSorted((left, right) => left.number - right.number);
  return Promise.all(pulls.map((pull) => readPullRequest(world, pull)));
}

async function readPullRequest(world: World, pull: PullRequest): Promise<Summary['pullRequests'][number]> {
  const { number, url, branch, merged } = pull;
  const { data } = await world.github
    .as(people.maintainer)
    .rest.pulls.listFiles({ ...place, pull_number: number, per_page: 100 });
  return { number, url, branch, files: data.map((file) => file.filename), merged };
}

/** Stops Suture, reads what it believes, and holds that and Sentry against how each problem has to end. */
function readOutcome(
  { scene, narrator }: { scene: Scene; narrator: Narrator },
  problems: readonly Problem[],
): Promise<Summary['problems']> {
  const about = {
    name: 'outcome',
    expected: 'Suture and Sentry agree: the fixable ones are resolved, the others are untouched',
  };
  return narrator.step(about, async () => {
    await scene.suture.stop();
    // The one binding of this world; its text is its id.
    const stages = await readStages(scene.world.dataDir, scene.world.settings['BINDINGS'] ?? '');
    const outcome = problems.map((problem) => judge(scene.world, problem, stages.get(problem.shortId)));
    return {
      value: outcome,
      says: "all       Suture has stopped; its records and Sentry's agree",
      link: scene.world.sentry.url,
    };
  });
}

function judge(world: World, problem: Problem, stage: string | undefined): Summary['problems'][number] {
  const { role, id, shortId } = problem;
  const shown = world.problems().find((known) => known.id === id);
  if (!shown || stage === undefined) throw new Error(`${shortId} has vanished`);
  const touched = shown.activity.some((activity) => activity.byIntegration);
  const mended = role.ends === 'resolved';
  const asExpected = stage === role.ends && shown.status === (mended ? 'resolved' : 'unresolved');
  if (!asExpected || touched !== mended)
    throw new Error(
      `${shortId} should have ended ${role.ends}; Suture says ${stage}, Sentry ${shown.status}`,
    );
  return { shortId, stage, sentryStatus: shown.status };
}

class WithLog extends Error {
  readonly failed: StepFailed;
  readonly log: string;
  constructor(failed: StepFailed, log: string) {
    super(failed.message);
    this.failed = failed;
    this.log = log;
  }
}

function failureText(error: unknown): string {
  if (error instanceof WithLog)
    return `${failureText(error.failed)}\nThe last lines of Suture's log:\n${error.log}\n`;
  if (error instanceof StepFailed)
    return `\nThe demo failed at the step: ${error.step}\nExpected: ${error.expected}.\nInstead: ${error.message}\n`;
  return `\nThe demo failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

function summaryText(summary: Summary, ms: number): string {
  const rows = summary.problems.map(({ shortId, stage, sentryStatus }) => {
    const pull = summary.pullRequests.find(({ branch }) =>
      branch.startsWith(`sentry/${shortId.toLowerCase()}-`),
    );
    const change = pull
      ? `pull request ${pull.number} merged (${pull.files.join(', ')})`
      : 'no change proposed';
    return `  ${shortId}  ${stage.padEnd(10)}  ${change}; Sentry: ${sentryStatus}`;
  });
  return ['', 'What happened:', ...rows, `From nothing to here in ${seconds(ms).trim()}.`].join('\n');
}
