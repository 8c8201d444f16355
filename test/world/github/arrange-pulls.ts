// Open pull requests that were there before the scene begins, hundreds of them in no time: their commits and GitHub's
// trial merges come by one stream, where each would cost a dozen processes over HTTP.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git/git.ts';
import { readBranch, zeroSha } from './git/repository.ts';
import type { App, Issue, Repo } from './records.ts';
import { ensureAccount, nextNumber, theRepo, type State } from './state.ts';
import { addSuite } from './suites.ts';

export type StandingPulls = {
  branches: readonly string[];
  author: string;
  /** The check runs of that app, by name: each was a success. */
  checks: { app: string; names: readonly string[] };
  /** GitHub has not tried to merge them yet. */
  untried?: boolean;
};

export type StandingPull = { number: number; branch: string; sha: string };

type Made = { branch: string; baseSha: string; headSha: string; trialSha: string };

/** Each is one commit with one file on top of the default branch, which is made when it is not there. */
export async function addStandingPulls(
  state: State,
  fullName: string,
  given: StandingPulls,
): Promise<StandingPull[]> {
  const repo = theRepo(state, fullName);
  const { author, checks, untried = false } = given;
  const app = state.apps.get(checks.app);
  if (!app) throw new Error(`There is no app ${checks.app}: call addApp first.`);
  const made = await makeCommits(repo, given.branches);
  return made.map((one) => {
    const { number } = addPull(state, repo, { ...one, author, untried });
    addGreenRuns(state, repo, { ...one, app, names: checks.names });
    return { number, branch: one.branch, sha: one.headSha };
  });
}

const headMark = (index: number): number => 2 * index + 2;

async function makeCommits(repo: Repo, branches: readonly string[]): Promise<Made[]> {
  const base = await readBranch(repo.dir, repo.defaultBranch);
  const first = nextNumber(repo);
  const from = base === null ? 'from :1\n' : `from ${base}\n`;
  const parts =
    base === null
      ? [commitOf({ ref: `refs/heads/${repo.defaultBranch}`, mark: 1, parents: '', file: 'a.txt' })]
      : [];
  for (const [index, branch] of branches.entries()) {
    const head = headMark(index);
    const [pull, file] = [`refs/pull/${first + index}`, `b${first + index}.txt`];
    parts.push(
      commitOf({ ref: `refs/heads/${branch}`, mark: head, parents: from, file }),
      commitOf({ ref: `${pull}/merge`, mark: head + 1, parents: `${from}merge :${head}\n`, file }),
      `reset ${pull}/head\nfrom :${head}\n\n`,
    );
  }
  const marks = join(repo.dir, 'standing-marks');
  await git(repo.dir, ['fast-import', '--quiet', '--force', `--export-marks=${marks}`], {
    input: parts.join(''),
  });
  const shas = new Map(
    (await readFile(marks, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => [Number(line.slice(1, line.indexOf(' '))), line.slice(-40)]),
  );
  const at = (mark: number): string => shas.get(mark) ?? '';
  return branches.map((branch, index) => ({
    branch,
    baseSha: base ?? at(1),
    headSha: at(headMark(index)),
    trialSha: at(headMark(index) + 1),
  }));
}

function commitOf(given: { ref: string; mark: number; parents: string; file: string }): string {
  const { ref, mark, parents, file } = given;
  const by = 'committer Mia <mia@example.org> 1700000000 +0000\ndata 2\nx\n';
  return `commit ${ref}\nmark :${mark}\n${by}${parents}M 100644 inline ${file}\ndata 2\n1\n\n`;
}

function addPull(state: State, repo: Repo, given: Made & { author: string; untried: boolean }): Issue {
  const { branch: head, baseSha, headSha, trialSha } = given;
  const at = state.now();
  const issue: Issue = {
    id: state.nextId(),
    number: nextNumber(repo),
    title: head,
    body: null,
    state: 'open',
    stateReason: null,
    author: ensureAccount(state, given.author, 'User'),
    viaApp: null,
    labels: [],
    assignees: [],
    lock: null,
    reactions: [],
    edits: [],
    pull: {
      id: state.nextId(),
      base: repo.defaultBranch,
      baseSha,
      head,
      headSha,
      draft: false,
      reviewers: [],
      reviews: [],
      merged: null,
      trial: given.untried ? null : { baseSha, headSha, sha: trialSha },
      stats: { commits: 1, additions: 1, deletions: 0, files: 1 },
    },
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
  };
  repo.issues.set(issue.number, issue);
  return issue;
}

type Green = Made & { app: App; names: readonly string[] };

function addGreenRuns(state: State, repo: Repo, { headSha: sha, branch, app, names }: Green): void {
  const suite = addSuite(state, repo, { branch, sha, before: zeroSha, app });
  Object.assign(suite, { status: 'completed', conclusion: 'success' });
  for (const name of names)
    repo.runs.push({
      id: state.nextId(),
      suite,
      name,
      externalId: '',
      detailsUrl: null,
      status: 'completed',
      conclusion: 'success',
      startedAt: state.now(),
      completedAt: state.now(),
      output: { title: null, summary: null, text: null },
      annotations: [],
      log: null,
    });
}
