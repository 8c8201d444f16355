import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Refusal } from '../../src/domain/failure.ts';
import {
  at,
  api,
  failureOf,
  inAnHour,
  installed,
  recorded,
  repo,
  startRoom,
  type Json,
} from './github-recorded.ts';

const sha = '6dcb09b5b57875f334f61aebed695e2e4193db5e';

function by(type: string): Json {
  return recorded('issue', { user: { login: 'x', type } });
}

function pull(number: number, branch: string, changes: Json = {}): Json {
  const repo = { full_name: 'octocat/Hello-World' };
  const base = { ref: 'main', sha, repo };
  const open = { state: 'open', merged_at: null, closed_at: null };
  return recorded('pull-request', { number, head: { ref: branch, sha, repo }, base, ...open, ...changes });
}

function run(name: string, status: string, conclusion: string | null): Json {
  const more = { id: 4, app: null, check_suite: { id: 5 }, started_at: null, completed_at: null };
  return { ...more, name, status, conclusion, html_url: null };
}

function statusOf(context: string): Json {
  return { context, state: 'pending', target_url: null };
}

function refOf(branch: string): string {
  return `${at}/git/refs/heads%2Fsentry%2F${branch}`;
}

/** The app, one installation of it and its account; each may be asked for once. */
function knowsSuture(): void {
  installed();
  nock(api)
    .get('/app')
    .reply(200, recorded('integration', { slug: 'suture' }));
  nock(api)
    .get('/app/installations')
    .query(true)
    .reply(200, [recorded('installation')]);
  nock(api)
    .get('/users/suture%5Bbot%5D')
    .reply(200, recorded('public-user-default-response', { id: 41 }));
}

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const pullsFrom = (name: string) =>
  nock(api)
    .get(`${at}/pulls`)
    .query({ head: `octocat:sentry/${name}`, state: 'open', per_page: 1 });
const lookFor = (name: string) => nock(api).get(`${at}/git/ref/heads%2Fsentry%2F${name}`);

describe('the repository', () => {
  test('is read with the token of its installation', async () => {
    installed();
    const { host } = await startRoom();
    nock(api, { reqheaders: { authorization: /^token ghs_/, 'user-agent': /^suture\/test/ } })
      .get(at)
      .reply(200, recorded('full-repository-default-response'));
    expect(await host.readRepository(repo)).toEqual({
      defaultBranch: 'master',
      archived: false,
      webUrl: 'https://github.com/octocat/Hello-World',
    });
  });

  test('that the app is not installed on is refused with the place to install it', async () => {
    nock(api).get(`${at}/installation`).reply(404, { message: 'Not Found' });
    nock(api).get('/app').reply(200, recorded('integration'));
    const { host } = await startRoom();
    const failure = await failureOf(host.readRepository(repo));
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure.message).toMatchInlineSnapshot(
      `"Suture is not installed on octocat/Hello-World: install it at https://github.com/apps/octoapp/installations/new or remove the binding."`,
    );
  });

  test('whose installation is suspended is refused', async () => {
    nock(api)
      .get(`${at}/installation`)
      .reply(200, recorded('installation', { suspended_at: '2026-01-01T00:00:00Z' }));
    const { host } = await startRoom();
    expect((await failureOf(host.readRepository(repo))).message).toMatchInlineSnapshot(
      `"Suture is suspended on octocat/Hello-World: unsuspend it at https://github.com/organizations/github/settings/installations/1 or remove the binding."`,
    );
  });

  test('that was renamed is refused instead of followed', async () => {
    nock(api)
      .get(`${at}/installation`)
      .reply(301, { message: 'Moved' }, { location: `${api}/repositories/1` });
    const { host } = await startRoom();
    const failure = await failureOf(host.readRepository(repo));
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub answers from another address when Suture wants to find its installation on octocat/Hello-World: the repository was renamed or moved. Put its new name into the binding."`,
    );
  });

  test('is looked up once, and again after the app was installed anew', async () => {
    const first = nock(api).get(`${at}/installation`).reply(200, recorded('installation'));
    nock(api)
      .post('/app/installations/1/access_tokens')
      .reply(201, { token: 'ghs_1', expires_at: inAnHour() });
    nock(api).get(at).times(2).reply(200, recorded('full-repository-default-response'));
    const { host } = await startRoom();
    await host.readRepository(repo);
    await host.readRepository(repo);
    expect(first.isDone()).toBe(true);

    nock(api).get(at).reply(404, { message: 'Not Found' });
    const again = nock(api).get(`${at}/installation`).reply(404, { message: 'Not Found' });
    nock(api).get('/app').reply(200, recorded('integration'));
    expect((await failureOf(host.readRepository(repo))).message).toContain('is not installed on');
    expect(again.isDone()).toBe(true);
  });

  test.each([
    { owner: '..', name: 'x' },
    { owner: 'a/b', name: 'x' },
    { owner: 'a', name: '' },
  ])('named %j is refused before anything is sent', async (odd) => {
    const { host } = await startRoom();
    expect((await failureOf(host.readRepository(odd))).message).toContain('is not the name of a repository');
  });

  test('of an enterprise server is reached below /api/v3', async () => {
    const base = 'https://git.example.com/api/v3';
    installed(base);
    nock(base).get(at).reply(200, recorded('full-repository-default-response'));
    const { host } = await startRoom({ apiUrl: `${base}/`, gitUrl: 'https://git.example.com' });
    expect((await host.readRepository(repo)).defaultBranch).toBe('master');
    expect((await host.gitAccess(repo)).url).toBe('https://git.example.com/octocat/Hello-World.git');
  });
});

