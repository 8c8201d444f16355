// Whose code a Go frame is: the standard library, a module of the module cache or of `vendor`, or unknown.
// It must not look at the repository.

import type { Owner, OwnerQuestion } from '../ownership.ts';

/** First folders of the standard library's packages, as `-trimpath` leaves them. */
const standardFolders = new Set(
  (
    'archive bufio bytes cmp compress container context crypto database debug embed encoding errors expvar ' +
    'flag fmt go hash html image index internal io iter log maps math mime net os path plugin reflect ' +
    'regexp runtime slices sort strconv strings structs sync syscall testing text time unicode unique unsafe'
  ).split(' '),
);

const goRoot = /\/(?:go|go-?\d[\d.]*|libexec|x64|arm64|sdk\/go[\d.]*)\/src\/[a-z]+\/(?!.*\.[a-z]+\/)/i;

export function goOwner({ path, segments, frame }: OwnerQuestion): Owner | null {
  const cached = moduleCache(segments);
  if (cached) return cached;
  const vendored = vendoredModule(segments);
  if (vendored) return vendored;
  return isStandard(path, segments, frame.module) ? { whose: 'runtime' } : null;
}

function isStandard(path: string, segments: readonly string[], module: string | null): boolean {
  if (module !== null && module !== 'main' && !module.includes('.') && path.includes(`/src/${module}/`))
    return true;
  if (goRoot.test(path)) return standardFolders.has(path.replace(/^.*\/src\//, '').split('/')[0] ?? '');
  return (
    module !== null && segments.slice(0, -1).join('/') === module && standardFolders.has(segments[0] ?? '')
  );
}

/** `vendor/github.com/x/y/z.go`, and `Godeps/_workspace/src/…` of older days. */
function vendoredModule(segments: readonly string[]): Owner | null {
  const godeps = segments.lastIndexOf('Godeps');
  const folder = segments.findLastIndex((part) => part === 'vendor' || part === 'third_party');
  const at = godeps > folder ? godeps + 2 : folder;
  if (at < 0 || segments[at + 1]?.includes('.') !== true) return null;
  const name = segments.slice(at + 1, at + 4);
  return { whose: 'package', name: name.join('/'), rest: segments.slice(at + 4) };
}

/** `/go/pkg/mod/github.com/x/y@v1.2.3/z.go`, and `github.com/x/y@v1.2.3/z.go` with `-trimpath`. */
function moduleCache(segments: readonly string[]): Owner | null {
  const at = segments.findIndex((part) => /@v\d/.test(part));
  if (at < 0) return null;
  const start = segments.findIndex((part, index) => part === 'mod' && segments[index - 1] === 'pkg') + 1;
  const name = [...segments.slice(start, at), segments[at]?.replace(/@v\d.*$/, '')].join('/');
  return { whose: 'package', name, rest: segments.slice(at + 1) };
}
