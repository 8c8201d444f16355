// The commands that change something, each for permitted people only. Every one gives the sentences to answer with.

import { confirmText } from '../domain/answers.ts';
import type { Selection, Target } from '../domain/command.ts';
import { approvedFacts, isLive, stageOf, type Fix } from '../domain/fix.ts';
import { repoName, type Problem } from '../domain/problem.ts';
import { isBusy, type TriageView } from '../domain/triage-view.ts';
import { inline } from '../domain/untrusted.ts';
import {
  alreadyBusy,
  approved,
  needsYes,
  hintsUnread,
  noSuchFixer,
  goesOn,
  archiving,
  linked,
  linkOnlyOnPulls,
  linkOnOurs,
  nothingWaits,
  notWaiting,
  retryWhich,
  reworking,
  skipped,
} from '../domain/wording.ts';
import type { Ports, PullRequest } from '../ports.ts';
import { approve, mayApprove, refusePerson } from './approve.ts';
import { archiveJob } from './archive.ts';
import { chosenFixers } from './chosen-fixers.ts';
import { goOnAnyway } from './go-on.ts';
import { pullFactsOf } from './rebuild.ts';
import { refreshJob, settleJob } from './receive-delivery.ts';
import { askForRework } from './rework.ts';
import { findTarget, turnOf, type Known, type Place, type Scene } from './scene.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings' | 'signer' | 'fixers'>;

/** More than this many at once are shown first and wait for a confirmation. */
const mostUnasked = 5;

/** How a person wants it: even where somebody else works on the file, and by which fixer; the usual order for null. */
type Manner = { anyway: boolean; fixer: string | null };

/** `/sentry fix`: approves, or asks first when it is a long list. */
export async function startSome(
  ports: Needs,
  scene: Scene,
  asked: { selection: Selection; yes: boolean; anyway: boolean; fixer?: string },
): Promise<string[]> {
  const { selection, yes, anyway, fixer = null } = asked;
  const manner = { anyway, fixer };
  const missing = missingFixer(ports, fixer);
  if (missing !== null) return [missing];
  if (selection.kind === 'some' && selection.targets.length <= mostUnasked)
    return startTargets(ports, scene, { targets: selection.targets, manner });
  const answers: string[] = [];
  for (const place of scene.places) {
    const { problems, unknown } = selected(scene, place, selection);
    answers.push(...unknown);
    if (problems.length === 0) continue;
    const sure = yes || (selection.kind !== 'all' && problems.length <= mostUnasked);
    if (!(await allowed(ports, scene, place, '`/sentry fix`'))) continue;
    if (sure) answers.push(...(await startAll(ports, scene, { place, problems, manner })));
    else if (fixer !== null) answers.push(needsYes(fixer));
    else answers.push(confirmText(place.view, { signer: ports.signer, problems }));
  }
  return answers.length > 0 || scene.places.some(waits) ? answers : [nothingWaits()];
}

function waits({ view }: Place): boolean {
  return view.waiting.length > 0;
}

function selected(
  scene: Scene,
  place: Place,
  selection: Selection,
): { problems: Problem[]; unknown: string[] } {
  const waiting = place.view.waiting.map(({ problem }) => problem);
  if (selection.kind === 'all') return { problems: waiting, unknown: [] };
  if (selection.kind === 'top') return { problems: waiting.slice(0, selection.count), unknown: [] };
  const found = selection.targets.map((target) => findTarget(scene, target));
  const ids = found.flatMap((one) => (typeof one !== 'string' && one.place === place ? [one.problemId] : []));
  return {
    problems: allProblems(place.view).filter(({ id }) => ids.includes(id)),
    unknown: place === scene.places[0] ? found.filter((one) => typeof one === 'string') : [],
  };
}

function allProblems(view: TriageView): Problem[] {
  return [...view.active, ...view.hidden.map(({ problem }) => problem)];
}

async function startAll(
  ports: Needs,
  scene: Scene,
  { place, problems, manner }: { place: Place; problems: readonly Problem[]; manner: Manner },
): Promise<string[]> {
  const outcomes: Started[] = [];
  for (const { id, shortId } of problems) {
    const known = { place, problemId: id, shortId };
    outcomes.push(await startOne(ports, scene, { known, hint: null, again: false, manner }));
  }
  return startedAnswers(outcomes);
}