describe('git access', () => {
  test('is narrowed to the repository and its contents, and kept until shortly before its end', async () => {
    nock(api).get(`${at}/installation`).reply(200, recorded('installation'));
    const asked: unknown[] = [];
    nock(api)
      .post('/app/installations/1/access_tokens', (body) => asked.push(body) > 0)
      .times(2)
      .reply(201, () => ({ token: `ghs_${asked.length}`, expires_at: inAnHour() }));
    const { host, lines } = await startRoom();
    const [one, two] = await Promise.all([host.gitAccess(repo), host.gitAccess(repo)]);
    expect(one).toEqual({ url: 'https://github.com/octocat/Hello-World.git', token: 'ghs_1' });
    expect(two).toEqual(one);
    expect(asked).toEqual([
      { repositories: ['Hello-World'], permissions: { contents: 'write', metadata: 'read' } },
    ]);
    expect(lines.join()).not.toContain('ghs_');
  });

  test('is asked for anew when little of its hour is left', async () => {
    nock(api).get(`${at}/installation`).reply(200, recorded('installation'));
    const soon = new Date(Date.now() + 60_000).toISOString();
    let count = 0;
    nock(api)
      .post('/app/installations/1/access_tokens')
      .times(2)
      .reply(201, () => ({ token: `ghs_${(count += 1)}`, expires_at: soon }));
    const { host } = await startRoom();
    expect((await host.gitAccess(repo)).token).toBe('ghs_1');
    expect((await host.gitAccess(repo)).token).toBe('ghs_2');
  });

  test('finds the new installation after the old one was removed', async () => {
    nock(api).get(`${at}/installation`).reply(200, recorded('installation'));
    nock(api).post('/app/installations/1/access_tokens').reply(404, { message: 'Not Found' });
    nock(api)
      .get(`${at}/installation`)
      .reply(200, recorded('installation', { id: 2 }));
    nock(api)
      .post('/app/installations/2/access_tokens')
      .reply(201, { token: 'ghs_2', expires_at: inAnHour() });
    const { host } = await startRoom();
    expect((await host.gitAccess(repo)).token).toBe('ghs_2');
  });

  test('that the owner did not grant is refused, with the permission it takes', async () => {
    nock(api).persist().get(`${at}/installation`).reply(200, recorded('installation'));
    nock(api)
      .post('/app/installations/1/access_tokens')
      .reply(422, { message: 'The permissions requested are not granted to this installation.' });
    const { host } = await startRoom();
    const failure = await failureOf(host.gitAccess(repo));
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub refused to give the right to push to octocat/Hello-World ("contents: write"): The permissions requested are not granted to this installation."`,
    );
  });
});

