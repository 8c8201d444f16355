// The one commit of a fix, in the hand procedure's format (phase 3.5). No event text goes in.

import type { FixDescription } from './fix-description.ts';
import { safeUrl } from '../links.ts';
import { isTestPath } from '../proof/path-rules.ts';
import { title } from '../untrusted.ts';

const generic = new Set([
  'src',
  'lib',
  'app',
  'apps',
  'packages',
  'features',
  'components',
  'source',
  'server',
  'client',
  'main',
]);

/** The part of the program a change belongs to: the innermost telling folder, else the file's name. */
export function areaOf(path: string): string {
  const parts = path.split('/');
  const file = (parts.pop() ?? '').replace(/\..*$/, '');
  const folder = parts.findLast((part) => !generic.has(part.toLowerCase()));
  return title(folder ?? file, 30).replace(/[^\w.-]/g, '') || 'fix';
}

export type MessageInput = {
  shortId: string;
  permalink: string;
  files: readonly string[];
  description: FixDescription;
};

/** `fix(cart): return early when a row has no price (SHOP-1)`, at most 100 characters. */
export function commitSubject(input: MessageInput): string {
  const changed = input.files.find((file) => !isTestPath(file)) ?? input.files[0] ?? '';
  const head = `fix(${areaOf(changed)}): `;
  const tail = ` (${title(input.shortId, 40)})`;
  return head + title(input.description.summary, 100 - head.length - tail.length) + tail;
}

export function commitMessage(input: MessageInput): string {
  return [
    commitSubject(input),
    '',
    `Sentry: ${title(input.shortId, 40)} — ${safeUrl(input.permalink) ?? 'no address'}`,
    `Root cause: ${title(input.description.rootCause, 400)}`,
    `Fix: ${title(input.description.change, 300)}`,
    '',
  ].join('\n');
}
