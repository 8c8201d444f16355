// Problems without events, cheap enough for ten thousand.
// Must not notify anyone.

import { randomBytes } from 'node:crypto';
import { addIssue } from './ingest.ts';
import type { Project, World } from './state.ts';

export type SyntheticIssues = {
  org: string;
  project: string;
  count: number;
  /** Text before the number in the title; `Synthetic` when absent. */
  title?: string;
  level?: string;
  /** Events of each; a falling series from `count` down when absent. */
  events?: number;
  lastSeen?: number;
};

type Synthetic = Omit<SyntheticIssues, 'project'> & { project: Project };

export function addSynthetic(world: World, input: Synthetic): void {
  const { project } = input;
  const lastSeen = input.lastSeen ?? world.now();
  for (let index = 0; index < input.count; index += 1) {
    const value = `${input.title ?? 'Synthetic'} ${index + 1}`;
    const issue = addIssue(world, project, {
      hash: randomBytes(16).toString('hex'),
      title: `TypeError: ${value}`,
      culprit: `handle(src:route${index + 1})`,
      type: 'error',
      level: input.level ?? 'error',
      metadata: { type: 'TypeError', value, filename: `/app/src/route${index + 1}.ts`, function: 'handle' },
      platform: project.platform,
      unhandled: true,
      at: lastSeen,
    });
    issue.seen.push({ at: lastSeen, count: input.events ?? input.count - index });
    issue.syntheticUsers = 1;
  }
}
