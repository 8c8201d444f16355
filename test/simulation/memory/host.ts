// A code host in memory. Every effect of a call happens at once, so that a scheduler can put calls in any order.

import { Refusal } from '../../../src/domain/failure.ts';
import { repoName, sameRepo, type RepoRef } from '../../../src/domain/problem.ts';
import type { CodeHost, HostIssue, Person, PullRequest } from '../../../src/ports.ts';
import {
  addComment,
  base,
  changePull,
  checksOf,
  conflictsOf,
  editComment,
  editIssue,
  keepVersion,
  moveBranch,
  self,
  webUrl,
  type Forge,
  type ForgeRepo,
} from './forge.ts';

const me: Person = { login: self.login, kind: 'bot' };
const longestBody = 65_536;

export function memoryHost(forge: Forge): CodeHost {
  const at = (ref: RepoRef): ForgeRepo => repoAt(forge, ref);
  return { ...repositories(at), ...issues(forge, at), ...pulls(forge, at), ...offering(forge, at) };
}

/** Throws Refusal where nobody let the app in. */
export function repoAt(forge: Forge, ref: RepoRef): ForgeRepo {
  const repo = forge.repos.find((known) => sameRepo(known.ref, ref));
  if (!repo?.installed) throw new Refusal(`Suture is not installed on ${repoName(ref)}: install it there.`);
  return repo;
}

type At = (ref: RepoRef) => ForgeRepo;

function repositories(
  at: At,
): Pick<
  CodeHost,
  'readRepository' | 'readFile' | 'readSelf' | 'readRole' | 'gitAccess' | 'readChecks' | 'readRequiredChecks'
> {
  return {
    readRepository: async (ref) => {
      const repo = at(ref);
      return { defaultBranch: base, archived: repo.archived, webUrl: webUrl(repo) };
    },
    readSelf: async () => self,
    readFile: async (ref, path) => {
      const repo = at(ref);
      return repo.commits.get(repo.branches.get(base) ?? '')?.files.get(path) ?? null;
    },
    readRole: async (ref, login) => at(ref).roles.get(login) ?? 'none',
    gitAccess: async (ref) => {
      const repo = at(ref);
      return { url: `${webUrl(repo)}.git`, token: repo.token };
    },
    readRequiredChecks: async (ref, branch) => at(ref).required.get(branch) ?? [],
    readChecks: async (ref, sha) => {
      const repo = at(ref);
      if (!repo.commits.has(sha)) throw new Refusal(`${repoName(ref)} has no commit ${sha}.`);
      const checks = checksOf(repo, sha);
      repo.lastChecks.set(sha, [...(repo.lastChecks.get(sha) ?? []), checks].slice(-2));
      return checks;
    },
  };
}

type Issues =
  | 'listIssues'
  | 'readIssue'
  | 'createIssue'
  | 'updateIssue'
  | 'ensureLabel'
  | 'listComments'
  | 'comment'
  | 'updateComment'
  | 'readBodyVersions'
  | 'readComment'
  | 'readCommentVersions'
  | 'readReview'
  | 'react';

function issues(forge: Forge, at: At): Pick<CodeHost, Issues> {
  return {
    listIssues: async (ref, label, state) =>
      [...at(ref).issues.values()].filter(
        (issue) => issue.labels.includes(label) && (state === 'all' || issue.state === state),
      ),
    readIssue: async (ref, number) => at(ref).issues.get(number) ?? null,
    createIssue: async (ref, made) => {
      const repo = at(ref);
      if (made.body.length > longestBody) throw new Refusal(`The body is too long for ${repoName(ref)}.`);
      const number = (forge.nextNumber += 1);
      const url = `${webUrl(repo)}/issues/${number}`;
      const issue: HostIssue = { ...made, number, state: 'open', url, author: me };
      repo.issues.set(number, issue);
      keepVersion(forge, repo, { number, editor: me, body: made.body });
      forge.revision += 1;
      return issue;
    },
    updateIssue: async (ref, number, change) => {
      const pull = at(ref).pulls.get(number);
      if (pull) return changedPull(forge, at(ref), { pull, change });
      const issue = issueAt(at(ref), number);
      if ((change.body?.length ?? 0) > longestBody) return issue;
      return editIssue(forge, at(ref), { number, editor: me, change }) ?? issue;
    },
    ensureLabel: async (ref, label) => void at(ref).labels.add(label.name),
    listComments: async (ref, number) =>
      [...at(ref).comments.values()]
        .filter((comment) => comment.issue === number)
        .map(({ id, body, author, url }) => ({ id, body, author, url })),
    comment: async (ref, number, body) => {
      const repo = at(ref);
      if (!repo.pulls.has(number)) issueAt(repo, number);
      return addComment(forge, repo, { issue: number, author: me, body });
    },
    updateComment: async (ref, id, body) => {
      if (!editComment(forge, at(ref), { id, editor: me, body }))
        throw new Refusal(`${repoName(ref)} has no comment ${id}.`);
    },
    readComment: async (ref, id) => {
      const said = at(ref).comments.get(id);
      return said ? { id, body: said.body, author: said.author, url: said.url } : null;
    },
    readCommentVersions: async (ref, id) => at(ref).commentVersions.get(id)?.slice(-100) ?? null,
    readBodyVersions: async (ref, number) => at(ref).versions.get(number)?.slice(-100) ?? null,
    readReview: async (ref, _number, review) => at(ref).reviews.get(review) ?? null,
    react: async (ref, id, reaction) => {
      const { reactions } = at(ref);
      reactions.set(id, (reactions.get(id) ?? new Set()).add(reaction));
    },
  };
}

