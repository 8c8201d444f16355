// May they: the gate before every repository route, by role for people and by permission for apps.
// Only refuses or lets pass; it changes nothing.

import { notFound, refusal, type Ask } from './answers.ts';
import type { InstallationActor } from './auth.ts';
import { roles, type Account, type App, type Issue, type Level, type Repo, type Role } from './records.ts';
import { findRepo, roleOf } from './state.ts';

/** `issues:write`; several mean that any of them will do. */
export type Need = `${string}:${Level}`;

/** The repository the path names, when the actor may ask this of it. */
export function openRepo(ask: Ask, ...needs: Need[]): Repo {
  const repo = findRepo(ask.state, `${ask.params['owner']}/${ask.params['repo']}`);
  if (!repo) throw notFound();
  const { actor } = ask;
  if (actor.kind === 'app') throw refusal(403, 'Resource not accessible by integration');
  if (actor.kind === 'installation') checkInstallation(actor, repo, needs);
  else if (repo.private && !(actor.kind === 'user' && roleOf(repo, actor.account) !== 'none'))
    throw notFound();
  if (actor.kind === 'nobody' && ask.method !== 'GET') throw refusal(401, 'Requires authentication');
  return repo;
}

function checkInstallation(actor: InstallationActor, repo: Repo, needs: Need[]): void {
  if (!actor.repoIds.has(repo.id)) throw notFound();
  if (needs.length === 0 || needs.some((need) => isGranted(actor, need))) return;
  const refused = refusal(403, 'Resource not accessible by integration');
  refused.answer.headers = {
    'x-accepted-github-permissions': needs.map((need) => need.replace(':', '=')).join('; '),
  };
  throw refused;
}

export function isGranted(actor: InstallationActor, need: Need): boolean {
  const [permission = '', level] = need.split(':');
  const granted = actor.permissions[permission];
  return permission === 'metadata' || granted === 'write' || (granted === 'read' && level === 'read');
}

export const atLeast = (role: Role, wanted: Role): boolean => roles.indexOf(role) >= roles.indexOf(wanted);

/** True for an app (its permission was asked by `openRepo`) and for people with the role. */
export function mayAs(ask: Ask, repo: Repo, wanted: Role): boolean {
  if (ask.actor.kind === 'installation') return true;
  return ask.actor.kind === 'user' && atLeast(roleOf(repo, ask.actor.account), wanted);
}

export function requireRole(ask: Ask, repo: Repo, wanted: Role): void {
  if (!mayAs(ask, repo, wanted)) throw refusal(403, 'Must have admin rights to Repository.');
}

/** For what GitHub hides from people without push access instead of refusing it. */
export function requirePush(ask: Ask, repo: Repo): void {
  if (!mayAs(ask, repo, 'write')) throw notFound();
}

/** Who did it, as events and authors name them. */
export function acting(ask: Ask): { account: Account; viaApp: App | null } {
  const { actor } = ask;
  if (actor.kind === 'user') return { account: actor.account, viaApp: null };
  if (actor.kind === 'installation') return { account: actor.app.bot, viaApp: actor.app };
  throw refusal(401, 'Requires authentication');
}

/** An issue asks for `issues`; a pull request takes either permission. */
export function openIssue(ask: Ask, level: Level): { repo: Repo; issue: Issue } {
  const repo = openRepo(ask, `issues:${level}`, `pull_requests:${level}`);
  const number = Number(ask.params['number']);
  if (repo.deletedIssues.has(number)) throw refusal(410, 'This issue was deleted');
  const issue = repo.issues.get(number);
  if (!issue) throw notFound();
  if (!issue.pull) openRepo(ask, `issues:${level}`);
  return { repo, issue };
}