async function startTargets(
  ports: Needs,
  scene: Scene,
  { targets, manner }: { targets: readonly Target[]; manner: Manner },
): Promise<string[]> {
  const answers: string[] = [];
  const outcomes: Started[] = [];
  for (const target of targets) {
    const known = findTarget(scene, target);
    if (typeof known === 'string') answers.push(known);
    else if (await allowed(ports, scene, known.place, '`/sentry fix`'))
      outcomes.push(await startOne(ports, scene, { known, hint: null, again: false, manner }));
  }
  return [...startedAnswers(outcomes), ...answers];
}

type Started = { shortId: string; outcome: 'started' | 'goes-on' | 'already' | 'not-waiting' };

function startedAnswers(outcomes: readonly Started[]): string[] {
  const started = outcomes.filter(({ outcome }) => outcome === 'started').map(({ shortId }) => shortId);
  const rest = outcomes
    .filter(({ outcome }) => outcome !== 'started')
    .map(({ shortId, outcome }) => unstarted[outcome === 'started' ? 'already' : outcome](shortId));
  return started.length > 0 ? [approved(started), ...rest] : rest;
}

const unstarted = { 'goes-on': goesOn, already: alreadyBusy, 'not-waiting': notWaiting };

type Start = { known: Known; hint: string | null; again: boolean; manner: Manner };

/** What to answer when the fixer that a person named is not set up here; null when it is, or when none was named. */
function missingFixer({ fixers }: Needs, fixer: string | null): string | null {
  const names = fixers.map(({ name }) => name);
  return fixer === null || names.includes(fixer) ? null : noSuchFixer(fixer, names);
}

async function startOne(ports: Needs, { data }: Scene, start: Start): Promise<Started> {
  const { known, hint, again } = start;
  const { anyway, fixer } = start.manner;
  const { binding } = known.place;
  const word = { binding, problemId: known.problemId, by: data.author.login, at: data.at };
  if (anyway && (await goOnAnyway(ports, word))) return { shortId: known.shortId, outcome: 'goes-on' };
  const outcome = await approve(ports, {
    binding,
    anyway,
    problemId: known.problemId,
    approval: { by: data.author.login, at: data.at, via: 'command', hint, fixer },
    act: `comment:${repoName(data.repo)}:${turnOf(data)}`.toLowerCase(),
    again,
    named: true,
  });
  return { shortId: known.shortId, outcome };
}

/** Another attempt where an earlier one ended. */
export async function retryOne(
  ports: Needs,
  scene: Scene,
  asked: { target: Target | null; hint: string | null; fixer?: string },
): Promise<string[]> {
  const { hint, fixer = null } = asked;
  const missing = missingFixer(ports, fixer);
  if (missing !== null) return [missing];
  const known = asked.target ? findTarget(scene, asked.target) : ofThisPull(scene);
  if (known === null) return [retryWhich];
  if (typeof known === 'string') return [known];
  if (!(await allowed(ports, scene, known.place, '`/sentry retry`'))) return [];
  const latest = known.place.fixes.findLast((fix) => fix.problemId === known.problemId);
  const open = known.place.fixes.find((fix) => fix.id === latest?.facts.joined?.fixId) ?? latest;
  const unread = unreadHint(ports, hint, fixer);
  if (open?.facts.proposal && open.facts.pull && stageOf(open.facts) === 'proposed')
    return [...(await reworkOne(ports, scene, { known, fix: open, hint: hint ?? '', fixer })), ...unread];
  const started = await startOne(ports, scene, {
    known,
    hint,
    again: true,
    manner: { anyway: false, fixer },
  });
  return [...startedAnswers([started]), ...(started.outcome === 'started' ? unread : [])];
}

/** Templates decide by code alone: whoever added words must know that. */
function unreadHint({ fixers }: Needs, hint: string | null, fixer: string | null): string[] {
  const asked = chosenFixers(fixers, fixer);
  const isRead = hint === null || asked.some(({ readsHints }) => readsHints);
  return isRead ? [] : [hintsUnread(asked.map(({ name }) => name))];
}

async function reworkOne(
  ports: Needs,
  { data }: Scene,
  wish: { known: Known; fix: Fix; hint: string; fixer: string | null },
): Promise<string[]> {
  const { fix, hint, fixer } = wish;
  const { binding } = wish.known.place;
  await askForRework(ports, { binding, fix, by: data.author.login, at: data.at, hint, fixer });
  return [reworking(fix.facts.pull?.number ?? 0)];
}