describe('people', () => {
  test.each([
    ['a role the host knows', { permission: 'write', role_name: 'maintain' }, 'maintain'],
    ['triage, which the old field calls read', { permission: 'read', role_name: 'triage' }, 'triage'],
    ["an organisation's own role", { permission: 'write', role_name: 'release-captain' }, 'write'],
    ['a field this program does not know', { permission: 'owner', role_name: 'owner' }, 'none'],
  ])('%s', async (_, fields, role) => {
    installed();
    nock(api)
      .get(`${at}/collaborators/mona/permission`)
      .reply(
        200,
        recorded('repository-collaborator-permission-response-if-user-has-admin-permissions', fields),
      );
    const { host } = await startRoom();
    expect(await host.readRole(repo, 'mona')).toBe(role);
  });

  test('strangers and names that cannot be have no role', async () => {
    installed();
    nock(api).get(`${at}/collaborators/stranger/permission`).reply(404, { message: 'Not Found' });
    const { host } = await startRoom();
    expect(await host.readRole(repo, 'stranger')).toBe('none');
    expect(await host.readRole(repo, '../octocat')).toBe('none');
    expect(await host.readRole(repo, '')).toBe('none');
  });

  test('Suture knows its own name and the e-mail that commits are shown under', async () => {
    knowsSuture();
    const { host, lines } = await startRoom();
    const self = { login: 'suture[bot]', email: '41+suture[bot]@users.noreply.github.com' };
    expect(await host.readSelf()).toEqual(self);
    expect(await host.readSelf()).toEqual(self);
    expect(lines.join('\n')).toContain('pull_requests: write');
  });

  test.each([
    ['https://git.example.com', 'users.noreply.git.example.com'],
    ['http://127.0.0.1:3000', 'users.noreply.github.com'],
  ])('and at %s the e-mail is one of %s', async (gitUrl, domain) => {
    knowsSuture();
    const { host } = await startRoom({ gitUrl });
    expect((await host.readSelf()).email).toBe(`41+suture[bot]@${domain}`);
  });

  test('Suture cannot know itself while it is installed nowhere', async () => {
    nock(api).get('/app').reply(200, recorded('integration'));
    nock(api).get('/app/installations').query(true).reply(200, []);
    const { host } = await startRoom();
    expect((await failureOf(host.readSelf())).message).toMatchInlineSnapshot(
      `"Suture is not installed anywhere: install it at https://github.com/apps/octoapp/installations/new."`,
    );
  });

  test('what the app lacks is said in sentences', async () => {
    nock(api).get('/app').reply(200, recorded('integration'));
    const { checkApp } = await startRoom();
    expect(await checkApp()).toMatchInlineSnapshot(`
      [
        "The event "issues" is missing (Suture writes the triage issue and hears its ticks and commands): subscribe to it in the settings of the GitHub App https://github.com/apps/octoapp.",
        "The event "issue_comment" is missing (Suture writes the triage issue and hears its ticks and commands): subscribe to it in the settings of the GitHub App https://github.com/apps/octoapp.",
        "The permission "pull_requests: write" is missing (Suture opens pull requests, asks for reviews and hears when one is merged, closed or reviewed): grant it in the settings of the GitHub App https://github.com/apps/octoapp.",
        "The permission "contents: write" is missing (Suture reads the code and pushes one branch per fix): grant it in the settings of the GitHub App https://github.com/apps/octoapp.",
        "The permission "checks: read" is missing (Suture sees whether check runs passed): grant it in the settings of the GitHub App https://github.com/apps/octoapp.",
        "The permission "statuses: read" is missing (Suture sees whether commit statuses passed): grant it in the settings of the GitHub App https://github.com/apps/octoapp.",
      ]
    `);
  });
});

