// Keeps what git said of commits. A commit never changes, and the same ones are asked for again and again: when a
// problem is looked at, when it is fixed, and when the next one is.
// It must not keep anything that names a branch or a tag, or what only may have been cut off.

import type { GitOutput } from './git.ts';

/** Answers by question, the ones that were asked for last; the others are forgotten. */
export type Kept = {
  find(question: string): GitOutput | undefined;
  keep(question: string, output: GitOutput): void;
};

/** At most so many bytes of answers together; one that would take a quarter of that is not kept. */
export function createKept(mostBytes = 32 * 1024 * 1024): Kept {
  const answers = new Map<string, GitOutput>();
  let bytes = 0;
  const forget = (question: string): void => {
    const output = answers.get(question);
    if (!output) return;
    answers.delete(question);
    bytes -= sizeOf(question, output);
  };
  return {
    find: (question) => {
      const output = answers.get(question);
      if (!output) return undefined;
      answers.delete(question);
      answers.set(question, output);
      return output;
    },
    keep: (question, output) => {
      const size = sizeOf(question, output);
      if (output.exitCode === null || size > mostBytes / 4) return;
      forget(question);
      answers.set(question, output);
      bytes += size;
      for (const oldest of answers.keys()) {
        if (bytes <= mostBytes) break;
        forget(oldest);
      }
    },
  };
}

function sizeOf(question: string, { stdout, stderr }: GitOutput): number {
  return question.length + stdout.length + stderr.length + 200;
}