function ofThisPull({ fix }: Scene): Known | null {
  return fix && { place: fix.place, problemId: fix.fix.problemId, shortId: fix.fix.shortId };
}

export async function skipSome(ports: Needs, scene: Scene, targets: readonly Target[]): Promise<string[]> {
  const done: string[] = [];
  const answers: string[] = [];
  for (const target of targets) {
    const known = findTarget(scene, target);
    if (typeof known === 'string') answers.push(known);
    else if (isBusy(known.place.view, known.problemId)) answers.push(alreadyBusy(known.shortId));
    else if (await allowed(ports, scene, known.place, '`/sentry skip`')) {
      await skip(ports, scene, known);
      done.push(known.shortId);
    }
  }
  return done.length > 0 ? [skipped(done), ...answers] : answers;
}

async function skip(ports: Needs, { data }: Scene, { place, problemId }: Known): Promise<void> {
  await ports.store.transaction(async (rows) => {
    await rows.saveSkip(place.binding.id, { problemId, by: data.author.login, at: data.at });
    await rows.send([refreshJob(place.binding.id)]);
  });
}

export async function archiveOne(
  ports: Needs,
  scene: Scene,
  asked: { target: Target; reason: string },
): Promise<string[]> {
  const known = findTarget(scene, asked.target);
  if (typeof known === 'string') return [known];
  if (isBusy(known.place.view, known.problemId)) return [alreadyBusy(known.shortId)];
  if (!(await allowed(ports, scene, known.place, '`/sentry archive`'))) return [];
  const { login: by } = scene.data.author;
  const reason = `${inline(asked.reason, 200)}.`.replace(/([.!?])\.$/, '$1');
  const { binding } = known.place;
  const { at } = scene.data;
  await ports.store.send([archiveJob({ binding, problemId: known.problemId, by, at, reason })]);
  return [archiving(known.shortId)];
}

/** A person's pull request becomes the fix: the same rules settle it. */
export async function linkPull(ports: Needs, scene: Scene, target: Target): Promise<string[]> {
  const { data } = scene;
  if (!data.onPullRequest) return [linkOnlyOnPulls];
  if (scene.fix?.fix.facts.proposal) return [linkOnOurs];
  const known = findTarget(scene, target);
  if (typeof known === 'string') return [known];
  if (!(await allowed(ports, scene, known.place, '`/sentry link`'))) return [];
  const pull = await ports.host.readPullRequest(data.repo, data.issue);
  if (!pull || pull.state !== 'open') return [linkOnlyOnPulls];
  const created = await saveLinked(ports, scene, { known, pull });
  return [created ? linked(known.shortId, pull.number) : alreadyBusy(known.shortId)];
}

async function saveLinked(
  ports: Needs,
  { data }: Scene,
  { known, pull }: { known: Known; pull: PullRequest },
): Promise<boolean> {
  const { place, problemId } = known;
  const earlier = place.fixes.filter((fix) => fix.problemId === problemId);
  const shown = allProblems(place.view).find(({ id }) => id === problemId) ?? earlier.at(-1);
  if (!shown || earlier.some((fix) => isLive(fix.facts))) return false;
  const approval = { by: data.author.login, at: data.at, via: 'command' as const, hint: null };
  const id = globalThis.crypto.randomUUID();
  return ports.store.transaction(async (rows) => {
    const created = await rows.createFix({
      id,
      bindingId: place.binding.id,
      problemId,
      shortId: shown.shortId,
      title: shown.title,
      permalink: shown.permalink,
      attempt: earlier.length + 1,
      facts: {
        ...approvedFacts(approval),
        pull: pullFactsOf(pull),
      },
    });
    if (created) await rows.send([settleJob(id), refreshJob(place.binding.id)]);
    return created;
  });
}

/** Says no once per person and place, and gives false. */
async function allowed(ports: Needs, scene: Scene, place: Place, what: string): Promise<boolean> {
  const { author: person, issue } = scene.data;
  const { ok, role } = await mayApprove(ports, place.binding, person);
  if (!ok) await refusePerson(ports, { binding: place.binding, issue, person, role, what });
  return ok;
}
