// `/sentry link`: a person's own pull request takes the place of one of ours.

import type { Target } from '../../domain/triage/command.ts';
import { approvedFacts } from '../../domain/fix.ts';
import { isLive } from '../../domain/stage.ts';
import { alreadyBusy, linked, linkOnlyOnPulls, linkOnOurs } from '../../domain/wording.ts';
import type { Ports, PullRequest } from '../../ports.ts';
import { pullFactsOf } from '../rebuild.ts';
import { refreshJob, settleJob } from '../receive-delivery.ts';
import { findTarget, type Known, type Scene } from '../scene.ts';
import { allowed, allProblems } from './allowed.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings' | 'signer'>;

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
