// Writing down what became of a fix: its progress and its end.

import { Later, Refusal } from '../domain/failure.ts';
import type { Ending, Fix, FixFacts } from '../domain/fix.ts';
import { code } from '../domain/untrusted.ts';
import type { JobData, Ports } from '../ports.ts';
import { refreshJob, settleJob } from './receive-delivery.ts';

type Needs = Pick<Ports, 'store' | 'clock'>;

/** A refusal that proposes to archive instead of asking for a person's fix. */
export class NotActionable extends Refusal {}

/** A person has withdrawn the fix while it was worked on. */
export class Withdrawn extends Error {
  override name = 'Withdrawn';
  constructor() {
    super('A person has withdrawn it.');
  }
}

type Ended = {
  kind: Ending['kind'];
  reason: string;
  ladder: FixFacts['ladder'];
  attempts?: FixFacts['attempts'];
};

/** Ends a fix without a pull request and lets the issue say why. */
export async function endFix(ports: Needs, fix: Fix, ended: Ended): Promise<void> {
  const at = ports.clock.now();
  await changeFacts(ports, fix, (facts) => ({
    ...facts,
    progress: null,
    ladder: ended.ladder.length > 0 ? ended.ladder : facts.ladder,
    attempts: [...facts.attempts, ...(ended.attempts ?? [])],
    ending: { kind: ended.kind, reason: ended.reason, at },
  }));
  await ports.store.send([settleJob(fix.id), refreshJob(fix.bindingId)]);
}

/** What becomes of a fix whose job threw: a refusal is told, a bug only when it was the last try. */
export async function fixStopped(
  ports: Ports,
  data: JobData['fix'],
  stop: { error: unknown; final: boolean; run: string },
): Promise<boolean> {
  const stopped = await ports.store.readFix(data.fixId);
  if (!stopped) return true;
  const { error } = stop;
  if (error instanceof Withdrawn) {
    await ports.store.send([settleJob(stopped.id), refreshJob(stopped.bindingId)]);
    return true;
  }
  // Nothing of this run was written: the queue tries again, and the timer after it.
  if (stopped.facts.run !== stop.run) return false;
  if (error instanceof NotActionable)
    await endFix(ports, stopped, { kind: 'to-archive', reason: error.message, ladder: [] });
  else if (error instanceof Refusal)
    await endFix(ports, stopped, { kind: 'refused', reason: error.message, ladder: [] });
  else if (stop.final) await endFix(ports, stopped, { kind: 'failed', reason: bugText(stopped), ladder: [] });
  else return false;
  return error instanceof Refusal;
}

function bugText(fix: Fix): string {
  return `Something broke on my side (reference ${code(fix.id.slice(0, 8), 12)} in the log). \`/sentry retry ${fix.shortId}\` tries again.`;
}

/**
 * Changes the facts of a fix under its row lock. Throws Later when another run has taken the fix over meanwhile: a
 * process that slept must not go on with what somebody else does now. Throws Withdrawn when nobody wants it any more.
 */
export async function changeFacts(
  ports: Pick<Ports, 'store'>,
  fix: Fix,
  edit: (facts: FixFacts) => FixFacts,
): Promise<void> {
  let isOurs = true;
  let isWanted = true;
  await ports.store.updateFix(fix.id, (known) => {
    isOurs = known.facts.run === fix.facts.run;
    isWanted = known.facts.ending?.kind !== 'withdrawn';
    return isOurs && isWanted ? { ...known, facts: edit(known.facts) } : known;
  });
  if (!isWanted) throw new Withdrawn();
  if (!isOurs) throw new Later(`Another run works on the fix of ${fix.shortId}.`, 60_000);
}
