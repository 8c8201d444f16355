// Who is asking: turns an Authorization header into an actor, and makes the tokens.
// Refuses what GitHub refuses; a token nobody made is never let in.

import { createVerify, randomBytes } from 'node:crypto';
import { refusal } from './answers.ts';
import type { Account, App, Installation, Permissions, Token } from './records.ts';
import type { State } from './state.ts';

export type InstallationActor = {
  kind: 'installation';
  app: App;
  installation: Installation;
  permissions: Permissions;
  repoIds: ReadonlySet<number>;
};

export type Actor =
  | { kind: 'nobody' }
  | { kind: 'user'; account: Account }
  | { kind: 'app'; app: App }
  | InstallationActor;

/** How the log of requests names the actor. */
export function actorName(actor: Actor): string {
  if (actor.kind === 'nobody') return 'nobody';
  if (actor.kind === 'user') return actor.account.login;
  return actor.kind === 'app' ? `app/${actor.app.slug}` : actor.app.bot.login;
}

const badCredentials = () => refusal(401, 'Bad credentials');

/** Reads `Bearer`, `token` and `Basic`. Throws 401 for anything unknown, expired or forged. */
export function identify(state: State, header: string | undefined): Actor {
  if (!header) return { kind: 'nobody' };
  const [, scheme = '', value = ''] = /^(\S+)\s+(\S+)$/.exec(header) ?? [];
  if (/^basic$/i.test(scheme)) return identifyBasic(state, value);
  if (!/^(bearer|token)$/i.test(scheme)) throw badCredentials();
  if (/^(?!gh._)[\w-]+\.[\w-]+\.[\w-]+$/.test(value)) return { kind: 'app', app: verifyJwt(state, value) };
  return identifyToken(state, value);
}

/** For git: `x-access-token:<installation token>` or `<login>:<personal token>`. */
function identifyBasic(state: State, value: string): Actor {
  const [login = '', password = ''] = Buffer.from(value, 'base64').toString('utf8').split(':', 2);
  const actor = identifyToken(state, password);
  if (actor.kind === 'user' && !['x-access-token', actor.account.login].includes(login))
    throw badCredentials();
  if (actor.kind === 'installation' && login !== 'x-access-token') throw badCredentials();
  return actor;
}

function identifyToken(state: State, value: string): Actor {
  const token = state.tokens.get(value);
  if (!token) throw badCredentials();
  if (token.kind === 'personal') return { kind: 'user', account: token.account };
  if (token.expiresAt <= state.now()) throw badCredentials();
  return installationActor(token);
}

function installationActor(token: Token & { kind: 'installation' }): InstallationActor {
  const { installation, permissions } = token;
  const covered = installation.repos.map((repo) => repo.id);
  const repoIds = new Set(token.repoIds ? covered.filter((id) => token.repoIds?.includes(id)) : covered);
  return { kind: 'installation', app: installation.app, installation, permissions, repoIds };
}

const undecodable = () => refusal(401, 'A JSON web token could not be decoded');

/** The app whose key signed this; `exp` at most ten minutes ahead, `iat` not in the future. */
function verifyJwt(state: State, jwt: string): App {
  const [head = '', body = '', signature = ''] = jwt.split('.');
  const header = decodePart(head);
  const claims = decodePart(body);
  if (!header || !claims || header['alg'] !== 'RS256') throw undecodable();
  const app = [...state.apps.values()].find((one) => String(one.id) === String(claims['iss']));
  if (!app) throw refusal(404, 'Integration not found');
  const genuine = createVerify('RSA-SHA256')
    .update(`${head}.${body}`)
    .verify(app.key.publicKey, signature, 'base64url');
  if (!genuine) throw undecodable();
  checkTimes(state.now() / 1000, claims);
  return app;
}

function checkTimes(now: number, claims: Record<string, unknown>): void {
  const exp = Number(claims['exp']);
  const iat = Number(claims['iat']);
  if (!(exp > now)) {
    throw refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + 600) {
    throw refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (!(iat <= now + 60)) {
    throw refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
}

function decodePart(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function makePersonalToken(state: State, account: Account): string {
  const token = `ghp_${randomBytes(27).toString('hex').slice(0, 36)}`;
  state.tokens.set(token, { kind: 'personal', account });
  return token;
}

const part = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** The long format of 2026 (`ghs_<app id>_<three dotted parts>`), so that nobody relies on 40 characters. */
export function makeInstallationToken(state: State, token: Token & { kind: 'installation' }): string {
  const value = `ghs_${token.installation.app.id}_${part(30)}.${part(60)}.${part(64)}`;
  state.tokens.set(value, token);
  return value;
}
