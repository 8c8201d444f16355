// Tokens for git: one repository, contents and metadata, an hour at most.
// It must not log them or keep them anywhere but in memory.

import type { RepoRef } from '../domain/problem.ts';
import type { GitAccess } from '../ports.ts';
import type { AppClient } from './app-client.ts';
import { Absent } from './failures.ts';
import type { Installations } from './installations.ts';
import { createKept } from './kept.ts';
import { tokenShape } from './shapes.ts';

/** A clone or push that begins now must not meet the token's end. */
const MARGIN_MS = 10 * 60_000;

type Token = { token: string; expires_at: number };

export interface GitTokens {
  /** Throws Refusal when the installation does not grant `contents: write`. */
  access(repo: RepoRef): Promise<GitAccess>;
  forget(): void;
}

/**
 * Asks for the token as the app: the app authentication's own way to a narrowed token ignores the API's address
 * (reference github.md, 1.8 and 1.9). `gitUrl` is the web address, `https://github.com`.
 */
export function createGitTokens(parts: {
  app: AppClient;
  installations: Installations;
  gitUrl: string;
}): GitTokens {
  const { app, installations, gitUrl } = parts;
  const kept = createKept<Token>((token) => token.expires_at - MARGIN_MS > Date.now());

  const issue = (name: string, installation: number): Promise<Token> =>
    app.call(`give the right to push to ${name} ("contents: write")`, async (client) => {
      const answer = await client.rest.apps.createInstallationAccessToken({
        installation_id: installation,
        repositories: [name.split('/')[1] ?? ''],
        permissions: { contents: 'write', metadata: 'read' },
      });
      return tokenShape.parse(answer.data);
    });

  async function tokenOf(repo: RepoRef): Promise<Token & { name: string }> {
    const { id, place } = await installations.of(repo);
    const name = `${place.owner}/${place.repo}`;
    return { ...(await kept.read(`${id} ${name.toLowerCase()}`, () => issue(name, id))), name };
  }

  /** An installation that was removed and made anew has another number. */
  async function tokenAnew(repo: RepoRef, error: unknown): Promise<Token & { name: string }> {
    if (!(error instanceof Absent)) throw error;
    installations.drop(repo);
    return tokenOf(repo);
  }

  return {
    async access(repo) {
      const { token, name } = await tokenOf(repo).catch((error: unknown) => tokenAnew(repo, error));
      return { url: `${gitUrl}/${name}.git`, token };
    },
    forget: () => kept.clear(),
  };
}
