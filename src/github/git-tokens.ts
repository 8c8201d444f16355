// Tokens for git: one repository, contents and metadata, an hour at most.
// It must not log them or keep them anywhere but in memory.

import { repoName, type RepoRef } from '../domain/problem.ts';
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

  const issue = (repo: RepoRef, installation: number): Promise<Token> =>
    app.call(`give the right to push to ${repoName(repo)} ("contents: write")`, async (client) => {
      const answer = await client.rest.apps.createInstallationAccessToken({
        installation_id: installation,
        repositories: [repo.name],
        permissions: { contents: 'write', metadata: 'read' },
      });
      return tokenShape.parse(answer.data);
    });

  async function tokenOf(repo: RepoRef): Promise<Token> {
    const { id } = await installations.of(repo);
    return kept.read(`${id} ${repoName(repo).toLowerCase()}`, () => issue(repo, id));
  }

  /** An installation that was removed and made anew has another number. */
  async function tokenAnew(repo: RepoRef, error: unknown): Promise<Token> {
    if (!(error instanceof Absent)) throw error;
    installations.drop(repo);
    return tokenOf(repo);
  }

  return {
    async access(repo) {
      const { token } = await tokenOf(repo).catch((error: unknown) => tokenAnew(repo, error));
      return { url: `${gitUrl}/${repoName(repo)}.git`, token };
    },
    forget: () => kept.clear(),
  };
}
