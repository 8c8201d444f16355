// Whose code a Ruby frame is: the interpreter's library, a gem, or unknown.
// It must not look at the repository.

import type { Owner, OwnerQuestion } from '../ownership.ts';

export function rubyOwner({ path, segments }: OwnerQuestion): Owner | null {
  if (path.startsWith('<internal:')) return { whose: 'runtime' };
  const gems = segments.findLastIndex((part) => part === 'gems');
  const folder = gems < 0 ? undefined : segments[gems + 1];
  if (folder !== undefined && /-(?:\d|[0-9a-f]{7,})/.test(folder))
    return {
      whose: 'package',
      name: folder.replace(/-(?:\d|[0-9a-f]{7,}).*$/, ''),
      rest: segments.slice(gems + 2),
    };
  return /\/lib\/ruby\/\d/.test(path) ? { whose: 'runtime' } : null;
}
