// Every way a call to GitHub can fail, as one of our three kinds. The only place that knows what a status means.
// No message may carry a token, a header or an address with a query.

import { z } from 'zod';
import { Bug, Later, Refusal } from '../domain/failure.ts';
import { graphqlLimit, isLimit, limited } from './rate-limits.ts';

/** What was being done, for the sentence: `read issue #5 of acme/shop`. */
export type Attempt = {
  doing: string;
  appId: string;
  /** Where the account's owner manages the installation; null when none is known. */
  settingsUrl: string | null;
};

const UNREACHABLE_MS = 30_000;
const MESSAGE_LENGTH = 300;

const httpError = z.object({
  status: z.int(),
  message: z.string(),
  request: z.object({ url: z.string() }),
  response: z.object({ headers: z.record(z.string(), z.unknown()), data: z.unknown() }).optional(),
});
type HttpError = z.output<typeof httpError>;

const complaint = z.object({
  message: z.string().catch(''),
  errors: z
    .array(
      z.union([
        z.string(),
        z
          .object({
            message: z.string().optional(),
            field: z.string().optional(),
            code: z.string().optional(),
          })
          .transform((error) => error.message ?? [error.field, error.code].filter(Boolean).join(' ')),
      ]),
    )
    .catch([]),
});

/** The host answered with another address: the thing was renamed or moved, and Suture does not follow. */
export class Moved extends Error {
  override name = 'Moved';
}

/** The answer broke off, or something between GitHub and us answered in its place. */
export class Garbled extends Error {
  override name = 'Garbled';
}

/** What was looked for is not there, or not any more. Callers inside the room may read it as null. */
export class Absent extends Refusal {}

/** A permission is missing, or the account's plan does not have it. Callers inside the room may do without. */
export class Forbidden extends Refusal {}

/** The repository, or the thing in it, has another address now. */
export class MovedAway extends Absent {}

/** True when what we kept is to blame: a token that was revoked, an installation that was made anew. */
export function isStale(error: unknown): boolean {
  const { success, data } = httpError.safeParse(error);
  if (!success || data.response === undefined) return false;
  if (data.status === 401) return !isAboutKey(data);
  return data.status === 404 && data.request.url.endsWith('/access_tokens');
}

/** True when GitHub rejected the app's own key rather than a token that it issued for an installation. */
function isAboutKey(error: HttpError): boolean {
  const path = error.request.url.split('?')[0] ?? '';
  return /\/(app|installation|installations|access_tokens|deliveries|attempts)$/.test(path);
}

/**
 * Takes whatever a call threw and gives the failure to throw on: Refusal when a person can act, Later (with the time
 * GitHub told, at most an hour) when the queue should try again, else Bug. Ours pass unchanged.
 */
export function toFailure(error: unknown, attempt: Attempt): Refusal | Later | Bug {
  if (error instanceof Refusal || error instanceof Later || error instanceof Bug) return error;
  if (error instanceof Moved) return moved(attempt);
  if (error instanceof Garbled) return unreachable(attempt, 'broke off its answer');
  if (error instanceof z.ZodError) return misunderstood(error, attempt);
  if (isGraphqlRefusal(error)) return new Forbidden(`GitHub does not let Suture ${attempt.doing}.`);
  const limit = graphqlLimit.safeParse(error).data;
  if (limit) return limited(limit.response.headers, attempt.doing);
  const read = httpError.safeParse(error);
  if (!read.success) return new Bug(`Suture failed to ${attempt.doing}.`, { cause: error });
  if (read.data.response === undefined) return unreachable(attempt, `could not be reached${reasonOf(error)}`);
  return fromStatus(read.data, attempt);
}

/** GraphQL answers 200 and says what was wrong in a list. */
function isGraphqlRefusal(error: unknown): boolean {
  const refusal = z.object({ errors: z.array(z.object({ type: z.enum(['FORBIDDEN', 'UNPROCESSABLE']) })) });
  return refusal.safeParse(error).success;
}

