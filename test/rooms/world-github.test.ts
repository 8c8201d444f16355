// The GitHub stand-in as its users meet it over the API: who may do what, what is remembered, what is refused.
// Git is in world-github-git.test.ts, webhooks in world-github-webhooks.test.ts, shapes in the contract test.

import { Probot } from 'probot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clientFor, signAppToken, type TokenClaims } from '../world/github/clients.ts';
import { startGitHub, type GitHubWorld } from '../world/github/start.ts';

const shop = { owner: 'acme', repo: 'shop' };
const permissions = { issues: 'write', pull_requests: 'write', contents: 'read' } as const;
let world: GitHubWorld;
let app: { appId: number; privateKey: string };
let installation: number;
let time = Date.parse('2026-11-23T08:00:00Z');

beforeEach(async () => {
  time = Date.parse('2026-11-23T08:00:00Z');
  world = await startGitHub({ now: () => time });
  for (const login of ['ada', 'tom', 'eve']) world.addUser(login);
  await world.addRepository({ owner: 'acme', name: 'shop' });
  await world.addRepository({ owner: 'acme', name: 'vault', private: true });
  world.setRole('acme/shop', 'ada', 'maintain');
  world.setRole('acme/shop', 'tom', 'triage');
  app = world.addApp({ slug: 'suture', permissions, events: [], webhookSecret: 'secret' });
  installation = world.install('suture', 'acme', ['shop']);
});

afterEach(() => world.close());

const client = (token?: string) => clientFor(world.url, token);

function appToken(claims: Partial<TokenClaims> = {}, key = app.privateKey): string {
  const now = time / 1000;
  return signAppToken(key, { iss: app.appId, iat: now - 30, exp: now + 570, ...claims });
}

async function installationToken(
  narrowed: { repositories?: string[]; permissions?: Record<string, string> } = {},
) {
  const { data } = await client(appToken()).rest.apps.createInstallationAccessToken({
    installation_id: installation,
    ...narrowed,
  });
  return data.token;
}

