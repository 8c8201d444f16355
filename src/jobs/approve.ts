// Turns a permitted person's word into a fix, exactly once (promises 2, 3 and 4).

import { hasRole } from '../domain/triage/approval.ts';
import { Later } from '../domain/failure.ts';
import { approvedFacts, type Approval, type Fix } from '../domain/fix.ts';
import { mayWithdraw, stageOf } from '../domain/stage.ts';
import { repoName, type Binding } from '../domain/problem.ts';
import { batchOf } from '../domain/triage/batch.ts';
import { awaitsApproval, isBusy, type TriageView } from '../domain/triage/triage-view.ts';
import { notAllowed } from '../domain/wording.ts';
import type { Person, Ports, Role, Rows } from '../ports.ts';
import { registerPaths } from './ledger.ts';
import { fetchJob, fixJob, refreshJob, settleJob } from './receive-delivery.ts';
import { readKnownSettings, readView } from './view.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'signer'>;

export type Wish = {
  binding: Binding;
  problemId: string;
  approval: Approval;
  /** Names the act itself, so that the same tick or comment counts once however often it is told. */
  act: string;
  /**
   * Which earlier attempt without a pull request it starts again: any, none, or one that had ended before this word was
   * given, as a box does that stood there still because the issue could not be written meanwhile.
   */
  again: 'any' | 'none' | 'older';
  /** Go on even where somebody else works on the same file. */
  anyway?: boolean;
  /** Also start what somebody skipped: the person named it. */
  named: boolean;
};

export type Outcome = 'started' | 'already' | 'not-waiting';

/** The role of a human who may approve, else the reason why not. Bots never approve. */
export async function mayApprove(
  ports: Pick<Ports, 'host' | 'store'>,
  binding: Binding,
  person: Person,
): Promise<{ ok: boolean; role: Role }> {
  if (person.kind !== 'human') return { ok: false, role: 'none' };
  const role = await ports.host.readRole(binding.repo, person.login);
  const { settings } = await readKnownSettings(ports, binding);
  return { ok: hasRole(role, settings.minimumRole), role };
}

/** Saves the fix, its job and the refresh in one transaction. */
export async function approve(ports: Needs, wish: Wish): Promise<Outcome> {
  await untilListed(ports, wish.binding);
  const view = await readView(ports, wish.binding);
  const ended = [...view.needsPerson, ...view.toArchive].find((fix) => fix.problemId === wish.problemId);
  const may =
    awaitsApproval(view, wish.problemId) || (ended ? mayBeginAgain(ended, wish) : mayUnhide(view, wish));
  if (isBusy(view, wish.problemId)) return 'already';
  if (!may) return 'not-waiting';
  const { by, at } = wish.approval;
  const place = (await ports.store.readFindings(wish.binding.id)).find(
    (finding) => finding.problemId === wish.problemId,
  )?.place;
  const id = globalThis.crypto.randomUUID();
  return ports.store.transaction(async (rows) => {
    if (!(await rows.claim(`act:${wish.act}:${wish.problemId}`, ports.clock.now()))) return 'already';
    const problem = (await rows.readProblems(wish.binding.id)).find(
      (stored) => stored.problem.id === wish.problemId,
    )?.problem;
    const fixes = await rows.readFixes(wish.binding.id);
    const earlier = fixes.filter((fix) => fix.problemId === wish.problemId);
    const known = problem ?? earlier.at(-1);
    if (!known || earlier.some((fix) => wasRefusedSince(fix, wish.approval))) return 'not-waiting';
    if (earlier.some((fix) => isSettledBy(fix, wish.approval))) return 'already';
    const fix: Fix = {
      id,
      bindingId: wish.binding.id,
      problemId: wish.problemId,
      shortId: known.shortId,
      title: known.title,
      permalink: known.permalink,
      attempt: earlier.length + 1,
      facts: {
        ...approvedFacts(wish.approval),
        batch: batchOf(fixes, wish.approval, id),
        anyway: wish.anyway ? { by, at } : null,
      },
    };
    if (!(await rows.createFix(fix))) return 'already';
    await begin(
      rows,
      { binding: wish.binding, fix, paths: place ? [place.path] : [], now: ports.clock.now() },
      view,
    );
    return 'started';
  });
}

