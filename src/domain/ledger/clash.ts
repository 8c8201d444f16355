// Why a fix waits before it touches a file: somebody else works on it. Texts for people; what is named is hostile.

import type { DeclaredRun } from './active-runs.ts';
import { utcMinute } from '../dates.ts';
import { activeRunsPath } from './active-runs.ts';
import type { Overlap } from './ledger.ts';
import { link } from '../links.ts';
import { code, inline } from '../untrusted.ts';

export type ChangingPull = { number: number; url: string; author: string; files: readonly string[] };

export type Clash =
  | { kind: 'run'; overlap: Overlap }
  | { kind: 'pull'; pull: ChangingPull; paths: string[] }
  | { kind: 'declared'; run: DeclaredRun; paths: string[] };

const most = 3;

/** A clause each, joined: `pull request 12 by bob changes src/a.ts, too`. */
export function clashText(clashes: readonly Clash[]): string {
  const texts = clashes.slice(0, most).map(oneText);
  const rest = clashes.length - texts.length;
  return [...texts, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}

function oneText(clash: Clash): string {
  switch (clash.kind) {
    case 'run': {
      const { run, member, paths } = clash.overlap;
      return `the run of ${inline(run.by, 40)} (${inline(member.shortId, 60)}, since ${utcMinute(member.at)}) works on ${pathsText(paths)}`;
    }
    case 'pull': {
      const { pull, paths } = clash;
      return `${link(`pull request ${pull.number}`, pull.url)} by ${inline(pull.author, 40)} changes ${pathsText(paths)}`;
    }
    case 'declared': {
      const { run, paths } = clash;
      return `${code(activeRunsPath, 60)} lists ${inline(run.name, 80)} on ${pathsText(paths)}`;
    }
  }
}

function pathsText(paths: readonly string[]): string {
  return paths
    .slice(0, most)
    .map((path) => code(path, 140))
    .join(', ');
}
