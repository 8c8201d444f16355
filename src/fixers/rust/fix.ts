// Rust: asks each template in turn, and keeps the first plan that the target's own compiler accepts.
// It must leave the checkout untouched when it refuses.

import type { FixerResult, FixTask, Toolchain } from '../../ports.ts';
import type { Target } from '../templates/eligible.ts';
import { isDeclined, nearestFirst, refused } from '../templates/template.ts';
import type { Declined } from '../templates/template.ts';
import { openCrate } from './crate.ts';
import { panicOf } from './panic.ts';
import { readSource } from './source.ts';
import type { ParseRust } from './source.ts';
import { rustTemplates } from './table.ts';
import type { RustScene } from './template.ts';
import { openTrial } from './trial.ts';
import type { Trial } from './trial.ts';

export type RustTools = { parse: ParseRust; toolchain: Toolchain };

type Place = { target: Target; dir: string; tools: RustTools };

/** Takes a file that a template may touch; `dir` is the resolved checkout. */
export async function fixRust(task: FixTask, place: Place): Promise<FixerResult> {
  const scene = sceneOf(task, place);
  if (isDeclined(scene)) return refused('templates', scene);
  const tried: { what: string; declined: Declined }[] = [];
  let trial: Trial | Declined | null = null;
  for (const template of rustTemplates.filter((one) => one.kinds.includes(scene.panic.kind))) {
    const groups = template.plan(scene);
    if (isDeclined(groups)) {
      tried.push({ what: template.name, declined: groups });
      continue;
    }
    trial ??= await openTrial(place.tools.toolchain, { dir: place.dir, target: place.target });
    if (isDeclined(trial)) return refused(template.name, trial);
    const kept = await trial.firstAccepted(groups);
    if (!isDeclined(kept)) return { outcome: 'changed', description: kept.description };
    tried.push({ what: template.name, declined: kept });
  }
  return { outcome: 'refused', tried: nearestFirst(tried) };
}

function sceneOf(task: FixTask, { target, dir, tools }: Place): RustScene | Declined {
  const panic = panicOf(task.event);
  if (isDeclined(panic)) return panic;
  const crate = openCrate(dir, target.path);
  if (!crate) return { why: `No \`Cargo.toml\` of the repository holds \`${target.suspect.path}\`.` };
  const source = readSource(tools.parse, target.suspect.path, target.text);
  return { panic, suspect: target.suspect, frames: task.location.frames, source, parse: tools.parse, crate };
}
