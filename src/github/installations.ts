// Which installation of the app serves a repository, and what the repository is called today. It must not know what is
// asked for there.

import { z } from 'zod';
import { Refusal } from '../domain/failure.ts';
import { repoName, type RepoRef } from '../domain/problem.ts';
import type { AppClient, Client } from './app-client.ts';
import { Absent, MovedAway } from './failures.ts';
import { anotherRepository, type Identities } from './identities.ts';
import { createKept } from './kept.ts';
import type { Granted } from './needs.ts';
import { createNumbers, type Place } from './numbers.ts';
import { installationShape } from './shapes.ts';

/** `place`: what the repository is called on GitHub today. */
type Installation = Granted & { id: number; settingsUrl: string; client: Client; place: Place };

export interface Installations {
  /**
   * Throws Refusal, saying what to do, when the app is not installed there, is suspended, the repository moved where it
   * cannot be followed, or another one has its name.
   */
  of(repo: RepoRef): Promise<Installation>;
  drop(repo: RepoRef): void;
  forget(): void;
}

const NAME = /^(?!\.{1,2}$)[\w.-]{1,100}$/;
/** A name that was given away must be noticed soon. */
const TRUSTED_MS = 5 * 60_000;

type Granting = z.output<typeof installationShape>;

export function createInstallations(app: AppClient, identities: Identities): Installations {
  const ask = (place: Place): Promise<Granting> => askFor(app, place);
  const numbers = createNumbers(app);
  const known = createKept<Installation & { at: number }>(({ at }) => Date.now() - at < TRUSTED_MS);

  async function look(repo: RepoRef): Promise<Installation & { at: number }> {
    const name = repoName(repo);
    if (!NAME.test(repo.owner) || !NAME.test(repo.name)) {
      throw new Refusal(`"${name}" is not the name of a repository: write it as owner/name.`);
    }
    const number = await identities.read(repo);
    const { found, place } = await (number === null ? first(repo) : again(repo, number));
    const { id, permissions, events, html_url: settingsUrl } = found;
    return { id, permissions, events, settingsUrl, client: await app.clientOf(id), place, at: Date.now() };
  }

  /** Seen for the first time: the name says which one, and its number is remembered. */
  async function first(repo: RepoRef): Promise<{ found: Granting; place: Place }> {
    const place = { owner: repo.owner, repo: repo.name };
    const found = await ask(place);
    if (identities.repos.length > 0) {
      const { id } = await numbers.readNumbered(found.id, `/repos/${repoName(repo)}`);
      await identities.keep(repo, id);
    }
    return { found, place };
  }

  /** Seen before: its number says which one, whatever has its name now. */
  async function again(repo: RepoRef, number: number): Promise<{ found: Granting; place: Place }> {
    const asked = { owner: repo.owner, repo: repo.name };
    const named = await ask(asked).catch((error: unknown) => {
      if (error instanceof Refusal) return error;
      throw error;
    });
    const place = await numbers.placeOf(number, named instanceof Refusal ? null : named.id);
    if (place === null) {
      if (named instanceof Refusal) throw named;
      const { id: now } = await numbers.readNumbered(named.id, `/repos/${repoName(repo)}`);
      throw new Refusal(anotherRepository(repo, { known: number, now }));
    }
    const isSame = samePlace(place, asked) && !(named instanceof Refusal);
    return { found: isSame ? named : await ask(place), place };
  }

  return {
    of: (repo) => known.read(keyOf(repo), () => look(repo)),
    drop: (repo) => known.drop(keyOf(repo)),
    forget: () => known.clear(),
  };
}

/** Throws Refusal when the app is not installed there, or is suspended. */
async function askFor(app: AppClient, place: Place): Promise<Granting> {
  const name = `${place.owner}/${place.repo}`;
  const found = await app
    .call(`find its installation on ${name}`, async (client) =>
      installationShape.parse((await client.rest.apps.getRepoInstallation(place)).data),
    )
    .catch(async (error: unknown) => {
      throw error instanceof Absent && !(error instanceof MovedAway) ? await notInstalled(app, name) : error;
    });
  if (found.suspended_at == null) return found;
  throw new Refusal(
    `Suture is suspended on ${name}: unsuspend it at ${found.html_url} or remove the binding.`,
  );
}

async function notInstalled(app: AppClient, name: string): Promise<Refusal> {
  const { url } = await app.read();
  return new Refusal(
    `Suture is not installed on ${name}: install it at ${url}/installations/new or remove the binding.`,
  );
}

function keyOf(repo: RepoRef): string {
  return repoName(repo).toLowerCase();
}

function samePlace(left: Place, right: Place): boolean {
  return `${left.owner}/${left.repo}`.toLowerCase() === `${right.owner}/${right.repo}`.toLowerCase();
}
