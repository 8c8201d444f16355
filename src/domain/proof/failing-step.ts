// What a failed step of the ladder says: to the person who reads why, and to the fixer that tries again.
// The output comes from the repository's own programs, already without secrets; here it is trimmed and made inert.

import type { LadderStep } from '../fix.ts';
import { block, plain } from '../untrusted.ts';

/** So much of a check's output is kept, from its end: errors stand there. */
const longestOutput = 4_000;
const mostNames = 20;

/** What failed, by name, and the end of what the check printed. */
export function failingOutput(newFailures: readonly string[], output: string): string {
  const names = newFailures.slice(0, mostNames).map((name) => `- ${plain(name, 300)}`);
  const more = newFailures.length > mostNames ? [`- and ${newFailures.length - mostNames} more`] : [];
  const head = names.length === 0 ? [] : ['New failures:', ...names, ...more, ''];
  return [...head, tailOf(output.trim(), longestOutput)].join('\n').trim();
}

/** From a line's beginning on, where that is near. */
function tailOf(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(-max);
  const line = cut.indexOf('\n');
  return `[…]\n${line >= 0 && line < 400 ? cut.slice(line + 1) : cut}`;
}

/** The next prompt of the fixer whose change failed. */
export function failureText({ step, detail, output }: LadderStep): string {
  return output === undefined ? `${step}: ${detail}` : `${step}: ${detail}\n\n${output}`;
}

/** The outputs of failed steps, each with its name above it, as Markdown; `max` characters of each. */
export function outputBlocks(ladder: readonly LadderStep[], max: number): string[] {
  return ladder.flatMap(({ step, output }) =>
    output === undefined || output === '' ? [] : [`${step}:\n\n${block(output, max)}`],
  );
}
