// Commits, refs, branches and differing files in GitHub's JSON.
// Reads what git gave; runs nothing.

import type { Json } from '../answers.ts';
import type { FileDiff } from '../git/diff.ts';
import type { Commit, Ref } from '../git/repository.ts';
import type { Account, Repo } from '../records.ts';
import type { State } from '../state.ts';
import { nodeId, renderAccountOrNull } from './accounts.ts';
import { repoUrl, webUrl } from './repository.ts';

/** The account whose noreply address signed the commit. */
function accountOf(state: State, email: string): Account | null {
  const [, login] = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(email) ?? [];
  return (login && state.accounts.get(login.toLowerCase())) || null;
}

const commitNode = (sha: string): string => `C_${Buffer.from(sha.slice(0, 24)).toString('base64url')}`;

export function renderCommit(state: State, repo: Repo, commit: Commit): Json {
  const url = `${repoUrl(state, repo)}/commits/${commit.sha}`;
  const web = webUrl(state, repo);
  return {
    sha: commit.sha,
    node_id: commitNode(commit.sha),
    url,
    html_url: `${web}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    commit: renderGitCommit(state, repo, commit),
    author: renderAccountOrNull(state, accountOf(state, commit.author.email)),
    committer: renderAccountOrNull(state, accountOf(state, commit.committer.email)),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repoUrl(state, repo)}/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    })),
  };
}

function renderGitCommit(state: State, repo: Repo, commit: Commit): Json {
  const url = `${repoUrl(state, repo)}/git`;
  return {
    url: `${url}/commits/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: { sha: commit.tree, url: `${url}/trees/${commit.tree}` },
    comment_count: 0,
    verification: {
      verified: false,
      reason: 'unsigned',
      signature: null,
      payload: null,
      verified_at: null,
    },
  };
}

/** The short form of pushes and check suites. */
export const renderSimpleCommit = (commit: Commit): Json => ({
  id: commit.sha,
  tree_id: commit.tree,
  message: commit.message,
  timestamp: commit.committer.date,
  author: { name: commit.author.name, email: commit.author.email },
  committer: { name: commit.committer.name, email: commit.committer.email },
});

export function renderRef(state: State, repo: Repo, ref: Ref): Json {
  return {
    ref: ref.ref,
    node_id: nodeId('REF', repo.id),
    url: `${repoUrl(state, repo)}/git/${ref.ref}`,
    object: { sha: ref.sha, type: 'commit', url: `${repoUrl(state, repo)}/git/commits/${ref.sha}` },
  };
}

export function renderFile(state: State, repo: Repo, input: { file: FileDiff; sha: string }): Json {
  const { file, sha } = input;
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  const web = webUrl(state, repo);
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${web}/blob/${sha}/${path}`,
    raw_url: `${web}/raw/${sha}/${path}`,
    contents_url: `${repoUrl(state, repo)}/contents/${path}?ref=${sha}`,
    ...(file.patch !== null && { patch: file.patch }),
    ...(file.previousPath !== null && { previous_filename: file.previousPath }),
  };
}
