// A fix whose problem has the same root as a fix that is under way joins that one's pull request (promise 2). Who
// holds a root is decided by the database, so that two approvals at once cannot both lead.

import { Later } from '../domain/failure.ts';
import type { Ending, Fix, FixFacts } from '../domain/fix.ts';
import { isLive, stageOf } from '../domain/stage.ts';
import { withJoined } from '../domain/pull/joined.ts';
import type { Binding } from '../domain/problem.ts';
import type { Joiner } from '../domain/crash/root.ts';
import { joins, sameRootEnded } from '../domain/wording.ts';
import type { Ports, Rows } from '../ports.ts';
import { refreshJob, settleJob } from './receive-delivery.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'signer' | 'log'>;

/** The fix with its root noted; null when it joined another one: then there is nothing left for it but to wait. */
export async function joinRoot(
  ports: Pick<Ports, 'store' | 'clock' | 'log'>,
  fix: Fix,
  root: string | null,
): Promise<Fix | null> {
  if (root === null) return fix;
  const since = ports.clock.now();
  const own = await ports.store.transaction(async (rows) => {
    const holder = await rows.claimRoot(fix.id, root);
    if (holder === null) throw new Later(`The fix of ${fix.shortId} has ended meanwhile.`, 60_000);
    if (holder === fix.id) return editOwn(rows, fix, (facts) => ({ ...facts, root }));
    const lead = await addJoiner(rows, holder, fix);
    const progress = { step: joins(lead.shortId), since };
    const joined = { fixId: lead.id, shortId: lead.shortId };
    await rows.send([settleJob(lead.id), settleJob(fix.id), refreshJob(fix.bindingId)]);
    return editOwn(rows, fix, (facts) => ({ ...facts, joined, progress }));
  });
  const { joined } = own.facts;
  if (joined) ports.log.info({ fix: fix.id, joined: joined.fixId }, 'same root as a fix that is under way');
  return joined ? null : own;
}

/** Throws Later when the other one ended at this very moment: the next try finds the root free. */
async function addJoiner(rows: Rows, leaderId: string, fix: Fix): Promise<Fix> {
  const lead = await rows.updateFix(leaderId, (known) => {
    const others = known.facts.joiners.filter(({ fixId }) => fixId !== fix.id);
    const joiners = [...others, joinerOf(fix)];
    return isLive(known.facts) ? { ...known, facts: { ...known.facts, joiners } } : known;
  });
  if (lead?.facts.joiners.some(({ fixId }) => fixId === fix.id)) return lead;
  throw new Later(`The fix that ${fix.shortId} was to join has just ended.`, 1_000);
}

async function editOwn(rows: Rows, fix: Fix, edit: (facts: FixFacts) => FixFacts): Promise<Fix> {
  const changed = await rows.updateFix(fix.id, (known) =>
    known.facts.run === fix.facts.run ? { ...known, facts: edit(known.facts) } : known,
  );
  if (changed?.facts.run === fix.facts.run) return changed;
  throw new Later(`Another run works on the fix of ${fix.shortId}.`, 60_000);
}

/** What the fix it joins has to know of it. */
export function joinerOf(fix: Fix): Joiner {
  const { id, problemId, shortId, title, permalink, attempt } = fix;
  const { by, at, via } = fix.facts.approval;
  return { fixId: id, problemId, shortId, title, permalink, attempt, approval: { by, at, via }, told: false };
}

/** 1. the pull request lists everybody who joined  2. each of them learns of it, or of the end  3. remember that. */
export async function tellJoiners(ports: Needs, binding: Binding, fix: Fix): Promise<Fix | null> {
  const { joiners } = fix.facts;
  if (stageOf(fix.facts) === 'proposed') await listInPull(ports, binding, fix);
  for (const joiner of joiners.filter(({ told }) => !told)) await tell(ports, fix, joiner);
  const told = new Set(joiners.map(({ fixId }) => fixId));
  return ports.store.updateFix(fix.id, (known) => ({
    ...known,
    facts: {
      ...known.facts,
      joiners: known.facts.joiners.map((one) => (told.has(one.fixId) ? { ...one, told: true } : one)),
    },
  }));
}

async function listInPull(ports: Needs, binding: Binding, fix: Fix): Promise<void> {
  const pull = await ports.host.readPullRequest(binding.repo, fix.facts.pull?.number ?? 0);
  if (pull?.state !== 'open') return;
  const names = { signer: ports.signer, bindingId: binding.id };
  const body = withJoined(pull.body, fix.facts.joiners, names);
  if (body !== pull.body) await ports.host.updateIssue(binding.repo, pull.number, { body });
}

async function tell(ports: Needs, fix: Fix, joiner: Joiner): Promise<void> {
  const { pull, ending, proposedAt } = fix.facts;
  const at = ports.clock.now();
  await ports.store.updateFix(joiner.fixId, (known) => {
    if (known.facts.joined?.fixId !== fix.id) return known;
    const facts = { ...known.facts, progress: null };
    if (pull)
      return { ...known, facts: { ...facts, pull: facts.pull ?? pull, proposedAt: proposedAt ?? at } };
    return { ...known, facts: { ...facts, ending: ending && endingOf(fix, ending) } };
  });
  await ports.store.send([settleJob(joiner.fixId), refreshJob(fix.bindingId)]);
}

function endingOf(fix: Fix, ending: Ending): Ending {
  return { ...ending, reason: sameRootEnded(fix.shortId, ending.reason) };
}
