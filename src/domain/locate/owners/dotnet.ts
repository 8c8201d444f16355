// Whose code a .NET frame is, by its namespace. It must not look at the repository.

import type { Owner, OwnerQuestion } from '../ownership.ts';

export function dotnetOwner({ frame }: OwnerQuestion): Owner | null {
  const name = frame.module ?? frame.function ?? '';
  return /^(?:System|Microsoft|Windows|Mono|Sentry)\./.test(name) ? { whose: 'runtime' } : null;
}