describe('issues', () => {
  test('with a label are listed over all pages, without pull requests', async () => {
    installed();
    const query = { labels: 'suture', state: 'open', per_page: '100' };
    const next = `${api}/repositories/1296269/issues?page=2`;
    nock(api)
      .get(`${at}/issues`)
      .query(query)
      .reply(200, [recorded('issue', { number: 1, pull_request: undefined })], {
        link: `<${next}>; rel="next"`,
      });
    nock(api)
      .get('/repositories/1296269/issues')
      .query({ page: '2' })
      .reply(200, [
        recorded('issue', { number: 2 }),
        recorded('issue', { number: 3, pull_request: undefined }),
      ]);
    const { host } = await startRoom();
    const issues = await host.listIssues(repo, 'suture', 'open');
    expect(issues.map(({ number }) => number)).toEqual([1, 3]);
    expect(issues[0]).toMatchInlineSnapshot(`
      {
        "author": {
          "kind": "human",
          "login": "octocat",
        },
        "body": "I'm having a problem with this.",
        "labels": [
          "bug",
        ],
        "number": 1,
        "state": "open",
        "title": "Found a bug",
        "url": "https://github.com/octocat/Hello-World/issues/1347",
      }
    `);
  });

  test('that are gone, deleted or moved away are null', async () => {
    installed();
    nock(api).get(`${at}/issues/1`).reply(404, { message: 'Not Found' });
    nock(api).get(`${at}/issues/2`).reply(410, { message: 'This issue was deleted' });
    nock(api)
      .get(`${at}/issues/3`)
      .reply(301, { message: 'Moved Permanently' }, { location: `${api}/repositories/7/issues/9` });
    const { host } = await startRoom();
    expect(await host.readIssue(repo, 1)).toBeNull();
    expect(await host.readIssue(repo, 2)).toBeNull();
    expect(await host.readIssue(repo, 3)).toBeNull();
  });

  test('an update gives what GitHub stored, even when that is the old body', async () => {
    installed();
    nock(api)
      .patch(`${at}/issues/7`, { body: 'new' })
      .reply(200, recorded('issue', { number: 7, body: 'old', user: null }));
    const { host } = await startRoom();
    const stored = await host.updateIssue(repo, 7, { body: 'new' });
    expect(stored).toMatchObject({ body: 'old', author: { login: 'ghost', kind: 'other' } });
  });

  test('an author is human, bot or other', async () => {
    installed();
    nock(api)
      .get(`${at}/issues/1`)
      .reply(200, by('User'))
      .get(`${at}/issues/2`)
      .reply(200, by('Bot'))
      .get(`${at}/issues/3`)
      .reply(200, by('Mannequin'));
    const { host } = await startRoom();
    const kinds = await Promise.all([1, 2, 3].map(async (n) => (await host.readIssue(repo, n))?.author.kind));
    expect(kinds).toEqual(['human', 'bot', 'other']);
  });

  test('a label is created only when it is not there', async () => {
    installed();
    nock(api).get(`${at}/labels/new`).reply(404, { message: 'Not Found' });
    const create = nock(api)
      .post(`${at}/labels`, { name: 'new', color: 'aa00ff', description: 'd' })
      .reply(201, recorded('label'));
    nock(api).get(`${at}/labels/old`).reply(200, recorded('label'));
    const { host } = await startRoom();
    await host.ensureLabel(repo, { name: 'new', color: '#aa00ff', description: 'd' });
    await host.ensureLabel(repo, { name: 'old', color: 'aa00ff', description: 'd' });
    expect(create.isDone()).toBe(true);
  });

  test('a label that another process made meanwhile is fine, one that GitHub refuses is not', async () => {
    installed();
    const taken = {
      message: 'Validation Failed',
      errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }],
    };
    nock(api).get(`${at}/labels/raced`).reply(404, { message: 'Not Found' });
    nock(api).post(`${at}/labels`).reply(422, taken);
    nock(api).get(`${at}/labels/raced`).reply(200, recorded('label'));
    const { host } = await startRoom();
    await host.ensureLabel(repo, { name: 'raced', color: 'aa00ff', description: '' });

    nock(api).get(`${at}/labels/bad`).times(2).reply(404, { message: 'Not Found' });
    nock(api)
      .post(`${at}/labels`)
      .reply(422, { message: 'Validation Failed', errors: [{ field: 'color', code: 'invalid' }] });
    const failure = await failureOf(host.ensureLabel(repo, { name: 'bad', color: 'no', description: '' }));
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub refused to create the label "bad" in octocat/Hello-World: color invalid."`,
    );
  });

  test('a comment and a reaction', async () => {
    installed();
    nock(api)
      .post(`${at}/issues/7/comments`, { body: 'hello' })
      .reply(201, recorded('issue-comment', { id: 5 }));
    nock(api).post(`${at}/issues/comments/5/reactions`, { content: 'eyes' }).reply(200, recorded('reaction'));
    const { host } = await startRoom();
    expect((await host.comment(repo, 7, 'hello')).id).toBe(5);
    await host.react(repo, 5, 'eyes');
  });
});

