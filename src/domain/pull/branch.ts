// The branch that names a fix. Short ids survive a retitled problem, so they alone find the branch again.

import { slug } from '../untrusted.ts';

export const branchRoot = 'sentry/';

/** `sentry/per-1a-`: what every branch of this problem starts with. */
export function branchPrefix(shortId: string): string {
  return `${branchRoot}${slug(shortId, 40)}-`;
}

/** `sentry/per-1a-cannot-read-properties`. */
export function branchName(shortId: string, title: string): string {
  return `${branchPrefix(shortId)}${slug(title, 40) || 'fix'}`;
}
