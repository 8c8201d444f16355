// Octokit clients for people, apps and installations of a stand-in, over real HTTP and without throttling.
// Makes no shortcut past the stand-in's own authentication.

import { createSign } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import type { State } from './state.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A client of the API at that address; without a token it asks as nobody. */
export const clientFor = (url: string, token?: string): Octokit =>
  new Octokit({ ...(token && { auth: token }), baseUrl: url, log: quiet });

export type TokenClaims = { iss: number; iat: number; exp: number };

/** A JSON web token as apps sign it (RS256). Times in seconds since 1970. */
export function signAppToken(privateKey: string, claims: TokenClaims): string {
  const unsigned = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(privateKey, 'base64url')}`;
}

export function asPerson(state: State, login: string): Octokit {
  for (const [value, token] of state.tokens) {
    if (token.kind !== 'personal' || token.account.login.toLowerCase() !== login.toLowerCase()) continue;
    return clientFor(state.url, value);
  }
  throw new Error(`There is no person ${login}: call addUser first.`);
}

/** The app itself, with a token that lives nine minutes. */
export function asApp(state: State, slug: string): Octokit {
  const app = state.apps.get(slug);
  if (!app) throw new Error(`There is no app ${slug}: call addApp first.`);
  const now = Math.floor(state.now() / 1000);
  return clientFor(
    state.url,
    signAppToken(app.key.privateKey, { iss: app.id, iat: now - 30, exp: now + 540 }),
  );
}

/** The app's installation on that owner, with a fresh token for an hour, and the token itself for git. */
export async function asInstallation(
  state: State,
  input: { slug: string; owner: string },
): Promise<{ octokit: Octokit; token: string }> {
  const installation = [...state.installations.values()].find(
    (one) => one.app.slug === input.slug && one.account.login.toLowerCase() === input.owner.toLowerCase(),
  );
  if (!installation) throw new Error(`${input.slug} is not installed on ${input.owner}: call install first.`);
  const { data } = await asApp(state, input.slug).rest.apps.createInstallationAccessToken({
    installation_id: installation.id,
  });
  return { octokit: clientFor(state.url, data.token), token: data.token };
}
