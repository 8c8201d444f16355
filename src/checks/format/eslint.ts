// Reads what ESLint gives with `--fix-dry-run --format json`: one result, with `output` where it changed something
// (https://eslint.org/docs/latest/use/command-line-interface#--fix-dry-run). It must not run it.

import { z } from 'zod';

const results = z
  .array(z.object({ output: z.string().optional(), fatalErrorCount: z.number().optional() }))
  .length(1);

/** Null when it changed nothing, could not read the file, or printed something else. */
export function eslintText(printed: string): string | null {
  try {
    const [result] = results.safeParse(JSON.parse(printed)).data ?? [];
    return result === undefined || (result.fatalErrorCount ?? 0) > 0 ? null : (result.output ?? null);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
