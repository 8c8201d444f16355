// Who may do what in a repository, and who we are. It must not decide which role is enough.

import { Refusal } from '../domain/failure.ts';
import type { CodeHost, Log, Role } from '../ports.ts';
import type { AppClient } from './app-client.ts';
import type { Calls } from './calls.ts';
import { createKept } from './kept.ts';
import { missingNeeds } from './needs.ts';
import { botShape, installationsShape, roleShape } from './shapes.ts';

const ROLES: readonly Role[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];
const LOGIN = /^[\w-]{1,100}(\[bot\])?$/;

/**
 * Asked anew each time (reference github.md, 3.4). A role of the organisation's own making counts as the built-in one
 * that GitHub says it contains; whoever GitHub does not know there has none.
 */
export function createReadRole(calls: Calls): CodeHost['readRole'] {
  return async (repo, login) => {
    if (!LOGIN.test(login)) return 'none';
    const found = await calls.find(repo, `ask for the role of ${login}`, async (client, place) => {
      const answer = await client.rest.repos.getCollaboratorPermissionLevel({ ...place, username: login });
      return roleShape.parse(answer.data);
    });
    if (found === null) return 'none';
    return asRole(found.role_name) ?? asRole(found.permission) ?? 'none';
  };
}

function asRole(name: string | null | undefined): Role | null {
  return ROLES.find((role) => role === name) ?? null;
}

/**
 * `suture[bot]` and the e-mail that GitHub shows commits of that account under (github.md, 4.4); asked once. Logs what
 * the app lacks. Throws Refusal when the app is installed nowhere, for then GitHub lets it read no account.
 */
export function createReadSelf(parts: { app: AppClient; gitUrl: string; log: Log }): CodeHost['readSelf'] {
  const { app, gitUrl, log } = parts;
  const kept = createKept<{ login: string; email: string }>();

  async function look(): Promise<{ login: string; email: string }> {
    const self = await app.read();
    const where = `in the settings of the GitHub App ${self.url}`;
    for (const missing of missingNeeds(self, where)) log.warn({ missing }, 'the GitHub App lacks something');
    const login = `${self.slug}[bot]`;
    const id = await readBotId(app, login, self.url);
    return { login, email: `${id}+${login}@users.noreply.${mailHost(gitUrl)}` };
  }

  return () => kept.read('self', look);
}

async function readBotId(app: AppClient, login: string, url: string): Promise<number> {
  const [installation] = await app.call('list its installations', async (client) =>
    installationsShape.parse((await client.rest.apps.listInstallations({ per_page: 1 })).data),
  );
  if (installation === undefined) {
    throw new Refusal(`Suture is not installed anywhere: install it at ${url}/installations/new.`);
  }
  return app.callFor(
    installation.id,
    `read the account ${login}`,
    async (client) => botShape.parse((await client.rest.users.getByUsername({ username: login })).data).id,
  );
}

/** Test servers have an address without a name; their commits carry GitHub's. */
function mailHost(gitUrl: string): string {
  const { hostname } = new URL(gitUrl);
  return /^[\d.]+$|^\[|^localhost$/.test(hostname) ? 'github.com' : hostname;
}