/** Status and message of a refusal; fails when the call succeeds. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  const outcome = await call.then(
    () => 'it was allowed',
    (error: { status: number; response?: { data: { message: string } } }) =>
      `${error.status} ${error.response?.data.message}`,
  );
  return outcome;
}

describe('who is asking', () => {
  test('a token nobody made is refused', async () => {
    expect(await refusalOf(client('ghp_made_up').rest.users.getAuthenticated())).toBe('401 Bad credentials');
  });

  test('nobody may read public things and write nothing', async () => {
    expect((await client().rest.repos.get(shop)).data.full_name).toBe('acme/shop');
    expect(await refusalOf(client().rest.repos.get({ ...shop, repo: 'vault' }))).toBe('404 Not Found');
    expect(await refusalOf(client().rest.issues.create({ ...shop, title: 'x' }))).toBe(
      '401 Requires authentication',
    );
  });

  test.each([
    [
      'a forged signature',
      () => appToken({}, world.addApp({ slug: 'b', permissions, events: [], webhookSecret: 's' }).privateKey),
    ],
    ['an expired one', () => appToken({ exp: time / 1000 - 1 })],
    ['one that lives too long', () => appToken({ exp: time / 1000 + 601 })],
    ['one from the future', () => appToken({ iat: time / 1000 + 120, exp: time / 1000 + 300 })],
  ])('an app token is refused: %s', async (_what, token) => {
    expect(await refusalOf(client(token()).rest.apps.getAuthenticated())).toMatch(/^401 /);
  });

  test('an installation token dies when revoked and with its installation', async () => {
    const [old, revoked, orphan] = [
      await installationToken(),
      await installationToken(),
      await installationToken(),
    ] as const;
    await client(revoked).rest.apps.revokeInstallationAccessToken();
    expect(await refusalOf(client(revoked).rest.repos.get(shop))).toBe('401 Bad credentials');
    expect((await client(old).rest.repos.get(shop)).status).toBe(200);
    world.uninstall(installation);
    expect(await refusalOf(client(orphan).rest.repos.get(shop))).toBe('401 Bad credentials');
  });

  test('an hour later the token is refused', async () => {
    const token = await installationToken();
    time += 3_599_000;
    expect((await client(token).rest.repos.get(shop)).status).toBe(200);
    time += 1_000;
    expect(await refusalOf(client(token).rest.repos.get(shop))).toBe('401 Bad credentials');
  });

  test('a token narrowed to reading cannot write, and asking for more than granted is refused', async () => {
    const narrow = client(await installationToken({ permissions: { issues: 'read' } }));
    expect((await narrow.rest.issues.listForRepo(shop)).data).toEqual([]);
    expect(await refusalOf(narrow.rest.issues.create({ ...shop, title: 'x' }))).toBe(
      '403 Resource not accessible by integration',
    );
    expect(await refusalOf(installationToken({ permissions: { contents: 'write' } }))).toMatch(
      /^422 The permissions/,
    );
    expect(await refusalOf(installationToken({ repositories: ['vault'] }))).toMatch(
      /^422 There is at least one/,
    );
  });

  test('an installation does not see other repositories', async () => {
    const bot = client(await installationToken());
    expect(await refusalOf(bot.rest.repos.get({ ...shop, repo: 'vault' }))).toBe('404 Not Found');
    expect(
      await refusalOf(client(appToken()).rest.apps.getRepoInstallation({ ...shop, repo: 'vault' })),
    ).toBe('404 Not Found');
  });

  test('the client of Probot gets along with it, tokens included', async () => {
    time = Date.now();
    const probot = new Probot({ ...app, secret: 'secret', baseUrl: world.url, logLevel: 'fatal' });
    const asInstallation = await probot.auth(installation);
    const { data } = await asInstallation.rest.issues.create({ ...shop, title: 'From Probot' });
    expect(data.user).toMatchObject({ login: 'suture[bot]', type: 'Bot' });
    expect((await asInstallation.rest.users.getByUsername({ username: 'suture[bot]' })).data.id).toBe(
      data.user?.id,
    );
  });
});

describe('roles', () => {
  test.each([
    ['ada', 'write', 'maintain'],
    ['tom', 'read', 'triage'],
    ['eve', 'read', 'read'],
  ])('%s: permission %s, role %s', async (username, permission, role) => {
    const bot = client(await installationToken());
    const { data } = await bot.rest.repos.getCollaboratorPermissionLevel({ ...shop, username });
    expect([data.permission, data.role_name]).toEqual([permission, role]);
  });

  test('a login nobody has is 404', async () => {
    const bot = client(await installationToken());
    const asked = bot.rest.repos.getCollaboratorPermissionLevel({ ...shop, username: 'ghost' });
    expect(await refusalOf(asked)).toBe('404 ghost is not a user');
  });

  test('the author and triage edit an issue, others do not; only write edits foreign comments', async () => {
    const { data: issue } = await client(await installationToken()).rest.issues.create({
      ...shop,
      title: 'T',
    });
    const on = { ...shop, issue_number: issue.number };
    expect(await refusalOf(world.as('eve').rest.issues.update({ ...on, body: 'x' }))).toMatch(/^403 /);
    expect((await world.as('tom').rest.issues.update({ ...on, body: 'x' })).data.body).toBe('x');
    const { data: comment } = await world.as('eve').rest.issues.createComment({ ...on, body: 'hello' });
    const at = { ...shop, comment_id: comment.id };
    expect(await refusalOf(world.as('tom').rest.issues.updateComment({ ...at, body: 'y' }))).toMatch(/^403 /);
    expect((await world.as('ada').rest.issues.updateComment({ ...at, body: 'y' })).data.body).toBe('y');
  });

  test('labels of a person without triage are dropped in silence; a locked issue takes no foreign comment', async () => {
    const eve = world.as('eve').rest.issues;
    const { data } = await eve.create({ ...shop, title: 'Mine', labels: ['urgent'] });
    expect(data.labels).toEqual([]);
    await world.as('tom').rest.issues.lock({ ...shop, issue_number: data.number });
    expect(await refusalOf(eve.createComment({ ...shop, issue_number: data.number, body: 'x' }))).toMatch(
      /^403 .*locked/,
    );
  });
});

describe('issues', () => {
  test('a body over 65,536 characters: 422 on creation and comment, silence on update', async () => {
    const { issues } = world.as('ada').rest;
    const tooLong = '𝒳'.repeat(65_537);
    expect(await refusalOf(issues.create({ ...shop, title: 'x', body: tooLong }))).toBe(
      '422 Validation Failed',
    );
    const { data } = await issues.create({ ...shop, title: 'x', body: tooLong.slice(2) });
    const on = { ...shop, issue_number: data.number };
    expect(await refusalOf(issues.createComment({ ...on, body: tooLong }))).toBe('422 Validation Failed');
    const { status, data: after } = await issues.update({ ...on, body: tooLong });
    expect([status, after.body]).toEqual([200, data.body]);
  });

  test('lists by state, label and creator, in pages', async () => {
    const { issues } = world.as('ada').rest;
    for (let n = 1; n <= 35; n += 1) {
      time += 1000;
      await issues.create({ ...shop, title: `${n}`, labels: n % 2 ? ['odd'] : ['even'] });
    }
    await issues.update({ ...shop, issue_number: 1, state: 'closed' });
    const first = await issues.listForRepo({ ...shop });
    expect([first.data.length, first.data[0]?.number]).toEqual([30, 35]);
    expect(first.headers.link).toContain('rel="next"');
    const all = await world
      .as('ada')
      .paginate(issues.listForRepo, { ...shop, state: 'all', labels: 'odd', per_page: 5 });
    expect(all.map((one) => one.number)).toEqual([
      35, 33, 31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1,
    ]);
    expect((await issues.listForRepo({ ...shop, creator: 'tom' })).data).toEqual([]);
  });

  test('a label twice is 422, a reaction twice is 200', async () => {
    const { issues, reactions } = world.as('ada').rest;
    await issues.createLabel({ ...shop, name: 'suture' });
    expect(await refusalOf(issues.createLabel({ ...shop, name: 'Suture' }))).toBe('422 Validation Failed');
    const { data } = await issues.create({ ...shop, title: 'x' });
    const on = { ...shop, issue_number: data.number, content: 'eyes' } as const;
    expect((await reactions.createForIssue(on)).status).toBe(201);
    expect((await reactions.createForIssue(on)).status).toBe(200);
  });

  test('who edited the body can be asked, newest first; any other GraphQL is an error', async () => {
    const ada = world.as('ada');
    const { data } = await ada.rest.issues.create({ ...shop, title: 'x', body: 'one' });
    await world.as('tom').rest.issues.update({ ...shop, issue_number: data.number, body: 'two' });
    const query = `query($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) {
      issue(number: $number) { userContentEdits(first: 10) { nodes { editor { login } editedAt } } } } }`;
    const variables = { owner: 'acme', name: 'shop', number: data.number };
    const answer = await ada.graphql<{
      repository: { issue: { userContentEdits: { nodes: { editor: { login: string } }[] } } };
    }>(query, variables);
    expect(answer.repository.issue.userContentEdits.nodes.map((one) => one.editor.login)).toEqual([
      'tom',
      'ada',
    ]);
    await expect(ada.graphql('{ viewer { login } }')).rejects.toThrow(
      "Field 'viewer' doesn't exist on type 'Query'",
    );
  });
});

const errorsOf = async (query: string, as = world.as('ada')): Promise<unknown> => {
  const answer = await as.request('POST /graphql', { query });
  return (answer.data as { errors?: unknown }).errors;
};
const inShop = (fields: string): string => `{ repository(owner: "acme", name: "shop") { ${fields} } }`;

describe('GraphQL', () => {
  test('refuses what the schema does not have, and pages that are too long or too many', async () => {
    const extensions = { code: 'undefinedField', typeName: 'Repository', fieldName: 'colour' };
    const colour = { message: "Field 'colour' doesn't exist on type 'Repository'", extensions };
    expect(await errorsOf(inShop('colour'))).toMatchObject([colour]);
    expect(await errorsOf(inShop('{'))).toMatchObject([{ message: expect.stringContaining('Syntax Error') }]);
    const { data } = await world.as('ada').rest.issues.create({ ...shop, title: 'x' });
    const edits = (page: string): string =>
      inShop(`issue(number: ${data.number}) { userContentEdits${page} { nodes { diff } } }`);
    expect(await errorsOf(edits(''))).toMatchObject([{ type: 'MISSING_PAGINATION_BOUNDARIES' }]);
    expect(await errorsOf(edits('(first: 101)'))).toMatchObject([{ type: 'EXCESSIVE_PAGINATION' }]);
    expect(await errorsOf(edits('(first: 100)'))).toBeUndefined();
    const contexts = 'commit { statusCheckRollup { contexts(first: 100) { nodes { __typename } } } }';
    const pulls = Array.from(
      { length: 50 },
      (_, index) =>
        `p${index}: pullRequest(number: ${index}) { commits(first: 100) { nodes { ${contexts} } } }`,
    );
    const message =
      'This query requests up to 505,000 possible nodes which exceeds the maximum limit of 500,000.';
    expect(await errorsOf(inShop(pulls.join(' ')))).toMatchObject([
      { type: 'MAX_NODE_LIMIT_EXCEEDED', message },
    ]);
  });

  test('answers what it can beside what it cannot', async () => {
    const { data } = await world.as('ada').rest.issues.create({ ...shop, title: 'x' });
    const query = inShop(
      `there: issue(number: ${data.number}) { number } not: issue(number: 9999) { number }`,
    );
    const answer = await world.as('ada').request('POST /graphql', { query });
    expect(answer.data).toMatchObject({
      data: { repository: { there: { number: data.number }, not: null } },
      errors: [{ type: 'NOT_FOUND', path: ['repository', 'not'] }],
    });
    const elsewhere = '{ repository(owner: "acme", name: "nothing") { id } }';
    expect(await errorsOf(elsewhere)).toMatchObject([{ type: 'NOT_FOUND', path: ['repository'] }]);
  });
});

describe('limits and failures', () => {
  test('requests are counted for each token; an unchanged answer is free', async () => {
    const ada = world.as('ada');
    const first = await ada.rest.repos.get(shop);
    expect(first.headers['x-ratelimit-remaining']).toBe('4999');
    const headers = { 'if-none-match': first.headers.etag ?? '' };
    expect(await refusalOf(ada.rest.repos.get({ ...shop, headers }))).toMatch(/^304 /);
    expect((await ada.rest.rateLimit.get()).data.rate.remaining).toBe(4999);
  });

  test('the primary limit: 403 with nothing remaining, until the reset', async () => {
    const bot = client(await installationToken());
    world.rateLimit({ appSlug: 'suture', remaining: 1, resetInSeconds: 60 });
    expect((await bot.rest.repos.get(shop)).headers['x-ratelimit-remaining']).toBe('0');
    const error = await bot.rest.repos.get(shop).catch((one: unknown) => one);
    expect(error).toMatchObject({
      status: 403,
      response: { headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${time / 1000 + 60}` } },
    });
    time += 60_000;
    expect((await bot.rest.repos.get(shop)).status).toBe(200);
  });

  test('the secondary limit: 403 with retry-after', async () => {
    const bot = client(await installationToken());
    world.rateLimit({ appSlug: 'suture', remaining: 0, resetInSeconds: 7, secondary: true });
    const error = await bot.rest.repos.get(shop).catch((one: unknown) => one);
    expect(error).toMatchObject({ status: 403, response: { headers: { 'retry-after': '7' } } });
  });

  test('an ordered failure, before or after the effect', async () => {
    const { issues } = world.as('ada').rest;
    world.fail({ method: 'POST', path: /\/issues$/, status: 502, times: 1 });
    world.fail({ method: 'POST', path: /\/issues$/, status: 500, times: 1, after: true });
    expect(await refusalOf(issues.create({ ...shop, title: 'a' }))).toBe('502 Server Error');
    expect(await refusalOf(issues.create({ ...shop, title: 'b' }))).toBe('500 Server Error');
    expect((await issues.listForRepo(shop)).data.map((one) => one.title)).toEqual(['b']);
    expect(world.requests.slice(0, 2)).toEqual([
      { method: 'POST', path: '/repos/acme/shop/issues', status: 502, actor: 'ada' },
      { method: 'POST', path: '/repos/acme/shop/issues', status: 500, actor: 'ada' },
    ]);
  });
});
