// What every CodeHost must do, whatever host is behind it. Called by a test with a scene to play in.
// It must not know a vendor's word: what only people and CI do is done by the scene.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../src/domain/failure.ts';
import type { RepoRef } from '../../src/domain/problem.ts';
import type { CodeHost, HostIssue, PullRequest, Role, OpenPull } from '../../src/ports.ts';

export type CodeHostScene = {
  host: CodeHost;
  /** We may work here; it has a commit on its default branch, and neither issues nor pull requests. */
  repo: RepoRef;
  /** It exists, and nobody let us in. */
  closedRepo: RepoRef;
  /** A text file of the default branch. */
  file: { path: string; text: string };
  /** A review that asks for a change, with one remark on a line of the change; gives its id. */
  reviewAs(login: string, pull: number, review: { body: string; remark: string }): Promise<number>;
  /** Our own login on the host. */
  self: string;
  /** A person with that role in `repo`. */
  addPerson(login: string, role: Role): Promise<void>;
  /** Puts a branch with a new commit on top of the default branch, and gives the commit. */
  pushBranch(branch: string, author?: string): Promise<string>;
  /** The base gets a commit that changes what this branch changes, in another way. */
  moveBaseAgainst(branch: string): Promise<void>;
  /** Whether the repository may have drafts. */
  allowDrafts(allowed: boolean): Promise<void>;
  hasBranch(branch: string): Promise<boolean>;
  commentAs(login: string, issue: number, body: string): Promise<void>;
  mergeAs(login: string, pull: number): Promise<void>;
  closeAs(login: string, pull: number): Promise<void>;
  /** CI's word on a commit, in both of a host's ways. */
  reportRun(
    sha: string,
    name: string,
    conclusion: 'success' | 'failure' | null,
    output?: string,
  ): Promise<number>;
  reportStatus(sha: string, context: string, state: 'success' | 'failure' | 'pending'): Promise<void>;
  /** From now on the rules of that branch ask for this check. */
  requireCheck(branch: string, name: string): Promise<void>;
  /** Which reactions stand on a comment. */
  reactionsOn(comment: number): Promise<string[]>;
  /** True when git can list the repository at that address with that token. */
  canFetch(access: { url: string; token: string }): Promise<boolean>;
  stop(): Promise<void>;
};

const NO_SUCH = 987_654;

