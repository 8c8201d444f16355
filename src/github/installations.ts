// Which installation of the app serves a repository. It must not know what is asked for there.

import { Refusal } from '../domain/failure.ts';
import { repoName, type RepoRef } from '../domain/problem.ts';
import type { AppClient, Client } from './app-client.ts';
import { Absent, MovedAway } from './failures.ts';
import { createKept } from './kept.ts';
import type { Granted } from './needs.ts';
import { installationShape } from './shapes.ts';

type Installation = Granted & { id: number; settingsUrl: string; client: Client };

export interface Installations {
  /** Throws Refusal, saying what to do, when the app is not installed there, is suspended, or the repository moved. */
  of(repo: RepoRef): Promise<Installation>;
  drop(repo: RepoRef): void;
  forget(): void;
}

const NAME = /^(?!\.{1,2}$)[\w.-]{1,100}$/;

export function createInstallations(app: AppClient): Installations {
  const known = createKept<Installation>();

  async function look(repo: RepoRef): Promise<Installation> {
    const name = repoName(repo);
    if (!NAME.test(repo.owner) || !NAME.test(repo.name)) {
      throw new Refusal(`"${name}" is not the name of a repository: write it as owner/name.`);
    }
    const found = await ask(repo).catch(async (error: unknown) => {
      throw error instanceof Absent && !(error instanceof MovedAway) ? await notInstalled(name) : error;
    });
    const { id, permissions, events, html_url: settingsUrl } = found;
    if (found.suspended_at != null) {
      throw new Refusal(
        `Suture is suspended on ${name}: unsuspend it at ${settingsUrl} or remove the binding.`,
      );
    }
    return { id, permissions, events, settingsUrl, client: await app.clientOf(id) };
  }

  const ask = (repo: RepoRef) =>
    app.call(`find its installation on ${repoName(repo)}`, async (client) => {
      const parameters = { owner: repo.owner, repo: repo.name };
      return installationShape.parse((await client.rest.apps.getRepoInstallation(parameters)).data);
    });

  async function notInstalled(name: string): Promise<Refusal> {
    const { url } = await app.read();
    return new Refusal(
      `Suture is not installed on ${name}: install it at ${url}/installations/new or remove the binding.`,
    );
  }

  return {
    of: (repo) => known.read(keyOf(repo), () => look(repo)),
    drop: (repo) => known.drop(keyOf(repo)),
    forget: () => known.clear(),
  };
}

function keyOf(repo: RepoRef): string {
  return repoName(repo).toLowerCase();
}
