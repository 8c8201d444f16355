// The steps that stories share, in the words people would use. It must not decide what is right; stories do.

import { setTimeout as pause } from 'node:timers/promises';
import { until, type PullRequest, type TriageIssue, type World } from '../world/world.ts';

/** As `until`; when it was in vain, the triage issue tells where things stand. */
async function untilOn<T>(
  world: World,
  what: string,
  look: () => Promise<T | null | undefined | false>,
): Promise<T> {
  return until(what, look).catch(async (error: unknown) => {
    const body = (await world.triageIssue())?.body ?? 'There is no triage issue.';
    throw new Error(`${String(error)}\n${body}`);
  });
}

/** The triage issue, once its text fits. */
export function triageIssueWith(world: World, text: string | RegExp): Promise<TriageIssue> {
  return untilOn(world, `the triage issue with ${String(text)}`, async () => {
    const issue = await world.triageIssue();
    const fits = typeof text === 'string' ? issue?.body.includes(text) : text.test(issue?.body ?? '');
    return fits ? issue : null;
  });
}

/** Every comment on the triage issue, once one of them says this. */
export function commentsWith(world: World, text: string): ReturnType<World['comments']> {
  return until(`a comment with ${text}`, async () => {
    const said = await world.comments((await world.triageIssue())?.number ?? 0);
    return said.some(({ body }) => body.includes(text)) ? said : null;
  });
}

/** The lines under a heading of the triage issue; empty when there is no such heading. */
export function section(issue: TriageIssue | null, title: string): string {
  const [, after = ''] = issue?.body.split(`### ${title}\n`) ?? [];
  return after.split(/\n### |\n<sub>/)[0]?.trim() ?? '';
}

/** Waits for the problem's empty box and ticks it. */
export async function tick(world: World, shortId: string, login?: string): Promise<void> {
  await triageIssueWith(world, `- [ ] **${shortId}**`);
  await world.setBox(shortId, true, login);
}

export async function pullsOf(world: World, shortId: string): Promise<PullRequest[]> {
  const all = await world.pulls();
  return all.filter((pull) => pull.branch.startsWith(`sentry/${shortId.toLowerCase()}-`));
}

/** The newest pull request of that problem, once it is open. */
export function pullOf(world: World, shortId: string): Promise<PullRequest> {
  return untilOn(world, `a pull request for ${shortId}`, async () =>
    (await pullsOf(world, shortId)).find((pull) => pull.state === 'open'),
  );
}

export async function resolved(world: World, shortId: string): Promise<void> {
  await until(`${shortId} to be resolved`, () => statusOf(world, shortId) === 'resolved');
}

export function statusOf(world: World, shortId: string): string | undefined {
  return world.problems().find((problem) => problem.shortId === shortId)?.status;
}

/** How often Suture itself changed the status of anything in Sentry. */
export function changesInSentry(world: World): number {
  return world.sentry.requests.filter((request) => request.method === 'PUT').length;
}

/** What Suture itself wrote to GitHub: everything but reading and asking for tokens. */
export function writesOf(world: World): string[] {
  return world.github.requests
    .filter(({ method, actor }) => method !== 'GET' && actor === 'suture[bot]')
    .map(({ method, path }) => `${method} ${path}`);
}

/** Resolves when Suture has asked nobody anything for a while: what was to come of an event has come. */
export async function quiet(world: World, forMs = 700): Promise<void> {
  const asked = () =>
    world.sentry.requests.length +
    world.github.requests.filter(({ actor }) => actor === 'suture[bot]' || actor === 'nobody').length;
  for (let before = -1; before !== asked();) {
    before = asked();
    await pause(forMs);
  }
}
