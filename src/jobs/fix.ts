// One approved fix, from the newest event to an open pull request. Safe to run again from any point:
// whatever an earlier run left behind (worktree, branch, pull request) is found and used or replaced.

import { crashClass } from '../domain/crash/crash-event.ts';
import { earlierAttempts } from '../domain/record/earlier.ts';
import { Refusal } from '../domain/failure.ts';
import { worktreeName, type Fix } from '../domain/fix.ts';
import { todosOf } from '../domain/stage.ts';
import type { Binding } from '../domain/problem.ts';
import { crashOf, rootKey } from '../domain/crash/root.ts';
import { code } from '../domain/untrusted.ts';
import type { JobData, Ports, PullRequest, Repository } from '../ports.ts';
import { mayApprove } from './approve.ts';
import { bindingOf } from './bindings.ts';
import { chosenFixers } from './chosen-fixers.ts';
import type { Found } from './diagnose-crash.ts';
import { changeFacts, endFix, NotActionable } from './fix-facts.ts';
import { joinRoot } from './join.ts';
import { findPullRequest } from './find-pull.ts';
import { enterLedger } from './ledger.ts';
import { propose, proposed } from './propose.ts';
import { readCase, type Case } from './read-case.ts';
import { refreshJob } from './receive-delivery.ts';
import { repair } from './repair.ts';
import { together } from './together.ts';
import { waitsForTurn } from './take-turns.ts';
import { withSteps } from './tell-steps.ts';
import { whileWanted } from './watch-wish.ts';
import { withDiary } from './work-diary.ts';

/** 1. its turn, and still wanted?  2. proposed already?  3. read and place the crash  4. repair  5. propose. */
export async function fix(ports: Ports, data: JobData['fix'], run: string): Promise<void> {
  if (await waitsForTurn(ports, data.fixId)) return;
  const taken = await begin(ports, data.fixId, run);
  if (!taken) return;
  const { begun, previous } = taken;
  const binding = bindingOf(ports, begun.bindingId);
  const read = await readUnlessProposed(ports, binding, begun);
  if ('existing' in read) return proposed(ports, begun, read.existing);
  const { problem, event, settings, access, repository, base, found } = read;
  await noteFound(ports, begun, { found, crash: crashClass(event) });
  const root = rootKey(found.location, crashOf(event.exceptions, found.location));
  const own = await takePlace(ports, { binding, fix: begun, root, found, repository, base: base.commit });
  if (own === null) return;
  // An earlier run that was given up may have gone on to open it since.
  const late = own.facts.proposal && (await findPullRequest(ports, binding, own));
  if (late) return proposed(ports, own, late);
  if (previous !== null) await repository.removeWorktree(worktreeName(begun.id, previous));
  const earlier = earlierAttempts(await ports.store.readFixes(binding.id), own);
  const worktree = await repository.openWorktree(worktreeName(begun.id, run), base.commit);
  const fixers = chosenFixers(ports.fixers, begun.facts.approval.fixer);
  const input = {
    task: { problem, event, ...found, hint: begun.facts.approval.hint, earlier, previousFailure: null },
    worktree,
    protectedPaths: settings.protectedPaths,
    checks: settings.checks,
    limits: settings.limits,
  };
  const repaired = await withDiary(ports, { binding, fix: begun, fixers }, (followed) =>
    whileWanted(ports, { fixId: begun.id, isWanted }, (signal) =>
      withSteps(ports, begun, (progress) =>
        repair({ ...ports, fixers: followed }, { ...input, progress, signal }),
      ),
    ),
  );
  if (repaired.outcome !== 'fixed') {
    const { outcome: kind, reason, ladder, attempts } = repaired;
    return endFix(ports, begun, { kind, reason, ladder, attempts });
  }
  await propose(ports, {
    fix: own,
    binding,
    problem,
    found,
    repaired,
    worktree,
    access,
    base: base.branch,
    earlier,
  });
}

const isWanted = ({ facts }: Fix): boolean => facts.ending?.kind !== 'withdrawn';

type Placed = {
  binding: Binding;
  fix: Fix;
  root: string | null;
  found: Found;
  repository: Repository;
  base: string;
};

/** Joins a fix with the same root, or enters the ledger. Null when there is nothing to do for now. */
async function takePlace(ports: Ports, placed: Placed): Promise<Fix | null> {
  const own = await joinRoot(ports, placed.fix, placed.root);
  const { suspect } = placed.found.location;
  return own && suspect && enterLedger(ports, { ...placed, fix: own, paths: [suspect.path] });
}

type Taken = { begun: Fix; /** The run before, whose worktree may lie about. */ previous: string | null };

/** Takes the fix up, unless it has ended or was proposed meanwhile. */
async function begin(ports: Ports, fixId: string, run: string): Promise<Taken | null> {
  const since = ports.clock.now();
  let previous: string | null = null;
  const begun = await ports.store.updateFix(fixId, (fix) => {
    if (todosOf(fix.facts)[0] !== 'work') return fix;
    previous = fix.facts.run;
    // One that waits for somebody else is looked at quietly: most looks change nothing.
    const isQuiet = fix.facts.held !== null && fix.facts.anyway === null;
    const progress = isQuiet ? null : { step: 'reading the newest event', since };
    return { ...fix, facts: { ...fix.facts, run, progress } };
  });
  if (begun === null || begun.facts.run !== run) return null;
  if (begun.facts.progress) await ports.store.send([refreshJob(begun.bindingId)]);
  return { begun, previous };
}

/** Asked all together: an open pull request makes the rest needless, whatever came of it. */
async function readUnlessProposed(
  ports: Ports,
  binding: Binding,
  fix: Fix,
): Promise<Case | { existing: PullRequest }> {
  const reading = together([stillAllowed(ports, binding, fix), readCase(ports, { binding, fix })]);
  const [existing] = await Promise.all([
    findPullRequest(ports, binding, fix),
    reading.catch(() => undefined),
  ]);
  return existing ? { existing } : (await reading)[1];
}

/** The role is asked again at the moment of work: it may have been taken away since the tick. */
export async function stillAllowed(ports: Ports, binding: Binding, fix: Fix): Promise<void> {
  const { by } = fix.facts.approval;
  const { ok } = await mayApprove(ports, binding, { login: by, kind: 'human' });
  if (!ok) throw new Refusal(`${code(by, 40)} approved this but may not write to the repository any more.`);
}

/** Remembers place and diagnosis, and stops where code must not change. */
async function noteFound(
  ports: Ports,
  fix: Fix,
  { found, crash }: { found: Found; crash: string | null },
): Promise<void> {
  const { location, diagnosis } = found;
  const place = location.suspect ? `${location.suspect.path}:${location.suspect.line}` : null;
  await changeFacts(ports, fix, (facts) => ({ ...facts, place, crash, diagnosis: diagnosis.sentences }));
  if (!diagnosis.actionable)
    throw new NotActionable(diagnosis.reason ?? 'There is nothing in this repository to change.');
  if (location.refusal !== null) throw new Refusal(location.refusal);
  if (location.suspect === null) throw new Refusal('I found no line of this repository in the stack trace.');
}
