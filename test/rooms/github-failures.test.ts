import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Bug, Later, Refusal } from '../../src/domain/failure.ts';
import {
  api,
  at,
  failureOf,
  inAnHour,
  installationToken,
  installed,
  privateKey,
  recorded,
  repo,
  startRoom,
} from './github-recorded.ts';

type Headers = Record<string, string>;

function as(token: string): nock.Scope {
  return nock(api, { reqheaders: { authorization: `token ${token}` } });
}

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  vi.useRealTimers();
  nock.cleanAll();
  nock.enableNetConnect();
});

/** Opening an issue: a creation, so it must reach GitHub exactly once whatever comes back. */
async function failToCreate(status: number, body: object | string, headers: Headers = {}): Promise<Error> {
  installed();
  let sent = 0;
  nock(api)
    .persist()
    .post(`${at}/issues`)
    .reply(() => [status, ((sent += 1), body), headers]);
  const { host } = await startRoom();
  const failure = await failureOf(host.createIssue(repo, { title: 't', body: 'b', labels: [] }));
  expect(sent).toBe(1);
  return failure;
}

async function failAfter(status: number, headers: Headers, message = 'no'): Promise<number> {
  const failure = await failToCreate(status, { message }, headers);
  expect(failure).toBeInstanceOf(Later);
  return failure instanceof Later ? failure.retryAfterMs : -1;
}

describe('a rate limit is Later', () => {
  test('by the seconds told', async () => {
    expect(await failAfter(403, { 'retry-after': '17' }, 'You have exceeded a secondary rate limit.')).toBe(
      17_000,
    );
    nock.cleanAll();
    expect(await failAfter(429, { 'retry-after': '3' })).toBe(3_000);
  });

  test('also of GraphQL, which answers 200', async () => {
    installed();
    const headers = {
      date: 'Mon, 23 Nov 2026 10:00:00 GMT',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Date.parse('2026-11-23T10:02:00Z') / 1000),
    };
    const errors = [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for installation ID 7.' }];
    nock(api).persist().post('/graphql').reply(200, { errors }, headers);
    const { host } = await startRoom();
    const failure = await failureOf(host.readPullMarks(repo, [1]));
    expect(failure).toBeInstanceOf(Later);
    expect(failure instanceof Later && failure.retryAfterMs).toBe(121_000);
    expect(failure.message).toMatch(/^GitHub asks Suture to wait 121 seconds before it may ask which pull /);
  });

  test("until the told moment, by GitHub's own clock", async () => {
    const date = 'Mon, 23 Nov 2026 10:00:00 GMT';
    const reset = String(Date.parse(date) / 1000 + 90);
    const headers = { date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    expect(await failAfter(403, headers, 'API rate limit exceeded')).toBe(91_000);
  });

  test('for a minute when nothing is told, for an hour at most, for a second at least', async () => {
    expect(await failAfter(403, {}, 'You have exceeded a secondary rate limit')).toBe(60_000);
    nock.cleanAll();
    expect(await failAfter(429, { 'retry-after': '86400' })).toBe(3_600_000);
    nock.cleanAll();
    expect(await failAfter(429, { 'retry-after': '0' })).toBe(1_000);
  });
});

describe('trouble on the way is Later', () => {
  test('for a server error, after one try of a creation', async () => {
    expect(await failAfter(502, {})).toBe(30_000);
  });

  test('for a connection that fails, after one try of a creation', async () => {
    installed();
    const create = nock(api).post(`${at}/issues`).replyWithError('socket hang up');
    const { host } = await startRoom();
    const failure = await failureOf(host.createIssue(repo, { title: 't', body: 'b', labels: [] }));
    expect(failure).toBeInstanceOf(Later);
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub could not be reached when Suture wanted to open an issue in octocat/Hello-World; Suture tries again."`,
    );
    expect(create.isDone()).toBe(true);
  });

  test('but a read is repeated once', async () => {
    installed();
    nock(api).get(`${at}/issues/1`).reply(502, 'Bad Gateway');
    nock(api)
      .get(`${at}/issues/1`)
      .reply(200, recorded('issue', { number: 1 }));
    const { host } = await startRoom();
    expect((await host.readIssue(repo, 1))?.number).toBe(1);
  });

  test.each([
    ['broken off', '[{"number": 1, "tit', 'application/json'],
    ['empty', '', 'application/json'],
    ['from something in between', '<html>please log in</html>', 'text/html'],
  ])('for a list that is %s, which must not read as "there are none"', async (_, body, type) => {
    installed();
    nock(api).get(`${at}/issues`).query(true).reply(200, body, { 'content-type': type });
    const { host } = await startRoom();
    expect(await failureOf(host.listIssues(repo, 'suture', 'open'))).toBeInstanceOf(Later);
  });
});