function mayBeginAgain({ facts: { ending } }: Fix, { again, approval }: Wish): boolean {
  return again === 'any' || (again === 'older' && ending !== null && ending.at < approval.at);
}

/** Noise by now, as what has been quiet for days, had its box when it was ticked: that word may come late. */
function mayUnhide(view: TriageView, { problemId, named }: Wish): boolean {
  const hidden = view.hidden.find(({ problem }) => problem.id === problemId);
  return hidden !== undefined && (named || hidden.rule !== 'skipped');
}

/** What goes with a new fix, in its transaction. */
async function begin(
  rows: Rows,
  entry: Parameters<typeof registerPaths>[1],
  view: TriageView,
): Promise<void> {
  const { binding, fix } = entry;
  await rows.removeSkip(binding.id, fix.problemId);
  await registerPaths(rows, entry);
  await rows.send([fixJob(fix.id, binding, view.settings.sideBySide), refreshJob(binding.id)]);
}

/** A pull request that was closed after this word: the word is older than the no (promise 7). */
function wasRefusedSince({ facts: { pull } }: Fix, { at }: Approval): boolean {
  return pull?.state === 'closed' && (pull.closedAt ?? 0) > at;
}

/** A word that comes late, or again after the database was lost: that attempt, or a younger one, was its answer. */
function isSettledBy({ facts }: Fix, { at }: Approval): boolean {
  return facts.approval.at >= at;
}

/** A database that is new knows neither problems nor earlier attempts: a word waits until both are read. */
export async function untilListed(ports: Pick<Ports, 'store'>, binding: Binding): Promise<void> {
  const state = await ports.store.readBindingState(binding.id);
  if ((state?.listedAt ?? null) !== null) return;
  await ports.store.send([fetchJob(binding.id)]);
  throw new Later(`The problems of ${binding.id} have not been read yet.`, 15_000);
}

/** Withdraws what was not proposed yet. Gives false when it was: then the pull request is the place to say no. */
export async function withdraw(
  ports: Needs,
  wish: { binding: Binding; problemId: string; by: string },
): Promise<boolean> {
  const at = ports.clock.now();
  const fixes = await ports.store.readFixes(wish.binding.id);
  const waiting = fixes.find((fix) => fix.problemId === wish.problemId && mayWithdraw(fix.facts));
  if (!waiting) return false;
  const changed = await ports.store.updateFix(waiting.id, (fix) => {
    if (!mayWithdraw(fix.facts)) return fix;
    return {
      ...fix,
      facts: { ...fix.facts, ending: { kind: 'withdrawn', reason: `Withdrawn by ${wish.by}.`, at } },
    };
  });
  await ports.store.send([settleJob(waiting.id), refreshJob(wish.binding.id)]);
  return changed !== null && stageOf(changed.facts) === 'withdrawn';
}

/** Says no politely, once per person and issue, however many boxes they tick. */
export async function refusePerson(
  ports: Needs,
  refused: { binding: Binding; issue: number; person: Person; role: Role; what: string },
): Promise<void> {
  const repo = repoName(refused.binding.repo);
  const key = `refused:${repo}#${refused.issue}:${refused.person.login}`.toLowerCase();
  if (!(await ports.store.claim(key, ports.clock.now()))) return;
  const required = (await readKnownSettings(ports, refused.binding)).settings.minimumRole;
  const { role, what } = refused;
  const text = notAllowed({ login: refused.person.login, role, required, what, repo });
  await ports.host.comment(refused.binding.repo, refused.issue, text);
}
