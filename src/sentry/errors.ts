// Turns what Sentry or the network answered into our three kinds of failure, in this one place.
// It must never put the token, a header or a whole body into a sentence.

import { Bug, Later, Refusal } from '../domain/failure.ts';
import type { ProjectRef } from '../domain/problem.ts';
import { neededScopes, settings, type Scope } from './settings.ts';

/** One answer of the server: header names in lower case, the body as text. */
export type Answer = { status: number; headers: Record<string, string>; body: string };

/** What we were about to do, for the sentence: `list the unresolved Sentry issues`. */
export type Call = { doing: string; scope: Scope; project: ProjectRef };

const shortestWaitMs = 1_000;
const longestWaitMs = 5 * 60_000;
const outageWaitMs = 30_000;

/** Renders `org/project`. */
export function projectName(project: ProjectRef): string {
  return `${project.org}/${project.project}`;
}

/**
 * The failure that an unwanted status means (reference sentry.md, sections 3 and 4.2).
 * `now` is in milliseconds; it turns the reset time of a rate limit into a wait.
 */
export function failureOf(answer: Answer, call: Call, now: number): Refusal | Later | Bug {
  const { status } = answer;
  if (status === 429) return rateLimited(answer, call, now);
  if (status >= 500 || status === 408) return outage(answer, call);
  if (status >= 300 && status < 400) return moved(answer, call);
  if (status >= 400) return new Refusal(refusalOf(answer, call));
  return new Bug(`Sentry answered ${status} when asked to ${call.doing} of ${projectName(call.project)}.`);
}

function refusalOf(answer: Answer, call: Call): string {
  const name = projectName(call.project);
  const words = quoted(answer);
  switch (answer.status) {
    case 401:
      return `Sentry does not accept the token${words}. Set ${settings.token} to a valid token of an internal integration with the scopes ${neededScopes}.`;
    case 403:
      return `The Sentry token may not ${call.doing} of ${name}${words}: it lacks the scope ${call.scope}, or the project is closed to it. Give the internal integration that scope (Sentry, Settings > Developer Settings); the token stays the same.`;
    case 404:
      return `Sentry found nothing when asked to ${call.doing} of ${name}${words}. Check the organisation and the project in ${settings.bindings}.`;
    case 410:
      return `Sentry has removed the route that is needed to ${call.doing} of ${name} (410). Update Suture, or point ${settings.url} at a server that still has it.`;
    default:
      return `Sentry refused to ${call.doing} of ${name} with ${answer.status}${words}.`;
  }
}

function rateLimited(answer: Answer, call: Call, now: number): Later {
  const wait = waitOf(answer.headers, now);
  return new Later(
    `Sentry allows no more calls at the moment (429) to ${call.doing} of ${projectName(call.project)}. Trying again in ${Math.ceil(wait / 1000)} s.`,
    wait,
  );
}

/** The limiter sends no Retry-After, the proxies before it may; self-hosted sends neither. */
function waitOf(headers: Record<string, string>, now: number): number {
  const reset = seconds(headers['x-sentry-rate-limit-reset']) - now;
  const after = seconds(headers['retry-after']);
  const wanted = [reset, after].find((wait) => Number.isFinite(wait)) ?? outageWaitMs;
  return Math.min(Math.max(wanted, shortestWaitMs), longestWaitMs);
}

function seconds(text: string | undefined): number {
  return text === undefined || text.trim() === '' ? NaN : Number(text) * 1000;
}

function outage(answer: Answer, call: Call): Later {
  const name = projectName(call.project);
  return new Later(
    `Sentry is not working at the moment (${answer.status}) and could not ${call.doing} of ${name}.`,
    outageWaitMs,
  );
}

/** A renamed project answers 302 and names its new slug; anything else is a wrong base address. */
function moved(answer: Answer, call: Call): Refusal {
  const slug = movedSlug(answer.body);
  if (slug) {
    return new Refusal(
      `The Sentry project ${projectName(call.project)} is now called ${plain(slug)}. Change it in ${settings.bindings}.`,
    );
  }
  const target = originOf(answer.headers['location']);
  return new Refusal(
    `Sentry redirects (${answer.status}${target ? ` to ${target}` : ''}) and redirects are not followed. Set ${settings.url} to the address that answers itself.`,
  );
}

function movedSlug(body: string): string | null {
  const json = jsonOf(body);
  const extra = field(field(json, 'detail'), 'extra');
  const slug = field(json, 'slug') ?? field(extra, 'slug');
  return typeof slug === 'string' && slug !== '' ? slug : null;
}

function originOf(location: string | undefined): string | null {
  const url = location ? URL.parse(location) : null;
  return url && url.protocol.startsWith('http') ? url.origin : null;
}

const networkCodes = /^(UND_ERR_(?!INVALID)|E[A-Z_]+$|HPE_|TimeoutError|AbortError)/;
const timeoutCodes = /TIMEOUT|ETIMEDOUT|TimeoutError/;
const certificateCodes = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL)/;

/** The failure that an error below HTTP means: refused, reset, too slow, too large, not trusted. */
export function networkFailure(error: unknown, origin: string): Refusal | Later | Bug {
  const code = codeOf(error);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new Refusal(`The answer of ${origin} is larger than Suture reads; nothing of it was used.`);
  }
  if (certificateCodes.test(code)) {
    return new Refusal(
      `The certificate of ${origin} is not trusted (${code}). Correct ${settings.url}, or name your authority's certificate in NODE_EXTRA_CA_CERTS.`,
    );
  }
  if (!networkCodes.test(code)) return new Bug(`The call to ${origin} failed before it was sent (${code}).`);
  const what = timeoutCodes.test(code) ? 'did not answer in time' : 'could not be reached';
  return new Later(`${origin} ${what} (${code}). If this lasts, check ${settings.url}.`, outageWaitMs);
}

function codeOf(error: unknown): string {
  const code = field(error, 'code');
  if (typeof code === 'string') return code;
  const name = field(error, 'name');
  return typeof name === 'string' ? name : 'unknown error';
}

/** A 200 whose body is no JSON comes from a login page or a proxy, not from Sentry. */
export function notJson(call: Call): Refusal {
  return new Refusal(
    `The address in ${settings.url} answered something else than JSON when asked to ${call.doing} of ${projectName(call.project)}. Set it to Sentry's own address, without a login page before it.`,
  );
}

function quoted(answer: Answer): string {
  const words = wordsOf(answer.body);
  return words === '' ? ` (${answer.status})` : ` (${answer.status}: ${words})`;
}

/** Sentry's own words for an error, reduced to harmless characters; empty when it gave none. */
function wordsOf(body: string): string {
  const json = jsonOf(body);
  const detail = field(json, 'detail') ?? field(json, 'message') ?? json;
  return plain(firstText(field(detail, 'message') ?? detail, 4)).slice(0, 200);
}

function firstText(value: unknown, depth: number): string {
  if (typeof value === 'string') return value;
  if (depth === 0 || typeof value !== 'object' || value === null) return '';
  for (const inner of Object.values(value)) {
    const text = firstText(inner, depth - 1);
    if (text !== '') return text;
  }
  return '';
}

function plain(text: string): string {
  return text
    .replace(/[^\p{L}\p{N} .,:;'"_/-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
