// `/sentry fix`: approves what a person names, or asks first when that is much. Gives the sentences to answer with.

import { confirmText } from '../../domain/triage/answers.ts';
import type { Selection, Target } from '../../domain/triage/command.ts';
import { repoName, type Problem } from '../../domain/problem.ts';
import {
  alreadyBusy,
  approved,
  goesOn,
  needsYes,
  noSuchFixer,
  nothingWaits,
  notWaiting,
} from '../../domain/wording.ts';
import type { Ports } from '../../ports.ts';
import { approve } from '../approve.ts';
import { goOnAnyway } from '../go-on.ts';
import { findTarget, turnOf, type Known, type Place, type Scene } from '../scene.ts';
import { allowed, allProblems } from './allowed.ts';

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

async function startAll(
  ports: Needs,
  scene: Scene,
  { place, problems, manner }: { place: Place; problems: readonly Problem[]; manner: Manner },
): Promise<string[]> {
  const outcomes: Started[] = [];
  for (const { id, shortId } of problems) {
    const known = { place, problemId: id, shortId };
    outcomes.push(await startOne(ports, scene, { known, hint: null, again: 'none', manner }));
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
      outcomes.push(await startOne(ports, scene, { known, hint: null, again: 'none', manner }));
  }
  return [...startedAnswers(outcomes), ...answers];
}

export type Started = { shortId: string; outcome: 'started' | 'goes-on' | 'already' | 'not-waiting' };

export function startedAnswers(outcomes: readonly Started[]): string[] {
  const started = outcomes.filter(({ outcome }) => outcome === 'started').map(({ shortId }) => shortId);
  const rest = outcomes
    .filter(({ outcome }) => outcome !== 'started')
    .map(({ shortId, outcome }) => unstarted[outcome === 'started' ? 'already' : outcome](shortId));
  return started.length > 0 ? [approved(started), ...rest] : rest;
}

const unstarted = { 'goes-on': goesOn, already: alreadyBusy, 'not-waiting': notWaiting };

type Start = { known: Known; hint: string | null; again: 'any' | 'none'; manner: Manner };

/** What to answer when the fixer that a person named is not set up here; null when it is, or when none was named. */
export function missingFixer({ fixers }: Needs, fixer: string | null): string | null {
  const names = fixers.map(({ name }) => name);
  return fixer === null || names.includes(fixer) ? null : noSuchFixer(fixer, names);
}

export async function startOne(ports: Needs, { data }: Scene, start: Start): Promise<Started> {
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
