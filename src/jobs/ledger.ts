// The run ledger around one fix: it is registered with its files before it is worked on, waits while somebody else
// works on them, and leaves when it has been proposed or has ended.

import { activeRunsPath, declaredOverlap, readActiveRuns } from '../domain/ledger/active-runs.ts';
import { clashText, type Clash } from '../domain/ledger/clash.ts';
import { Later } from '../domain/failure.ts';
import type { Fix } from '../domain/fix.ts';
import { stageOf } from '../domain/stage.ts';
import {
  close,
  enter,
  overlapping,
  register,
  shared,
  type Overlap,
  type Registering,
} from '../domain/ledger/ledger.ts';
import { repoName, type Binding } from '../domain/problem.ts';
import type { Ports, Repository, Rows } from '../ports.ts';
import { refreshJob } from './receive-delivery.ts';
import { giveWay, wakeWaiting } from './take-turns.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'log' | 'bindings'>;

export type Entering = {
  binding: Binding;
  fix: Fix;
  /** Where the change is expected. */
  paths: readonly string[];
  repository: Repository;
  /** The commit that it starts from. */
  base: string;
};

/** Writes the files of a fix into its batch's entry. */
export async function registerPaths(
  rows: Pick<Rows, 'updateLedger'>,
  entry: { binding: Binding; fix: Fix; paths: readonly string[]; now: number },
): Promise<readonly ReturnType<typeof register>[number][]> {
  return rows.updateLedger(repoName(entry.binding.repo), (runs) => register(runs, wishOf(entry)));
}

function wishOf({ binding, fix, paths, now }: Parameters<typeof registerPaths>[1]): Registering {
  const { id: fixId, shortId, facts } = fix;
  const runId = facts.batch ?? fixId;
  return { runId, bindingId: binding.id, by: facts.approval.by, fixId, shortId, paths, now };
}

/**
 * 1. register  2. who else works on these files  3. wait, visibly, or go on. Null while it waits. Throws Later when
 * it is a fix of the same batch that comes first: then nobody has to be asked.
 */
export async function enterLedger(ports: Needs, entering: Entering): Promise<Fix | null> {
  const { fix } = entering;
  const now = ports.clock.now();
  const earlier = await tryToEnter(ports, entering, now);
  const batch = fix.facts.batch ?? fix.id;
  const before = earlier.find(({ run }) => run.id === batch);
  if (before) {
    // Or each would wait for the other, where only one pull request may be opened.
    await giveWay(ports, entering.binding, fix);
    throw new Later(`${fix.shortId} comes after ${before.member.shortId}: the same file.`, 20_000);
  }
  if (fix.facts.anyway !== null) return goOn(ports, fix);
  const clashes: Clash[] = [
    ...earlier.map((overlap) => ({ kind: 'run' as const, overlap })),
    ...(await pullClashes(ports, entering, batch)),
    ...(await declaredClashes(entering, now)),
  ];
  return clashes.length === 0 ? goOn(ports, fix) : wait(ports, entering, clashText(clashes));
}

/** Registers the files and begins with them unless others have, in one step; gives the others. */
async function tryToEnter({ store }: Needs, entering: Entering, now: number): Promise<Overlap[]> {
  const { binding, fix, paths } = entering;
  const mine = { fixId: fix.id, paths, now };
  let others: Overlap[] = [];
  await store.updateLedger(repoName(binding.repo), (runs) => {
    const registered = register(runs, wishOf({ binding, fix, paths, now }));
    others = overlapping(registered, mine);
    const mayBegin = others.length === 0 || fix.facts.anyway !== null;
    return mayBegin ? enter(registered, fix.id, now) : registered;
  });
  return others;
}

/** Open pull requests of anybody that change these files, but those of the same batch, and our own of an earlier run. */
async function pullClashes(ports: Needs, entering: Entering, batch: string): Promise<Clash[]> {
  const { binding, fix, paths } = entering;
  const fixes = await ports.store.readFixes(binding.id);
  const own = fixes.filter((one) => one.id === fix.id || one.facts.batch === batch);
  const numbers = new Set(own.map(({ facts }) => facts.pull?.number));
  const pulls = await ports.host.listOpenPulls(binding.repo);
  return pulls
    .filter((pull) => !numbers.has(pull.number) && pull.headSha !== fix.facts.proposal?.commit)
    .map((pull) => ({ kind: 'pull' as const, pull, paths: shared(paths, pull.files) }))
    .filter((clash) => clash.paths.length > 0);
}

async function declaredClashes({ repository, base, paths }: Entering, now: number): Promise<Clash[]> {
  const text = await repository.readText(base, activeRunsPath);
  if (text === null) return [];
  const declared = declaredOverlap(readActiveRuns(text), { paths, now });
  return declared.map((one) => ({ kind: 'declared' as const, ...one }));
}

/** Null when it was withdrawn, or taken over, while it waited. */
async function goOn(ports: Needs, fix: Fix): Promise<Fix | null> {
  const since = ports.clock.now();
  const changed = await ports.store.updateFix(fix.id, (known) => {
    const stage = stageOf(known.facts);
    if ((stage !== 'approved' && stage !== 'working') || known.facts.run !== fix.facts.run) return known;
    const progress = known.facts.progress ?? { step: 'reading the newest event', since };
    return { ...known, facts: { ...known.facts, held: null, progress } };
  });
  return changed && stageOf(changed.facts) === 'working' && changed.facts.run === fix.facts.run
    ? changed
    : null;
}

async function wait(ports: Needs, { binding, fix }: Entering, why: string): Promise<null> {
  const now = ports.clock.now();
  await ports.store.updateLedger(repoName(binding.repo), (runs) => enter(runs, fix.id, null));
  const changed = await ports.store.updateFix(fix.id, (known) => {
    if (known.facts.run !== fix.facts.run) return known;
    const { life, ...facts } = known.facts;
    const held = { why, since: facts.held?.since ?? now };
    return { ...known, facts: { ...facts, held, progress: null, life: { ...life, turn: null } } };
  });
  if (changed?.facts.held?.why !== fix.facts.held?.why) await ports.store.send([refreshJob(fix.bindingId)]);
  // Its turn is somebody else's now.
  await wakeWaiting(ports, binding);
  ports.log.info({ fix: fix.id, problem: fix.shortId }, 'waits: somebody else works on the same file');
  return null;
}

/** Once it is proposed, has ended or joined another one: with the commit, or with why there is none. */
export async function leaveLedger(
  ports: Pick<Ports, 'store' | 'clock'>,
  binding: Binding,
  { id, facts }: Fix,
): Promise<void> {
  const { pull, proposal, ending, joined } = facts;
  if (facts.batch === null || (!pull && !ending && !joined)) return;
  const at = ports.clock.now();
  const aborted = joined ? `joined ${joined.shortId}` : (ending?.reason ?? 'a pull request of a person');
  const end = pull && proposal ? { commit: proposal.commit || pull.headSha, at } : { aborted, at };
  await ports.store.updateLedger(repoName(binding.repo), (runs) => close(runs, id, end));
}

/** A person says that it goes on though somebody else works on the file. False when it does not wait. */
export async function releaseHeld(
  rows: Pick<Rows, 'updateFix'>,
  fix: Fix,
  word: { by: string; at: number },
): Promise<boolean> {
  const changed = await rows.updateFix(fix.id, (known) => {
    const waits = known.facts.held !== null && stageOf(known.facts) === 'approved';
    return waits ? { ...known, facts: { ...known.facts, anyway: word } } : known;
  });
  return changed?.facts.anyway?.at === word.at;
}