export function codeHostContract(name: string, setup: () => Promise<CodeHostScene>): void {
  describe(`${name} is a CodeHost`, () => {
    let scene: CodeHostScene;
    let host: CodeHost;
    let repo: RepoRef;

    beforeAll(async () => {
      scene = await setup();
      ({ host, repo } = scene);
    });
    afterAll(() => scene.stop());

    function openIssue(label = 'contract'): Promise<HostIssue> {
      return host.createIssue(repo, { title: 'Triage', body: '- [ ] one', labels: [label] });
    }

    async function find(number: number): Promise<OpenPull | undefined> {
      return (await host.listOpenPulls(repo)).find((pull) => pull.number === number);
    }

    async function openPull(branch: string): Promise<PullRequest & { pushed: string }> {
      const pushed = await scene.pushBranch(branch);
      const { defaultBranch: base } = await host.readRepository(repo);
      return {
        ...(await host.openPullRequest(repo, { title: 'Fix it', body: 'Why', branch, base, draft: false })),
        pushed,
      };
    }

    describe('the repository', () => {
      test('has a default branch and an address for people', async () => {
        const found = await host.readRepository(repo);
        expect(found.archived).toBe(false);
        expect(await scene.hasBranch(found.defaultBranch)).toBe(true);
        expect(found.webUrl).toMatch(new RegExp(`^https?://.*/${repo.owner}/${repo.name}$`));
      });

      test('gives single text files of the default branch; what is none is null', async () => {
        expect(await host.readFile(repo, scene.file.path)).toBe(scene.file.text);
        expect(await host.readFile(repo, 'no/such/file.md')).toBeNull();
        expect(await host.readFile(repo, scene.file.path.split('/')[0] ?? '')).toBeNull();
      });

      test('that nobody let us into is a Refusal that names it, for every kind of call', async () => {
        const { closedRepo } = scene;
        const fullName = `${closedRepo.owner}/${closedRepo.name}`;
        const calls = [
          host.readRepository(closedRepo),
          host.readIssue(closedRepo, 1),
          host.readRole(closedRepo, scene.self),
          host.createIssue(closedRepo, { title: 't', body: 'b', labels: [] }),
          host.findPullRequests(closedRepo, 'sentry/'),
          host.gitAccess(closedRepo),
        ];
        for (const outcome of await Promise.allSettled(calls)) {
          expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Refusal) });
          expect(outcome.status === 'rejected' && String(outcome.reason)).toContain(fullName);
        }
      });

      test('gives git an address without credentials, and a token that opens it and no other', async () => {
        const access = await host.gitAccess(repo);
        const address = new URL(access.url);
        expect([address.username, address.password, address.search]).toEqual(['', '', '']);
        expect(await scene.canFetch(access)).toBe(true);
        expect(await scene.canFetch({ ...access, token: `${access.token}x` })).toBe(false);
        const closed = access.url.replace(
          `${repo.owner}/${repo.name}`,
          `${scene.closedRepo.owner}/${scene.closedRepo.name}`,
        );
        expect(await scene.canFetch({ ...access, url: closed })).toBe(false);
      });
    });

    describe('people', () => {
      test.each(['read', 'triage', 'write', 'maintain', 'admin'] as const)(
        'have the role %s',
        async (role) => {
          await scene.addPerson(`the-${role}`, role);
          expect(await host.readRole(repo, `the-${role}`)).toBe(role);
        },
      );

      test('who are strangers, and logins that cannot be, have none that may write', async () => {
        for (const login of ['no-such-person', '', '../x', 'a b']) {
          expect(['none', 'read']).toContain(await host.readRole(repo, login));
        }
      });

      test('of whom we are one, with an e-mail for commits', async () => {
        const self = await host.readSelf();
        expect(self.login).toBe(scene.self);
        expect(self.email).toMatch(/^\S+@\S+\.\S+$/);
        expect((await openIssue()).author).toEqual({ login: self.login, kind: 'bot' });
      });
    });

    describe('issues', () => {
      test('are read as they were written, in any script', async () => {
        const body = '- [ ] <!-- a --> „naïve“ 日本 🪡\n\n| a | b |';
        const made = await host.createIssue(repo, { title: 'Ünïcode', body, labels: ['one', 'two'] });
        expect(made).toMatchObject({ title: 'Ünïcode', body, state: 'open' });
        expect(made.labels.toSorted((a, b) => a.localeCompare(b))).toEqual(['one', 'two']);
        expect(await host.readIssue(repo, made.number)).toEqual(made);
      });

      test('remember who edited them to what, oldest first', async () => {
        const made = await openIssue();
        await host.updateIssue(repo, made.number, { body: '- [x] one' });
        await host.updateIssue(repo, made.number, { body: '- [ ] one' });
        const versions = (await host.readBodyVersions(repo, made.number)) ?? [];
        expect(versions.map(({ body }) => body)).toEqual(['- [ ] one', '- [x] one', '- [ ] one']);
        expect(versions.map(({ editor }) => editor.kind)).toEqual(['bot', 'bot', 'bot']);
      });

      test('that are not there are null', async () => {
        expect(await host.readIssue(repo, NO_SUCH)).toBeNull();
      });

      test('change only in what was asked, and come back as stored', async () => {
        const made = await openIssue();
        const changed = await host.updateIssue(repo, made.number, { body: '- [x] one' });
        expect(changed).toEqual({ ...made, body: '- [x] one' });
        const closed = await host.updateIssue(repo, made.number, { state: 'closed' });
        expect(closed).toEqual({ ...changed, state: 'closed' });
        expect(await host.readIssue(repo, made.number)).toEqual(closed);
      });

      test('with a body that is far too long are a Refusal, or come back with another body', async () => {
        const made = await openIssue();
        const tooLong = 'x'.repeat(300_000);
        const stored = await host
          .updateIssue(repo, made.number, { body: tooLong })
          .catch((error: unknown) => error);
        if (stored instanceof Error) expect(stored).toBeInstanceOf(Refusal);
        else expect(stored).not.toMatchObject({ body: tooLong });
        const create = host.createIssue(repo, { title: 't', body: tooLong, labels: [] });
        await expect(create).rejects.toBeInstanceOf(Refusal);
        expect(await host.readIssue(repo, made.number)).toEqual(made);
      });

      test('are listed by label and state, over all pages', async () => {
        const made = await openIssue('listed');
        await host.updateIssue(repo, made.number, { state: 'closed' });
        const open: number[] = [];
        for (let count = 0; count < 101; count += 1) open.push((await openIssue('listed')).number);
        const list = async (state: 'open' | 'closed' | 'all') =>
          (await host.listIssues(repo, 'listed', state))
            .map(({ number }) => number)
            .toSorted((a, b) => a - b);
        expect(await list('open')).toEqual(open);
        expect(await list('closed')).toEqual([made.number]);
        expect(await list('all')).toEqual([made.number, ...open]);
        expect(await host.listIssues(repo, 'never used', 'all')).toEqual([]);
      });

      test('get a label that is made once', async () => {
        const label = { name: 'suture: triage', color: '0e8a16', description: 'Ticked boxes become fixes' };
        await host.ensureLabel(repo, label);
        await host.ensureLabel(repo, label);
        await host.ensureLabel(repo, { ...label, color: 'ffffff' });
        expect((await openIssue(label.name)).labels).toEqual([label.name]);
      });

      test('have comments, oldest first, by whoever wrote them', async () => {
        const { number } = await openIssue();
        await scene.addPerson('mona', 'write');
        const ours = await host.comment(repo, number, 'Working on it.');
        await scene.commentAs('mona', number, '/sentry retry');
        const comments = await host.listComments(repo, number);
        expect(comments.map(({ body, author }) => [body, author.login, author.kind])).toEqual([
          ['Working on it.', scene.self, 'bot'],
          ['/sentry retry', 'mona', 'human'],
        ]);
        expect(comments[0]).toEqual(ours);
      });

      test('have comments of ours that can be changed', async () => {
        const { number } = await openIssue();
        const { id } = await host.comment(repo, number, 'before');
        await host.updateComment(repo, id, 'after');
        expect((await host.listComments(repo, number)).map(({ body }) => body)).toEqual(['after']);
        expect((await host.readComment(repo, id))?.body).toBe('after');
        const versions = (await host.readCommentVersions(repo, id)) ?? [];
        expect(versions.map(({ body, editor }) => [body, editor.kind])).toEqual([
          ['before', 'bot'],
          ['after', 'bot'],
        ]);
      });

      test('have comments that take a reaction once', async () => {
        const { number } = await openIssue();
        const { id } = await host.comment(repo, number, 'hello');
        await host.react(repo, id, 'eyes');
        await host.react(repo, id, 'eyes');
        expect(await scene.reactionsOn(id)).toEqual(['eyes']);
      });

      test('that are not there cannot be changed or commented on: a Refusal', async () => {
        await expect(host.updateIssue(repo, NO_SUCH, { body: 'b' })).rejects.toBeInstanceOf(Refusal);
        await expect(host.comment(repo, NO_SUCH, 'b')).rejects.toBeInstanceOf(Refusal);
        expect(await host.readComment(repo, NO_SUCH)).toBeNull();
        expect(await host.readCommentVersions(repo, NO_SUCH)).toBeNull();
      });
    });

    describe('pull requests', () => {
      test('are opened from a branch, found by its beginning, and read the same', async () => {
        const made = await openPull('sentry/PER-1-cart');
        const { pushed, ...pull } = made;
        expect(pull).toMatchObject({
          branch: 'sentry/PER-1-cart',
          headSha: pushed,
          state: 'open',
          sameRepo: true,
          mergeSha: null,
          mergedAt: null,
          closedAt: null,
          mergedBy: null,
          draft: false,
          reviewers: [],
          author: { login: scene.self, kind: 'bot' },
        });
        const told = { ...pull, conflicts: expect.toSatisfy((one) => one !== true) };
        expect(await host.readPullRequest(repo, pull.number)).toEqual(told);
        expect(await host.findPullRequests(repo, 'sentry/PER-1-')).toEqual([told]);
        expect(await host.findPullRequests(repo, 'sentry/PER-2-')).toEqual([]);
        expect(await host.readPullRequest(repo, NO_SUCH)).toBeNull();
      });

      test('are not opened twice for a branch, nor for one that is not there: a Refusal', async () => {
        const { branch, base } = await openPull('sentry/PER-3-twice');
        const again = host.openPullRequest(repo, { title: 't', body: 'b', branch, base, draft: true });
        await expect(again).rejects.toBeInstanceOf(Refusal);
        const absent = host.openPullRequest(repo, {
          title: 't',
          body: 'b',
          branch: 'sentry/none',
          base,
          draft: true,
        });
        await expect(absent).rejects.toBeInstanceOf(Refusal);
      });

      test('that are open are listed with the files they change', async () => {
        const first = await openPull('sentry/PER-9-files');
        const second = await openPull('sentry/PER-9-more');
        const files = (await find(first.number))?.files ?? [];
        expect(files).toHaveLength(1);
        expect((await find(second.number))?.files).not.toEqual(files);
        expect(await find(first.number)).toMatchObject({
          url: first.url,
          author: first.author.login,
          headSha: first.headSha,
        });
        await scene.addPerson('closer', 'write');
        await scene.closeAs('closer', first.number);
        expect(await find(first.number)).toBeUndefined();
        expect(await find(second.number)).toBeDefined();
      });

      test('are drafts until they are marked ready, which may be done twice', async () => {
        const branch = 'sentry/PER-7-draft';
        await scene.pushBranch(branch);
        const { defaultBranch: base } = await host.readRepository(repo);
        const made = await host.openPullRequest(repo, { title: 't', body: 'b', branch, base, draft: true });
        expect(made.draft).toBe(true);
        await host.markReady(repo, made.number);
        await host.markReady(repo, made.number);
        expect(await host.readPullRequest(repo, made.number)).toMatchObject({ draft: false, state: 'open' });
        await expect(host.markReady(repo, NO_SUCH)).rejects.toBeInstanceOf(Refusal);
      });

      test('are ordinary ones where the repository has no drafts', async () => {
        const branch = 'sentry/PER-8-plain';
        await scene.pushBranch(branch);
        await scene.allowDrafts(false);
        const { defaultBranch: base } = await host.readRepository(repo);
        const made = await host.openPullRequest(repo, { title: 't', body: 'b', branch, base, draft: true });
        await scene.allowDrafts(true);
        expect(made).toMatchObject({ draft: false, state: 'open' });
      });

      test('ask for reviews of those the host takes, and nobody else', async () => {
        const { number } = await openPull('sentry/PER-9-review');
        await scene.addPerson('owner', 'write');
        await scene.addPerson('stranger', 'none');
        const who = { people: ['owner', 'stranger', 'no-such-person'], teams: ['no-such-team'] };
        expect(await host.askForReview(repo, number, who)).toEqual(['owner']);
        expect(await host.askForReview(repo, number, { people: ['owner'], teams: [] })).toEqual(['owner']);
        expect((await host.readPullRequest(repo, number))?.reviewers).toEqual(['owner']);
        expect(await host.askForReview(repo, number, { people: [], teams: [] })).toEqual([]);
        expect(await host.askForReview(repo, number, { people: ['stranger'], teams: [] })).toEqual([]);
      });

      test('say when they do not merge any more', async () => {
        const { number } = await openPull('sentry/PER-10-conflict');
        expect((await host.readPullRequest(repo, number))?.conflicts).not.toBe(true);
        const mark = async () => (await host.readPullMarks(repo, [number])).get(number);
        const before = await mark();
        await scene.moveBaseAgainst('sentry/PER-10-conflict');
        expect((await host.readPullRequest(repo, number))?.conflicts).toBe(true);
        expect([undefined, before]).not.toContain(await mark());
      });

      test('have a mark that stays while nothing changes, and no longer', async () => {
        const branch = 'sentry/PER-12-marked';
        await scene.pushBranch(branch);
        const { defaultBranch: base } = await host.readRepository(repo);
        const wanted = { title: 't', body: 'b', branch, base, draft: true };
        const { number, headSha } = await host.openPullRequest(repo, wanted);
        const mark = async (): Promise<string> => {
          // A host may not try the merge before it is asked.
          await host.readPullRequest(repo, number);
          return (await host.readPullMarks(repo, [number])).get(number) ?? 'none';
        };
        const marks = [await mark()];
        expect(marks).not.toEqual(['none']);
        const changes: (() => Promise<unknown>)[] = [
          () => host.markReady(repo, number),
          () => scene.reportRun(headSha, 'build', null),
          () => scene.reportRun(headSha, 'build', 'failure'),
          () => scene.reportRun(headSha, 'build', 'success'),
          () => scene.reportStatus(headSha, 'ci/old', 'pending'),
          () => scene.reportStatus(headSha, 'ci/old', 'success'),
        ];
        for (const change of changes) {
          await change();
          marks.push(await mark());
          expect(await mark()).toBe(marks.at(-1));
        }
        expect(new Set(marks).size).toBe(1 + changes.length);
      });

      test('have no mark once they are closed, nor when they are not there', async () => {
        const [open, closed] = [await openPull('sentry/PER-13-a'), await openPull('sentry/PER-13-b')];
        for (const { number } of [open, closed]) await host.readPullRequest(repo, number);
        await host.updateIssue(repo, closed.number, { state: 'closed' });
        const marks = await host.readPullMarks(repo, [NO_SUCH, closed.number, open.number]);
        expect([...marks]).toEqual([[open.number, expect.any(String)]]);
        expect(await host.readPullMarks(repo, [])).toEqual(new Map());
        await expect(host.readPullMarks(scene.closedRepo, [1])).rejects.toBeInstanceOf(Refusal);
      });

      test('are closed like issues', async () => {
        const { number } = await openPull('sentry/PER-11-close');
        expect((await host.updateIssue(repo, number, { state: 'closed' })).state).toBe('closed');
        expect(await host.readPullRequest(repo, number)).toMatchObject({ state: 'closed', mergedAt: null });
      });

      test('stand on branches whose commits have authors', async () => {
        await scene.addPerson('writer', 'write');
        const sha = await scene.pushBranch('authored', 'writer');
        expect(await host.readBranchHead(repo, 'authored')).toBe(sha);
        expect(await host.readBranchHead(repo, 'nowhere')).toBeNull();
        expect(await host.readAuthor(repo, sha)).toEqual({ login: 'writer', kind: 'human' });
      });

      test('have reviews, whose remarks on lines are read with them', async () => {
        const { number } = await openPull('sentry/PER-6-reviewed');
        await scene.addPerson('reviewer', 'write');
        const review = { body: 'Please keep the log.', remark: 'This line.' };
        const id = await scene.reviewAs('reviewer', number, review);
        expect(await host.readReview(repo, number, id)).toMatch(/^Please keep the log\.\n\S+: This line\.$/);
        expect(await host.readReview(repo, number, NO_SUCH)).toBeNull();
      });

      test('that were merged say when, by whom and as what; their branch may go', async () => {
        const { number, branch, headSha } = await openPull('sentry/PER-4-merged');
        await host.deleteBranch(repo, branch, headSha);
        expect(await scene.hasBranch(branch)).toBe(true);
        await scene.addPerson('maintainer', 'maintain');
        await scene.mergeAs('maintainer', number);
        const merged = await host.readPullRequest(repo, number);
        expect(merged).toMatchObject({ state: 'merged', mergedBy: 'maintainer' });
        expect(merged?.mergeSha).toMatch(/^[0-9a-f]{40}$/);
        expect(merged?.mergedAt).toBeGreaterThan(Date.UTC(2020, 0));
        const head = merged?.headSha ?? '';
        await host.deleteBranch(repo, branch, 'f'.repeat(40));
        expect(await scene.hasBranch(branch)).toBe(true);
        await host.deleteBranch(repo, branch, head);
        await host.deleteBranch(repo, branch, head);
        expect(await scene.hasBranch(branch)).toBe(false);
        const [found] = await host.findPullRequests(repo, 'sentry/PER-4-');
        expect(found).toMatchObject({ number, state: 'merged', mergeSha: merged?.mergeSha });
      });

      test('that a person closed are closed, and the newest of several comes first', async () => {
        const first = await openPull('sentry/PER-5-a');
        await scene.addPerson('closer', 'write');
        await scene.closeAs('closer', first.number);
        const second = await openPull('sentry/PER-5-b');
        const found = await host.findPullRequests(repo, 'sentry/PER-5-');
        expect(found.map(({ number, state }) => [number, state])).toEqual([
          [second.number, 'open'],
          [first.number, 'closed'],
        ]);
        expect(found[1]).toMatchObject({ mergeSha: null, mergedAt: null, closedAt: expect.any(Number) });
      });
    });

    describe('checks', () => {
      test('are none for a commit that CI has not seen', async () => {
        const sha = await scene.pushBranch('checks/none');
        expect(await host.readChecks(repo, sha)).toEqual({ runs: [], statuses: [] });
      });

      test('are the latest of both kinds', async () => {
        const sha = await scene.pushBranch('checks/both');
        await scene.reportRun(sha, 'build', 'failure');
        await scene.reportRun(sha, 'lint', null);
        await scene.reportStatus(sha, 'ci/old', 'pending');
        await scene.reportStatus(sha, 'ci/old', 'success');
        const { runs, statuses } = await host.readChecks(repo, sha);
        expect(new Map(runs.map((run) => [run.name, run.conclusion]))).toEqual(
          new Map([
            ['build', 'failure'],
            ['lint', null],
          ]),
        );
        expect(statuses.map(({ context, state }) => [context, state])).toEqual([['ci/old', 'success']]);
      });

      test('say themselves what went wrong', async () => {
        const sha = await scene.pushBranch('checks/told');
        const run = await scene.reportRun(sha, 'build', 'failure', 'expected 2, got 3');
        expect(await host.readRunOutput(repo, run)).toContain('expected 2, got 3');
        expect(await host.readRunOutput(repo, NO_SUCH)).toBeNull();
      });

      test('that the rules of a branch ask for are named; none where nothing is asked', async () => {
        await scene.requireCheck('release', 'build');
        expect(await host.readRequiredChecks(repo, 'release')).toEqual([{ name: 'build', appId: null }]);
        expect(await host.readRequiredChecks(repo, 'free')).toEqual([]);
      });

      test('of a commit that is not there are a Refusal', async () => {
        await expect(host.readChecks(repo, 'f'.repeat(40))).rejects.toBeInstanceOf(Refusal);
      });
    });
  });
}
