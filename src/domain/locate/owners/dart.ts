// Whose code a Dart frame is: `dart:` is the runtime, `package:name/…` a package, which may be ours.
// It must not look at the repository.

import type { Owner, OwnerQuestion } from '../ownership.ts';

export function dartOwner({ path }: OwnerQuestion): Owner | null {
  if (/^(?:dart:|org-dartlang-sdk:)/.test(path)) return { whose: 'runtime' };
  const found = /^package:([^/]+)\/(.+)$/.exec(path);
  if (!found?.[1] || !found[2]) return null;
  return { whose: 'package', name: found[1], rest: ['lib', ...found[2].split('/')] };
}
