// Frames inside installed packages: which of them are of this repository, because it is that package.
// It must not read files.

import { byBuildOutput, sourceInstead } from './build-output.ts';
import type { FrameQuestion, PathFinding, PathQuestion } from './find-path.ts';
import type { OwnPackage } from './manifests.ts';
import { byPath } from './match-path.ts';
import { byModule, preferNamed } from './named-place.ts';
import type { Owner } from './ownership.ts';

const nothing: PathFinding = { rule: 'no file', candidates: [], confidence: 0, own: true, lineHolds: true };

/** A frame inside an installed package is ours only when this repository is that package. */
export function byPackage(owner: Owner & { whose: 'package' }, question: FrameQuestion): PathFinding {
  const { index, manifests, language } = question;
  const own = manifests.packages.filter((one) => one.language === language && isPackage(one, owner.name));
  if (own.length === 0) return byWholePackagePath(owner, question);
  const paths = own.map((one) => [one.dir, ...owner.rest].filter((part) => part !== '').join('/'));
  const present = [...new Set(paths)].filter((path) => index.has(path));
  const exact: PathFinding = {
    ...nothing,
    rule: 'package manifest',
    candidates: present,
    confidence: 0.96 / present.length,
  };
  if (present.length > 0) return sourceInstead(exact, question);
  const inside = byPath({ segments: owner.rest, rooted: false, served: false }, index);
  return (
    preferNamed(inside ?? byBuildOutput(owner.rest, question), question) ?? byModule(question) ?? nothing
  );
}

/** Folders and imports spell a name in their own way: `my-shop`, `my_shop`, `My_Shop`. */
function isPackage(own: OwnPackage, name: string): boolean {
  return spelled(own.name) === spelled(name);
}

function spelled(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/**
 * Python installs `src/shop/cart.py` as `site-packages/shop/cart.py`, and its folder need not be the name
 * of the distribution: a repository that has the whole path below a folder of its own is that package.
 */
function byWholePackagePath(
  owner: Owner & { whose: 'package' },
  { index, manifests, language }: FrameQuestion,
): PathFinding {
  const foreign: PathFinding = { ...nothing, rule: 'third party', own: false };
  if (language === 'go' && isLinkedIn(owner, { index, manifests })) return exactly(owner.rest.join('/'));
  if (language !== 'python' || owner.rest.length < 2) return foreign;
  const found = byPath({ segments: owner.rest, rooted: false, served: false }, index);
  const whole = found?.rule === 'exact path' || found?.rule === 'unique suffix';
  return found && whole ? { ...found, rule: 'package manifest' } : foreign;
}

/** Before modules, projects linked themselves into their own workspace: nothing of them is vendored there. */
function isLinkedIn(
  { name, rest }: Owner & { whose: 'package' },
  { index, manifests }: Pick<PathQuestion, 'index' | 'manifests'>,
): boolean {
  const path = rest.join('/');
  const modules = manifests.packages.some((one) => one.language === 'go');
  return (
    rest.length > 1 &&
    !modules &&
    index.has(path) &&
    !index.named(rest.at(-1) ?? '').some((file) => file.endsWith(`${name}/${path}`))
  );
}

function exactly(path: string): PathFinding {
  return { ...nothing, rule: 'package manifest', candidates: [path], confidence: 0.85 };
}