describe('what a person can mend is a Refusal', () => {
  test('a key that GitHub does not accept', async () => {
    nock(api).get(`${at}/installation`).reply(401, { message: 'A JSON web token could not be decoded' });
    const { host } = await startRoom();
    const failure = await failureOf(host.readRepository(repo));
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub does not accept Suture's key: check that APP_ID (999) and PRIVATE_KEY belong to the same GitHub App, that the key was not deleted there, and that this machine's clock is right."`,
    );
  });

  test('a permission that was not granted, by its name', async () => {
    const failure = await failToCreate(
      403,
      { message: 'Resource not accessible by integration', documentation_url: 'https://docs.github.com/x' },
      { 'x-accepted-github-permissions': 'issues=write; pull_requests=write,contents=read' },
    );
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub does not let Suture open an issue in octocat/Hello-World: that needs the permission "issues: write" or "pull_requests: write" and "contents: read". Grant it in the settings of the GitHub App, then accept it at https://github.com/organizations/github/settings/installations/1."`,
    );
  });

  test('an archived repository', async () => {
    const failure = await failToCreate(403, { message: 'Repository was archived so is read-only.' });
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub does not let Suture open an issue in octocat/Hello-World: Repository was archived so is read-only."`,
    );
  });

  test('issues that are switched off', async () => {
    expect(
      (await failToCreate(410, { message: 'Issues has been disabled in this repository.' })).message,
    ).toMatchInlineSnapshot(
      `"GitHub refused to open an issue in octocat/Hello-World: Issues has been disabled in this repository."`,
    );
  });

  test('a body that is too long', async () => {
    const failure = await failToCreate(422, {
      message: 'Validation Failed',
      errors: [
        {
          resource: 'Issue',
          code: 'custom',
          field: 'body',
          message: 'body is too long (maximum is 65536 characters)',
        },
      ],
    });
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub refused to open an issue in octocat/Hello-World: body is too long (maximum is 65536 characters)."`,
    );
  });

  test('words that carry a token or an address lose them', async () => {
    const failure = await failToCreate(422, {
      message: `see https://github.com/x?token=1 with ${installationToken}\u202E\n twice`,
    });
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub refused to open an issue in octocat/Hello-World: see with [removed] twice."`,
    );
  });
});

describe('anything else is a Bug', () => {
  test('a status that is not known here', async () => {
    const failure = await failToCreate(418, { message: 'teapot' });
    expect(failure).toBeInstanceOf(Bug);
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub answered 418 when asked to open an issue in octocat/Hello-World: teapot."`,
    );
  });

  test('an answer in another form', async () => {
    const failure = await failToCreate(201, { number: 'one' });
    expect(failure).toBeInstanceOf(Bug);
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub answered in a form Suture does not know when asked to open an issue in octocat/Hello-World: number, title, state, html_url, labels."`,
    );
  });
});

describe('settings that cannot be right refuse to start', () => {
  test.each([
    ['an app id that is no number', { appId: 'Iv1.abc' }, 'APP_ID'],
    ['an empty webhook secret', { webhookSecret: '' }, 'WEBHOOK_SECRET'],
    ['a key that is none', { privateKey: privateKey.slice(0, 200) }, 'PRIVATE_KEY'],
  ])('%s', async (_, change, name) => {
    const failure = await failureOf(startRoom(change));
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure.message).toContain(name);
  });
});

test('a write waits for its turn while reads go on', async () => {
  installed();
  let writes = 0;
  nock(api)
    .persist()
    .patch(`${at}/issues/1`)
    .reply(() => [200, ((writes += 1), recorded('issue'))]);
  nock(api)
    .get(`${at}/issues/2`)
    .reply(200, recorded('issue', { number: 2 }));
  const { host } = await startRoom({ writePauseMs: 600_000 });
  await host.updateIssue(repo, 1, { body: 'b' });
  void host.updateIssue(repo, 1, { body: 'c' });
  expect((await host.readIssue(repo, 2))?.number).toBe(2);
  expect(writes).toBe(1);
});

// Last in this file: Octokit's pacing is shared by all clients of a process, and would wait out the step back.
describe('a token that GitHub refuses', () => {
  test('is replaced once', async () => {
    nock(api).get(`${at}/installation`).times(2).reply(200, recorded('installation'));
    for (const token of ['ghs_old', 'ghs_new']) {
      nock(api)
        .post('/app/installations/1/access_tokens')
        .reply(201, { token, expires_at: inAnHour(), permissions: {} });
    }
    as('ghs_old')
      .get(`${at}/issues/1`)
      .reply(200, recorded('issue', { number: 1 }));
    as('ghs_old').get(`${at}/issues/1`).reply(401, { message: 'Bad credentials' });
    as('ghs_new')
      .get(`${at}/issues/1`)
      .reply(200, recorded('issue', { number: 2 }));
    const { host } = await startRoom();
    await host.readIssue(repo, 1);
    // A token younger than five seconds may just not be known everywhere yet: Octokit would wait.
    vi.setSystemTime(Date.now() + 10_000);
    expect((await host.readIssue(repo, 1))?.number).toBe(2);
  });
});

describe('a draft that GitHub will not mark ready', () => {
  const refusal = { errors: [{ type: 'UNPROCESSABLE', message: 'The pull request is not a draft.' }] };

  async function markReadyAfter(draftThen: boolean): Promise<void> {
    installed();
    const about = { node_id: 'PR_1' };
    nock(api)
      .get(`${at}/pulls/9`)
      .reply(200, { ...about, draft: true });
    nock(api).post('/graphql').reply(200, refusal);
    nock(api)
      .get(`${at}/pulls/9`)
      .reply(200, { ...about, draft: draftThen });
    const { host } = await startRoom();
    await host.markReady(repo, 9);
  }

  test('is fine when a person did so at that moment', async () => {
    await markReadyAfter(false);
    expect(nock.isDone()).toBe(true);
  });

  test('is a Refusal while it is one', async () => {
    await expect(markReadyAfter(true)).rejects.toBeInstanceOf(Refusal);
  });
});
