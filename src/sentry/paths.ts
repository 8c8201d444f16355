// Builds the paths of Sentry's API from names and ids that came from outside.
// It must never let a value reach beyond its own segment, nor use an address that a payload or header names.

import { Refusal } from '../domain/failure.ts';

/**
 * Gives `/api/0/<segment>/…/`, every segment percent-encoded, with the trailing slash that every
 * route of Sentry has (reference sentry.md, 2.0). No segment gives the root, `/api/0/`.
 *
 * @throws Refusal for an empty segment, a dot segment (encoding cannot tame those: `new URL` folds
 * them away) and text that is not well-formed Unicode.
 */
export function apiPath(...segments: readonly string[]): string {
  return `/api/0/${segments.map((segment) => `${encodeSegment(segment)}/`).join('')}`;
}

function encodeSegment(segment: string): string {
  const trimmed = segment.trim();
  if (trimmed === '' || trimmed === '.' || trimmed === '..' || !segment.isWellFormed()) {
    throw new Refusal(
      `${JSON.stringify(segment)} cannot name an organisation, a project or an issue at Sentry. Correct the name and try again.`,
    );
  }
  return encodeURIComponent(segment);
}
