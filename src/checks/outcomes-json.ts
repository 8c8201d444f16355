// Reads every test with its failure out of the JSON that jest and vitest write.

import { z } from 'zod';
import type { TestOutcome, Thrown } from '../domain/proof/reproduction.ts';
import { framesIn } from './stack.ts';

const report = z.object({
  testResults: z.array(
    z.object({
      message: z.string().catch(''),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()).catch([]),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).catch([]),
        }),
      ),
    }),
  ),
});

/** `suite > test` for each; empty when the text is no such report. */
export function jsonOutcomes(text: string, root: string): TestOutcome[] {
  return (report.safeParse(parsed(text)).data?.testResults ?? []).flatMap((file) =>
    file.assertionResults.flatMap((test): TestOutcome[] => {
      const name = [...test.ancestorTitles, test.title].filter(Boolean).join(' > ');
      if (test.status === 'passed') return [{ name, thrown: null }];
      if (test.status !== 'failed') return [];
      return [{ name, thrown: thrownIn(test.failureMessages[0] ?? '', root) }];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `TypeError: message`, then the calls; a message may have several lines. */
function thrownIn(failure: string, root: string): Thrown {
  const at = failure.search(/\n\s+at /);
  const head = at < 0 ? failure : failure.slice(0, at);
  const named = /^(?<type>[A-Z][\w$.]*)(?: \[[A-Z_]+\])?: (?<message>[^]*)$/.exec(head)?.groups;
  return {
    type: named?.['type'] ?? null,
    message: named?.['message'] ?? head,
    frames: framesIn(at < 0 ? '' : failure.slice(at), root),
  };
}
