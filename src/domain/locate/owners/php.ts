// Whose code a PHP frame is: one of Composer's packages, the interpreter, or unknown.
// It must not look at the repository.

import type { Owner, OwnerQuestion } from '../ownership.ts';

export function phpOwner({ path, segments }: OwnerQuestion): Owner | null {
  if (path === '[internal]' || path.startsWith('phar:')) return { whose: 'runtime' };
  const vendor = segments.lastIndexOf('vendor');
  if (vendor < 0 || segments.length - vendor < 4) return null;
  const name = segments.slice(vendor + 1, vendor + 3).join('/');
  return { whose: 'package', name, rest: segments.slice(vendor + 3) };
}
