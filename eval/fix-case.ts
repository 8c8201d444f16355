// The part of a case that a fix is judged by: the tests of the fix that its project made.
// It must not hold cases: they are of other projects and lie outside.

import { z } from 'zod';

const hiddenTest = z.object({
  framework: z.string(),
  /** `at` is `commit:path`. */
  files: z.array(z.object({ path: z.string(), at: z.string() })),
  /** Seen to fail at the base and to pass with the project's own fix. */
  verified: z.boolean(),
  /** Versions it was seen with; null when the project's own are used. */
  packages: z.record(z.string(), z.string()).nullish(),
});

export type HiddenTest = z.infer<typeof hiddenTest>;

export const fixParts = {
  test: hiddenTest.nullish(),
};