/** A pull request is an issue too: its title and body can be changed as one. */
function changedPull(
  forge: Forge,
  repo: ForgeRepo,
  {
    pull,
    change,
  }: { pull: PullRequest; change: { title?: string; body?: string; state?: 'open' | 'closed' } },
): HostIssue {
  const changed = { ...pull, title: change.title ?? pull.title, body: change.body ?? pull.body };
  const closes = change.state === 'closed' && pull.state === 'open';
  changePull(forge, repo, closes ? { ...changed, state: 'closed', closedAt: forge.now() } : changed);
  const { number, title, body, url, author } = changed;
  const state = pull.state === 'open' && !closes ? 'open' : 'closed';
  return { number, title, body, url, author, state, labels: [] };
}

/** What the head's commit changed: a pull request here is one commit. */
function changedFiles(repo: ForgeRepo, headSha: string): string[] {
  const head = repo.commits.get(headSha);
  const after = head?.files ?? new Map<string, string>();
  const before = repo.commits.get(head?.parents[0] ?? '')?.files ?? new Map<string, string>();
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path)).toSorted();
}

function issueAt(repo: ForgeRepo, number: number): HostIssue {
  const issue = repo.issues.get(number);
  if (!issue) throw new Refusal(`${repoName(repo.ref)} has no issue ${number}.`);
  return issue;
}

type Pulls =
  | 'findPullRequests'
  | 'listOpenPulls'
  | 'readPullRequest'
  | 'readPullMarks'
  | 'openPullRequest'
  | 'deleteBranch';

function pulls(forge: Forge, at: At): Pick<CodeHost, Pulls> {
  return {
    findPullRequests: async (ref, prefix) =>
      [...at(ref).pulls.values()].filter((pull) => pull.branch.startsWith(prefix)).toReversed(),
    listOpenPulls: async (ref) => {
      const repo = at(ref);
      const open = [...repo.pulls.values()].filter(({ state }) => state === 'open');
      return open.map(({ number, url, author, headSha }) => ({
        number,
        url,
        author: author.login,
        headSha,
        files: changedFiles(repo, headSha),
      }));
    },
    readPullRequest: async (ref, number) => {
      const pull = at(ref).pulls.get(number);
      if (!pull) return null;
      return { ...pull, conflicts: pull.state === 'open' ? conflictsOf(at(ref), pull) : null };
    },
    readPullMarks: async (ref, numbers) => {
      const repo = at(ref);
      const open = numbers.flatMap((number) => repo.pulls.get(number) ?? []).filter(isOpen);
      return new Map(open.map((pull) => [pull.number, markOf(repo, pull)]));
    },
    openPullRequest: async (ref, wanted) => {
      const repo = at(ref);
      const headSha = repo.branches.get(wanted.branch);
      const twin = [...repo.pulls.values()].find(
        (pull) => pull.branch === wanted.branch && pull.state === 'open',
      );
      if (headSha === undefined) throw new Refusal(`${repoName(ref)} has no branch ${wanted.branch}.`);
      if (twin) throw new Refusal(`Pull request ${twin.number} is open for ${wanted.branch} already.`);
      const number = (forge.nextNumber += 1);
      const url = `${webUrl(repo)}/pull/${number}`;
      const closed = { mergeSha: null, mergedAt: null, closedAt: null, mergedBy: null };
      const pull = {
        ...wanted,
        number,
        url,
        state: 'open' as const,
        author: me,
        sameRepo: true,
        headSha,
        ...closed,
        draft: wanted.draft && repo.drafts,
        conflicts: null,
        reviewers: [],
      };
      changePull(forge, repo, pull);
      return pull;
    },
    deleteBranch: async (ref, branch, commit) => {
      const repo = at(ref);
      const isOpen = [...repo.pulls.values()].some((pull) => pull.branch === branch && pull.state === 'open');
      if (repo.branches.get(branch) === commit && !isOpen) moveBranch(forge, repo, { branch, sha: null });
    },
  };
}

const isOpen = ({ state }: PullRequest): boolean => state === 'open';

function markOf(repo: ForgeRepo, pull: PullRequest): string {
  const required = repo.required.get(pull.base) ?? [];
  return JSON.stringify([pull, conflictsOf(repo, pull), checksOf(repo, pull.headSha), required]);
}

type Offering = 'markReady' | 'askForReview' | 'readAuthor' | 'readBranchHead' | 'readRunOutput';

function offering(forge: Forge, at: At): Pick<CodeHost, Offering> {
  const openPull = (ref: RepoRef, number: number): PullRequest => {
    const pull = at(ref).pulls.get(number);
    if (!pull) throw new Refusal(`${repoName(ref)} has no pull request ${number}.`);
    return pull;
  };
  return {
    markReady: async (ref, number) => {
      const pull = openPull(ref, number);
      if (pull.draft) changePull(forge, at(ref), { ...pull, draft: false });
    },
    askForReview: async (ref, number, { people }) => {
      const pull = openPull(ref, number);
      const asked = people.filter((login) => (at(ref).roles.get(login) ?? 'none') !== 'none');
      const reviewers = [...new Set([...pull.reviewers, ...asked])];
      if (asked.length > 0) changePull(forge, at(ref), { ...pull, reviewers });
      return asked;
    },
    readAuthor: async (ref, sha) => {
      const login = at(ref).commits.get(sha)?.author.split(' ')[0];
      return login === undefined ? null : { login, kind: login.endsWith('[bot]') ? 'bot' : 'human' };
    },
    readBranchHead: async (ref, branch) => at(ref).branches.get(branch) ?? null,
    readRunOutput: async (ref, run) => at(ref).outputs.get(run) ?? null,
  };
}
