// A repository and the files in it.
// Branches and their rules are in branches.ts; refs are changed in refs.ts.

import { notFound, ok, refusal, type Answer, type Ask, type Json, type Route } from '../answers.ts';
import { listPath, readBlob, resolveRevision, type TreeEntry } from '../git/repository.ts';
import type { Repo } from '../records.ts';
import { renderFullRepository, repoUrl, webUrl } from '../render/repository.ts';
import { openRepo } from '../rights.ts';
import { roleOf } from '../state.ts';

function readRepository(ask: Ask): Answer {
  const repo = openRepo(ask, 'metadata:read');
  const role = ask.actor.kind === 'user' ? roleOf(repo, ask.actor.account) : null;
  return ok(renderFullRepository(ask.state, repo, role === 'none' ? 'read' : role));
}

async function readContents(ask: Ask): Promise<Answer> {
  const repo = openRepo(ask, 'contents:read');
  const revision = ask.query.get('ref') ?? repo.defaultBranch;
  const commit = await resolveRevision(repo.dir, revision);
  if (!commit) throw refusal(404, `No commit found for the ref ${revision}`);
  const found = await listPath(repo.dir, commit, (ask.params['path'] ?? '').replace(/\/+$/, ''));
  if (!found) throw notFound();
  if (Array.isArray(found)) return ok(found.map((entry) => renderEntry(ask, { repo, revision, entry })));
  const bytes = await readBlob(repo.dir, found.sha);
  if (/\.raw\b/.test(ask.accept)) {
    return { status: 200, raw: { type: 'application/vnd.github.raw+json; charset=utf-8', bytes } };
  }
  const content = bytes.toString('base64').replace(/.{60}/g, '$&\n');
  return ok({
    ...renderEntry(ask, { repo, revision, entry: found }),
    encoding: 'base64',
    content: `${content}\n`,
  });
}

type Entry = { repo: Repo; revision: string; entry: TreeEntry };

function renderEntry(ask: Ask, { repo, revision, entry }: Entry): Json {
  const { state } = ask;
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const url = `${repoUrl(state, repo)}/contents/${path}?ref=${encodeURIComponent(revision)}`;
  const isDirectory = entry.type === 'tree';
  const git = `${repoUrl(state, repo)}/git/${isDirectory ? 'trees' : 'blobs'}/${entry.sha}`;
  const html = `${webUrl(state, repo)}/${isDirectory ? 'tree' : 'blob'}/${revision}/${path}`;
  return {
    type: isDirectory ? 'dir' : 'file',
    size: entry.size,
    name: entry.path.split('/').at(-1),
    path: entry.path,
    sha: entry.sha,
    url,
    git_url: git,
    html_url: html,
    download_url: isDirectory ? null : `${webUrl(state, repo)}/raw/${revision}/${path}`,
    _links: { self: url, git, html },
  };
}

export const repositoryRoutes: readonly Route[] = [
  ['GET', '/repos/:owner/:repo', readRepository],
  ['GET', '/repos/:owner/:repo/contents/:path*', readContents],
];
