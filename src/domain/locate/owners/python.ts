// Whose code a Python frame is: the interpreter's library, an installed package, or unknown.
// It must not look at the repository.

import type { Owner, OwnerQuestion } from '../ownership.ts';

export function pythonOwner({ path, segments }: OwnerQuestion): Owner | null {
  if (/^<(?:frozen |string>|stdin>|console>|__array_function__)/.test(path)) return { whose: 'runtime' };
  const installed = segments.findLastIndex((part) => part === 'site-packages' || part === 'dist-packages');
  if (installed >= 0) return packageOf(segments.slice(installed + 1));
  const checkout = editableCheckout(segments);
  if (checkout) return checkout;
  return /(?:^|\/)lib(?:64)?\/python\d[\d.]*\/|\/python\d[\d.]*(?:\.zip|\/lib)\//i.test(path)
    ? { whose: 'runtime' }
    : null;
}

/** A package's top folder is its name for us; the distribution may be called otherwise. */
function packageOf(rest: string[]): Owner {
  return { whose: 'package', name: (rest[0] ?? '').replace(/\.py$/, ''), rest };
}

/** pip puts packages from version control into `<environment>/src/<name>`. */
function editableCheckout(segments: readonly string[]): Owner | null {
  const at = segments.findIndex((part) => /^\.?v?env$|^\.?virtualenv$/.test(part));
  if (at < 0) return null;
  const rest = segments[at + 1] === 'src' ? segments.slice(at + 3) : segments.slice(at + 1);
  return { whose: 'package', name: rest[0] ?? '', rest };
}
