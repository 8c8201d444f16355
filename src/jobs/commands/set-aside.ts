// `/sentry skip` and `/sentry archive`: what nobody shall mend.

import type { Target } from '../../domain/triage/command.ts';
import { isBusy } from '../../domain/triage/triage-view.ts';
import { inline } from '../../domain/untrusted.ts';
import { alreadyBusy, archiving, skipped } from '../../domain/wording.ts';
import type { Ports } from '../../ports.ts';
import { archiveJob } from '../archive.ts';
import { refreshJob } from '../receive-delivery.ts';
import { findTarget, type Known, type Scene } from '../scene.ts';
import { allowed } from './allowed.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings' | 'signer'>;

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
