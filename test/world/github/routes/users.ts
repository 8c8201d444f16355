// People, and what a token may tell about itself.

import { notFound, ok, refusal, type Answer, type Ask, type Route } from '../answers.ts';
import { renderAccount, renderProfile } from '../render/accounts.ts';
import { renderPermissions } from '../render/repository.ts';
import type { Role } from '../records.ts';
import { openRepo } from '../rights.ts';
import { findAccount, roleOf } from '../state.ts';

function readUser(ask: Ask): Answer {
  const account = findAccount(ask.state, ask.params['login'] ?? '');
  if (!account) throw notFound();
  return ok(renderProfile(ask.state, account));
}

function readSelf(ask: Ask): Answer {
  const { actor } = ask;
  if (actor.kind === 'nobody') throw refusal(401, 'Requires authentication');
  if (actor.kind !== 'user') throw refusal(403, 'Resource not accessible by integration');
  return ok({
    ...renderProfile(ask.state, actor.account),
    private_gists: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  });
}

const collapsed: Record<Role, string> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

/** `permission` knows four words only; `role_name` tells the real role. */
function readPermission(ask: Ask): Answer {
  const repo = openRepo(ask, 'metadata:read');
  if (ask.actor.kind === 'nobody') throw refusal(401, 'Requires authentication');
  const account = findAccount(ask.state, ask.params['login'] ?? '');
  if (!account) throw refusal(404, `${ask.params['login']} is not a user`);
  const given = roleOf(repo, account);
  const role = given === 'none' && !repo.private ? 'read' : given;
  return ok({
    permission: collapsed[role],
    role_name: role,
    user: {
      ...renderAccount(ask.state, account),
      permissions: renderPermissions(role),
      role_name: role,
    },
  });
}

export const userRoutes: readonly Route[] = [
  ['GET', '/user', readSelf],
  ['GET', '/users/:login', readUser],
  ['GET', '/repos/:owner/:repo/collaborators/:login/permission', readPermission],
];
