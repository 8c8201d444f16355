// Whose code a Java, Kotlin or Scala frame is, by its package. It must not look at the repository.

import type { Owner, OwnerQuestion } from '../ownership.ts';

const runtimePackage =
  /^(?:java|javax|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|clojure|android|androidx|com\.android|dalvik|libcore|io\.sentry)\./;

export function jvmOwner({ frame }: OwnerQuestion): Owner | null {
  return runtimePackage.test(frame.module ?? '') ? { whose: 'runtime' } : null;
}