describe('pull requests', () => {
  test('are found by the start of their branch, whatever their state, never from forks', async () => {
    installed();
    nock(api)
      .get(`${at}/pulls`)
      .query({ state: 'all', sort: 'created', direction: 'desc', per_page: '100' })
      .reply(200, [
        pull(9, 'sentry/PER-1-b'),
        pull(8, 'feature'),
        pull(7, 'sentry/PER-1-a', {
          head: { ref: 'sentry/PER-1-a', sha, repo: { full_name: 'eve/Hello-World' } },
        }),
        pull(6, 'sentry/PER-1-a', { head: { ref: 'sentry/PER-1-a', sha, repo: null } }),
        pull(5, 'sentry/PER-1-a', {
          state: 'closed',
          merged_at: '2026-01-02T03:04:05Z',
          closed_at: '2026-01-02T03:04:05Z',
          merge_commit_sha: 'f'.repeat(40),
        }),
      ]);
    const { host } = await startRoom();
    const found = await host.findPullRequests(repo, 'sentry/PER-1-');
    expect(found.map(({ number, state, mergeSha }) => [number, state, mergeSha])).toEqual([
      [9, 'open', null],
      [5, 'merged', 'f'.repeat(40)],
    ]);
    expect(found[1]?.mergedAt).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
  });

  test('older than the newest thousand are found by their branch', async () => {
    installed();
    const full = Array.from({ length: 100 }, (_, index) => pull(2000 - index, 'feature'));
    for (let page = 1; page <= 10; page += 1) {
      const link = `<${api}${at}/pulls?state=all&page=${page + 1}>; rel="next"`;
      nock(api)
        .get(`${at}/pulls`)
        .query((query) => query['state'] === 'all' && (query['page'] ?? '1') === String(page))
        .reply(200, full, { link });
    }
    nock(api)
      .get(`${at}/git/matching-refs/heads%2Fsentry%2FPER-1-`)
      .query({ per_page: '100' })
      .reply(200, [{ ref: 'refs/heads/sentry/PER-1-a' }]);
    nock(api)
      .get(`${at}/pulls`)
      .query({ head: 'octocat:sentry/PER-1-a', state: 'all', per_page: '100' })
      .reply(200, [pull(3, 'sentry/PER-1-a')]);
    const { host } = await startRoom();
    expect((await host.findPullRequests(repo, 'sentry/PER-1-')).map(({ number }) => number)).toEqual([3]);
  });

  test('an open one has no merge commit, though GitHub fills the field with a test merge', async () => {
    installed();
    nock(api)
      .get(`${at}/pulls/9`)
      .reply(200, pull(9, 'b', { merge_commit_sha: 'e'.repeat(40), merged_by: null }));
    const { host } = await startRoom();
    expect(await host.readPullRequest(repo, 9)).toMatchObject({
      mergeSha: null,
      mergedBy: null,
      state: 'open',
    });
  });

  test('a second one for the same branch is refused in GitHub words', async () => {
    installed();
    nock(api)
      .post(`${at}/pulls`, { title: 't', body: 'b', head: 'x', base: 'main', draft: false })
      .reply(422, {
        message: 'Validation Failed',
        errors: [
          {
            resource: 'PullRequest',
            code: 'custom',
            message: 'A pull request already exists for octocat:x.',
          },
        ],
        documentation_url: 'https://docs.github.com/rest/pulls',
      });
    const { host } = await startRoom();
    const failure = await failureOf(
      host.openPullRequest(repo, { title: 't', body: 'b', branch: 'x', base: 'main', draft: false }),
    );
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub refused to open a pull request from "x" in octocat/Hello-World: A pull request already exists for octocat:x."`,
    );
  });

  test('checks come from both systems, every page', async () => {
    installed();
    const next = `<${api}${at}/commits/${sha}/check-runs?page=2>; rel="next"`;
    nock(api)
      .get(`${at}/commits/${sha}/check-runs`)
      .query({ filter: 'latest', per_page: '100' })
      .reply(200, { total_count: 2, check_runs: [run('a', 'completed', 'success')] }, { link: next });
    nock(api)
      .get(`${at}/commits/${sha}/check-runs`)
      .query({ page: '2' })
      .reply(200, { total_count: 2, check_runs: [run('b', 'in_progress', null)] });
    const contexts = Array.from({ length: 101 }, (_, index) => statusOf(`c${index}`));
    for (const page of [1, 2]) {
      nock(api)
        .get(`${at}/commits/${sha}/status`)
        .query({ per_page: '100', page: String(page) })
        .reply(
          200,
          recorded('combined-commit-status', { statuses: contexts.slice(page * 100 - 100, page * 100) }),
        );
    }
    const { host } = await startRoom();
    const checks = await host.readChecks(repo, sha);
    const shown = { id: 4, app: null, suite: 5, startedAt: null, completedAt: null, url: null };
    expect(checks.runs).toEqual([
      { ...shown, name: 'a', status: 'completed', conclusion: 'success' },
      { ...shown, name: 'b', status: 'in_progress', conclusion: null },
    ]);
    expect(checks.statuses.length).toBe(101);
  });

  test('a branch is deleted; one that is gone or stands elsewhere is fine; one that is protected is not', async () => {
    installed();
    const head = z.object({ sha: z.string() }).parse(recorded('git-ref')['object']).sha;
    lookFor('a').reply(200, recorded('git-ref'));
    pullsFrom('a').reply(200, []);
    nock(api).delete(refOf('a')).reply(204);
    lookFor('moved').reply(200, recorded('git-ref'));
    lookFor('gone').reply(404, { message: 'Not Found' });
    lookFor('going').reply(200, recorded('git-ref'));
    pullsFrom('going').reply(200, []);
    nock(api).delete(refOf('going')).reply(422, { message: 'Reference does not exist' });
    lookFor('going').reply(404, { message: 'Not Found' });
    lookFor('kept').times(2).reply(200, recorded('git-ref'));
    pullsFrom('kept').reply(200, []);
    nock(api).delete(refOf('kept')).reply(422, { message: 'Cannot delete this protected branch' });
    const { host } = await startRoom();
    await host.deleteBranch(repo, 'sentry/a', head);
    await host.deleteBranch(repo, 'sentry/moved', 'f'.repeat(40));
    await host.deleteBranch(repo, 'sentry/gone', head);
    await host.deleteBranch(repo, 'sentry/going', head);
    expect((await failureOf(host.deleteBranch(repo, 'sentry/kept', head))).message).toMatchInlineSnapshot(
      `"GitHub refused to delete the branch "sentry/kept" in octocat/Hello-World: Cannot delete this protected branch."`,
    );
  });
});
