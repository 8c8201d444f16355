// Where a command was written and what it can mean there: which bindings, which problems, which numbers.

import { nearest } from '../domain/triage/nearest.ts';
import type { Binding, Problem } from '../domain/problem.ts';
import type { Target } from '../domain/triage/command.ts';
import type { Fix } from '../domain/fix.ts';
import type { TriageView } from '../domain/triage/triage-view.ts';
import { noSuchNumber, unknownProblem, whichTable } from '../domain/wording.ts';
import type { JobData, Ports } from '../ports.ts';
import { bindingOfTriage, bindingsOf } from './bindings.ts';
import { readView } from './view.ts';

export type Comment = JobData['read-comment'];

export type Place = {
  binding: Binding;
  view: TriageView;
  fixes: readonly Fix[];
  /** Ids of the problems in the table, as last written. */
  shown: readonly string[];
};

export type Scene = {
  data: Comment;
  places: readonly Place[];
  /** The fix whose pull request the comment stands on. */
  fix: { place: Place; fix: Fix } | null;
};

export type Known = { place: Place; problemId: string; shortId: string };

/** One name for a comment as it was written, and another for each time it was edited. */
export function turnOf(data: Comment): string {
  return data.bodyBefore === null ? `${data.comment}` : `${data.comment}:${data.at}`;
}

/** On a triage issue only its own binding counts; elsewhere every binding of the repository. */
export async function readScene(
  ports: Pick<Ports, 'store' | 'clock' | 'bindings'>,
  data: Comment,
): Promise<Scene> {
  const own = await bindingOfTriage(ports, data.repo, data.issue);
  const bindings = bindingsOf(ports, data.repo).filter(({ id }) => own === null || id === own.id);
  const places = await Promise.all(
    bindings.map(async (binding) => ({
      binding,
      view: await readView(ports, binding),
      fixes: await ports.store.readFixes(binding.id),
      shown: (await ports.store.readIssue(binding.id))?.shown ?? [],
    })),
  );
  const found = places.flatMap((place) =>
    place.fixes
      .filter((fix) => data.onPullRequest && fix.facts.pull?.number === data.issue)
      .map((fix) => ({ place, fix })),
  );
  // Several may share one pull request; the one that made it answers for it.
  const made = found.findLast(({ fix }) => fix.facts.proposal !== null);
  return { data, places, fix: made ?? found.at(-1) ?? null };
}

/** The problem a person named, or a finished sentence why there is none. */
export function findTarget(scene: Scene, target: Target): Known | string {
  return target.kind === 'number' ? findNumber(scene, target.number) : findId(scene, target.shortId);
}

function findNumber(scene: Scene, number: number): Known | string {
  const [place, second] = scene.places;
  if (!place || second) return whichTable(number);
  const problemId = place.shown[number - 1];
  const known = problemId === undefined ? null : knownIn(place).find((one) => one.problemId === problemId);
  return known ?? noSuchNumber(number, place.shown.length);
}

function findId(scene: Scene, shortId: string): Known | string {
  const all = scene.places.flatMap(knownIn);
  const found = all.find((known) => known.shortId.toUpperCase() === shortId);
  const ids = all.map((known) => known.shortId);
  return found ?? unknownProblem(shortId, nearest(shortId, ids));
}

/** Everything a command may name: what is unresolved, and what has an earlier attempt. */
function knownIn(place: Place): Known[] {
  const problems: Pick<Problem, 'id' | 'shortId'>[] = [
    ...place.view.active,
    ...place.view.hidden.map(({ problem }) => problem),
  ];
  const tried = place.fixes.map((fix) => ({ id: fix.problemId, shortId: fix.shortId }));
  return [...problems, ...tried].map(({ id, shortId }) => ({ place, problemId: id, shortId }));
}
