// Answers an agent that asks whether it may: by kind and target, once each. Every ruling goes on record.

import { realpathSync } from 'node:fs';
import path from 'node:path';
import { chooseOnce, ruleOn } from '../../domain/agent/agent-permission.ts';
import type { Copy } from '../copy.ts';
import type { Transcript } from './transcript.ts';
import type { Listener, ToolCall } from './turn.ts';

export type RulingOptions = {
  copy: Copy;
  protectedPaths: readonly string[];
  transcript: Transcript;
  /** No turn runs, or it was cancelled: nothing is granted any more. */
  isOver: () => boolean;
};

export function createRulings(options: RulingOptions): Listener['asked'] {
  const { copy, protectedPaths, transcript, isOver } = options;
  return (call, choices) => {
    const paths = call.paths.map((file) => insidePath(copy, file));
    const ruling = ruleOn({ kind: call.kind, paths }, protectedPaths);
    const optionId = isOver() ? null : chooseOnce(choices, ruling.allow);
    transcript.write('asked', { call, choices, ruling, optionId });
    return optionId;
  };
}

/** The paths of a call as people know them. */
export function pathsOf(copy: Copy, call: ToolCall): (string | null)[] {
  return call.paths.map((file) => insidePath(copy, file));
}

/** Relative to the copy, with forward slashes; null for one outside, also by a link. */
function insidePath({ dir, linked }: Copy, file: string): string | null {
  const absolute = path.resolve(dir, file);
  const real = realOfNearest(absolute);
  const isInside = [dir, ...linked].some((root) => real === root || real.startsWith(root + path.sep));
  const relative = path.relative(dir, absolute);
  if (!isInside || relative.startsWith('..') || path.isAbsolute(relative)) return null;
  return relative.split(path.sep).join('/');
}

/** A new file is where its nearest folder really is. */
function realOfNearest(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const parent = path.dirname(file);
    return parent === file ? file : path.join(realOfNearest(parent), path.basename(file));
  }
}