function fromStatus(error: HttpError, attempt: Attempt): Refusal | Later | Bug {
  const { status } = error;
  const headers = error.response?.headers ?? {};
  if (status === 429 || (status === 403 && isLimit(headers, error.message)))
    return limited(headers, attempt.doing);
  if (status >= 500) return unreachable(attempt, `answered ${status}`);
  if (status === 401) return unauthorised(error, attempt);
  if (status === 403) return forbidden(error, attempt);
  if (status === 404) return absent(attempt);
  if (status === 410) return new Absent(`GitHub refused to ${attempt.doing}: ${said(error)}`);
  if (status === 409) return unreachable(attempt, `answered "${said(error)}"`);
  if (status === 422 || status === 451) {
    return new Refusal(`GitHub refused to ${attempt.doing}: ${said(error)}`);
  }
  return new Bug(`GitHub answered ${status} when asked to ${attempt.doing}: ${said(error)}`);
}

function unauthorised(error: HttpError, attempt: Attempt): Refusal | Later {
  if (isAboutKey(error)) {
    return new Refusal(
      `GitHub does not accept Suture's key: check that APP_ID (${attempt.appId}) and PRIVATE_KEY belong to the same GitHub App, that the key was not deleted there, and that this machine's clock is right.`,
    );
  }
  return unreachable(attempt, 'did not accept the access that it gave to Suture itself');
}

function forbidden(error: HttpError, attempt: Attempt): Forbidden {
  const needed = namedPermissions(error.response?.headers['x-accepted-github-permissions']);
  const where = attempt.settingsUrl === null ? 'the settings of the installation' : attempt.settingsUrl;
  if (!/not accessible by integration/i.test(error.message)) {
    return new Forbidden(`GitHub does not let Suture ${attempt.doing}: ${said(error)}`);
  }
  const what = needed === '' ? 'a permission that it does not have' : `the permission ${needed}`;
  return new Forbidden(
    `GitHub does not let Suture ${attempt.doing}: that needs ${what}. Grant it in the settings of the GitHub App, then accept it at ${where}.`,
  );
}

/** `issues=write; pull_requests=write` (either) with commas for "and" becomes words. */
function namedPermissions(header: unknown): string {
  if (typeof header !== 'string' || !/^[a-z_=,; ]+$/.test(header)) return '';
  const either = header.split(';').map((set) =>
    set
      .split(',')
      .map((entry) => `"${entry.trim().replace('=', ': ')}"`)
      .join(' and '),
  );
  return either.join(' or ');
}

function absent(attempt: Attempt): Absent {
  return new Absent(
    `GitHub finds nothing there when Suture wants to ${attempt.doing}: it was deleted, or Suture may not see it. Check the repository, and the installation's access to it.`,
  );
}

function moved(attempt: Attempt): MovedAway {
  return new MovedAway(
    `GitHub answers from another address when Suture wants to ${attempt.doing}: the repository was renamed or moved. Put its new name into the binding.`,
  );
}

function unreachable(attempt: Attempt, how: string): Later {
  return new Later(
    `GitHub ${how} when Suture wanted to ${attempt.doing}; Suture tries again.`,
    UNREACHABLE_MS,
  );
}

/** ` (ECONNREFUSED)`, from however deep the network's own error lies; it tells a wrong address from a wrong certificate. */
function reasonOf(error: unknown): string {
  const coded = z.object({ code: z.string().regex(/^[A-Z][A-Z0-9_]+$/) });
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const found = coded.safeParse(cause);
    if (found.success) return ` (${found.data.code})`;
  }
  return '';
}

function misunderstood(error: z.ZodError, attempt: Attempt): Bug {
  const fields = error.issues.slice(0, 5).map((issue) => issue.path.join('.') || 'the whole answer');
  return new Bug(
    `GitHub answered in a form Suture does not know when asked to ${attempt.doing}: ${fields.join(', ')}.`,
  );
}

/** GitHub's own words, fit for a comment: one line, no address, no token, a full stop at the end. */
function said(error: HttpError): string {
  const data = complaint.safeParse(error.response?.data);
  // Above a list of errors the message is only "Validation Failed".
  const list = data.success && data.data.errors.length > 0 ? data.data.errors : [data.data?.message ?? ''];
  const words = list.filter(Boolean).join('; ');
  const clean = words
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replaceAll(/https?:\/\/\S+/g, '')
    .replaceAll(/\b(gh[a-z]_|github_pat_|eyJ)[\w.-]+/g, '[removed]')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MESSAGE_LENGTH);
  if (clean === '') return `it gave no reason (status ${error.status}).`;
  return /[.!?]$/.test(clean) ? clean : `${clean}.`;
}
