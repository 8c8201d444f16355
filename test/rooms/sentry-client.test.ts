// The Sentry client against recorded answers: paging, limits, failures, and what it never does.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bug, Later, Refusal } from '../../src/domain/failure.ts';
import type { AlertSource } from '../../src/ports.ts';
import {
  connect,
  fixture,
  keepLog,
  startRecorded,
  testToken,
  type RecordedAnswer,
  type RecordedSentry,
} from './sentry-recorded.ts';

const project = { org: 'acme', project: 'shop' };
const projectRoute = 'GET /api/0/projects/acme/shop/';
const listRoute = 'GET /api/0/organizations/acme/issues/';
const oneRoute = 'GET /api/0/organizations/acme/issues/4001/';
const putRoute = 'PUT /api/0/organizations/acme/issues/4001/';
const eventRoute = 'GET /api/0/organizations/acme/issues/4001/events/latest/';
const shop = { body: { id: '77', slug: 'shop', name: 'Shop' } };

let sentry: RecordedSentry;
let source: ReturnType<typeof connect>;
let lines: string[];

beforeEach(async () => {
  sentry = await startRecorded();
  sentry.on(projectRoute, shop);
  const kept = keepLog();
  lines = kept.lines;
  source = connect(sentry.url, { log: kept.log });
});

afterEach(async () => {
  await source.close();
  await sentry.close();
});

async function failure(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('It was expected to fail.');
}

async function issues(...ids: number[]): Promise<Record<string, unknown>[]> {
  const issue = await fixture('issue');
  return ids.map((id) => ({ ...issue, id: String(id), shortId: `SHOP-${id}` }));
}

function link(next: string | null): Record<string, string> {
  const base = 'https://elsewhere.example/api/0/organizations/acme/issues/?cursor=';
  const more = next !== null;
  return {
    link: `<${base}0:0:1>; rel="previous"; results="false"; cursor="0:0:1"; , <${base}${next ?? '9:9:9'}>; rel="next"; results="${more}"; cursor="${next ?? '9:9:9'}"`,
  };
}

const list = (from: AlertSource) => from.readUnresolved(project, { days: 14, narrow: '' });

function limited(headers: Record<string, string>): RecordedAnswer {
  const body = 'You are attempting to use this endpoint too frequently. Limit is 5 requests in 1 seconds';
  return { status: 429, headers, body: JSON.stringify(body) };
}

async function report(): Promise<string> {
  const result = await source.checkAccess(project);
  return result.ok ? `ok ${result.projectId}` : result.problem;
}

describe('readUnresolved', () => {
  test('follows every page by its cursor, short pages included, and gives each problem once', async () => {
    sentry.on(
      listRoute,
      { body: await issues(1, 2, 3), headers: link('0:100:0') },
      { body: await issues(3), headers: link('0:200:0') },
      { body: await issues(4, 1), headers: link(null) },
    );
    const problems = await source.readUnresolved(project, { days: 14, narrow: '' });
    expect(problems.map((problem) => problem.id)).toEqual(['1', '2', '3', '4']);
    const lists = sentry.asked.filter((one) => one.path.endsWith('/issues/'));
    expect(lists.map((one) => one.query)).toEqual([
      {
        query: 'is:unresolved',
        statsPeriod: '14d',
        groupStatsPeriod: '14d',
        limit: '100',
        sort: 'freq',
        project: '77',
      },
      {
        query: 'is:unresolved',
        statsPeriod: '14d',
        groupStatsPeriod: '14d',
        limit: '100',
        sort: 'freq',
        project: '77',
        cursor: '0:100:0',
      },
      {
        query: 'is:unresolved',
        statsPeriod: '14d',
        groupStatsPeriod: '14d',
        limit: '100',
        sort: 'freq',
        project: '77',
        cursor: '0:200:0',
      },
    ]);
  });

  test('leaves out other projects, resolved ones and unreadable ones, and says the last', async () => {
    const [mine, foreign, resolved, broken] = await issues(1, 2, 3, 4);
    sentry.on(listRoute, {
      body: [
        mine,
        { ...foreign, project: { id: '78', slug: 'desk' } },
        { ...resolved, status: 'resolved' },
        { ...broken, permalink: 'javascript:alert(1)' },
      ],
    });
    const problems = await source.readUnresolved(project, { days: 14, narrow: '' });
    expect(problems.map((problem) => problem.id)).toEqual(['1']);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('permalink');
  });

  test('stops at the ceiling of pages and says so', async () => {
    let page = 0;
    const endless = Array.from({ length: 210 }, () => ({
      body: [] as unknown[],
      headers: link(`0:${++page}:0`),
    }));
    sentry.on(listRoute, ...endless);
    await source.readUnresolved(project, { days: 14, narrow: '' });
    expect(sentry.asked.filter((one) => one.path.endsWith('/issues/'))).toHaveLength(200);
    expect(lines.join()).toContain('more unresolved problems than are read');
  });

  test('a cursor that leads to itself ends the list', async () => {
    sentry.on(listRoute, { body: await issues(1), headers: link('0:1:0') });
    expect(await source.readUnresolved(project, { days: 14, narrow: '' })).toHaveLength(1);
    expect(sentry.asked.filter((one) => one.path.endsWith('/issues/'))).toHaveLength(2);
  });

  test('filters by the slug where the token may not read projects', async () => {
    sentry.on(projectRoute, { status: 403, body: { detail: 'no' } });
    sentry.on(listRoute, { body: await issues(1) });
    expect(await source.readUnresolved(project, { days: 7, narrow: '' })).toHaveLength(1);
    expect(sentry.asked.at(-1)?.query).toMatchObject({ project: 'shop', statsPeriod: '7d' });
  });
});

describe('readProblem and readLatestEvent', () => {
  test('reads every field', async () => {
    sentry.on(oneRoute, { body: await fixture('issue') });
    expect(await source.readProblem(project, '4001')).toMatchInlineSnapshot(`
      {
        "category": "error",
        "count": 847,
        "culprit": "totalOf(src/cart)",
        "daily": [],
        "exception": {
          "type": "TypeError",
          "value": "Cannot read properties of undefined (reading 'price')",
        },
        "firstSeen": 1766217600250,
        "id": "4001",
        "lastSeen": 1767225540000,
        "level": "error",
        "permalink": "https://acme.sentry.example/issues/4001/",
        "platform": "node",
        "projectId": "77",
        "releases": null,
        "shortId": "SHOP-1A",
        "status": "unresolved",
        "substatus": "ongoing",
        "title": "TypeError: Cannot read properties of undefined (reading 'price')",
        "unhandled": true,
        "userCount": 23,
      }
    `);
  });

  test.each<[string, RecordedAnswer]>([
    ['deleted', { status: 404, body: '' }],
    ['of another project', { body: { project: { id: '78', slug: 'desk' } } }],
    ['merged into another one', { body: { id: '4002' } }],
  ])('a problem that is %s is null', async (_, answer) => {
    const body = answer.status === 404 ? '' : { ...(await fixture('issue')), ...(answer.body as object) };
    sentry.on(oneRoute, { ...answer, body });
    expect(await source.readProblem(project, '4001')).toBeNull();
  });

  test('reads the newest event; null when none is kept', async () => {
    const gone = 'No matching event found, try changing the environments, date range, or query.';
    sentry.on(eventRoute, { body: await fixture('event') }, { status: 404, body: { detail: gone } });
    expect((await source.readLatestEvent(project, '4001'))?.title).toContain("reading 'price'");
    expect(await source.readLatestEvent(project, '4001')).toBeNull();
  });

  test('refuses the event of a merged issue and of another project', async () => {
    const event = await fixture('event');
    sentry.on(eventRoute, { body: { ...event, groupID: '4002' } }, { body: { ...event, projectID: '78' } });
    expect(await failure(source.readLatestEvent(project, '4001'))).toMatchObject({
      name: 'Refusal',
      message: expect.stringContaining('merged into 4002'),
    });
    expect(await failure(source.readLatestEvent(project, '4001'))).toBeInstanceOf(Refusal);
  });

  test('an id cannot leave its segment of the path', async () => {
    sentry.on(oneRoute, { body: await fixture('issue') });
    expect(await failure(source.readProblem(project, '..'))).toBeInstanceOf(Refusal);
    expect(await failure(source.readProblem(project, ''))).toBeInstanceOf(Refusal);
    expect(await source.readProblem(project, '4001/../4002?x=1#y')).toBeNull();
    expect(sentry.asked.at(-1)?.path).toBe('/api/0/organizations/acme/issues/4001%2F..%2F4002%3Fx%3D1%23y/');
  });
});

describe('resolve', () => {
  test('reads first, then writes once, only that issue', async () => {
    const issue = await fixture('issue');
    sentry.on(oneRoute, { body: issue });
    sentry.on(putRoute, { body: { ...issue, status: 'resolved' } });
    expect(await source.resolve(project, '4001', 'in-next-release')).toEqual({ done: true });
    expect(await source.resolve(project, '4001', 'now')).toEqual({ done: true });
    const writes = sentry.asked.filter((one) => one.method !== 'GET');
    expect(writes.map((one) => [one.path, JSON.parse(one.body)])).toEqual([
      [
        '/api/0/organizations/acme/issues/4001/',
        { status: 'resolved', statusDetails: { inNextRelease: true } },
      ],
      ['/api/0/organizations/acme/issues/4001/', { status: 'resolved' }],
    ]);
  });

  test('a resolved one is left alone', async () => {
    sentry.on(oneRoute, { body: { ...(await fixture('issue')), status: 'resolved' } });
    expect(await source.resolve(project, '4001', 'now')).toEqual({ done: true });
    expect(sentry.asked.map((one) => one.method)).not.toContain('PUT');
  });

  test.each<[string, object]>([
    ['as a sentence', { detail: "No release data present in the system to form a basis for 'Next Release'" }],
    ['as a list', { detail: ["No release data present in the system to form a basis for 'Next Release'"] }],
    ['by field', { statusDetails: { inNextRelease: ['No release data present in the system.'] } }],
  ])('a project without releases is an outcome, told %s', async (_, body) => {
    sentry.on(oneRoute, { body: await fixture('issue') });
    sentry.on(putRoute, { status: 400, body });
    expect(await source.resolve(project, '4001', 'in-next-release')).toEqual({
      done: false,
      why: 'no-release',
    });
  });

  test.each<[string, RecordedAnswer, RegExp]>([
    ['another 400', { status: 400, body: { status: ['Odd.'] } }, /400: Odd/],
    ['nothing to change', { status: 204, body: '' }, /is gone/],
    ['a sudden end', { status: 404, body: '' }, /is gone/],
  ])('%s is a refusal', async (_, answer, words) => {
    sentry.on(oneRoute, { body: await fixture('issue') });
    sentry.on(putRoute, answer);
    const error = await failure(source.resolve(project, '4001', 'now'));
    expect(error).toBeInstanceOf(Refusal);
    expect(error.message).toMatch(words);
  });

  test('a missing scope is an outcome that says what to give the token', async () => {
    sentry.on(oneRoute, { body: await fixture('issue') });
    sentry.on(putRoute, { status: 403, body: { detail: 'You do not have permission.' } });
    expect(await source.resolve(project, '4001', 'now')).toEqual({
      done: false,
      why: 'forbidden',
      sentence: expect.stringContaining('event:write'),
    });
  });

  test('a commit is named with the repository as Sentry calls it, or as it is where it may not be read', async () => {
    const issue = await fixture('issue');
    const repo = { owner: 'Acme', name: 'Shop' };
    sentry.on(oneRoute, { body: issue });
    sentry.on(putRoute, { body: { ...issue, status: 'resolved' } });
    sentry.on(
      'GET /api/0/organizations/acme/repos/',
      { body: [{ name: 'Acme / Shop', externalSlug: 'acme/shop' }] },
      { status: 403, body: {} },
      { body: [{ name: 'acme/shop-tools' }] },
    );
    for (let times = 0; times < 2; times += 1)
      await source.resolve(project, '4001', { commit: 'c'.repeat(40), repo });
    expect(await source.resolve(project, '4001', { commit: 'c'.repeat(40), repo })).toEqual({
      done: false,
      why: 'unknown-repository',
    });
    const writes = sentry.asked.filter((one) => one.method === 'PUT').map(({ body }) => JSON.parse(body));
    expect(writes.map(({ statusDetails }) => statusDetails.inCommit.repository)).toEqual([
      'Acme / Shop',
      'Acme/Shop',
    ]);
  });

  test('an answer about another issue is not taken for ours', async () => {
    const issue = await fixture('issue');
    sentry.on(oneRoute, { body: issue });
    sentry.on(putRoute, { body: { ...issue, id: '4002', status: 'resolved' } });
    expect(await failure(source.resolve(project, '4001', 'now'))).toBeInstanceOf(Bug);
  });

  test('a merged issue is not resolved through its old id', async () => {
    sentry.on(oneRoute, { body: { ...(await fixture('issue')), id: '4002' } });
    expect(await failure(source.resolve(project, '4001', 'now'))).toBeInstanceOf(Refusal);
    expect(sentry.asked.map((one) => one.method)).not.toContain('PUT');
  });

  test('a write that fails is not repeated unseen', async () => {
    sentry.on(oneRoute, { body: await fixture('issue') });
    sentry.on(putRoute, { status: 503, body: 'down' });
    expect(await failure(source.resolve(project, '4001', 'now'))).toBeInstanceOf(Later);
    expect(sentry.asked.filter((one) => one.method === 'PUT')).toHaveLength(1);
  });
});

describe('notes', () => {
  const route = '/api/0/organizations/acme/issues/4001/notes/';
  const note = { text: 'Fixed: https://x/1', key: 'https://x/1' };

  test.each([403, 404, 405, 410])(
    '%i is no failure, whether reading or writing is refused',
    async (status) => {
      sentry.on(oneRoute, { body: await fixture('issue') });
      sentry.on(`GET ${route}`, { status, body: {} }, { body: [] });
      sentry.on(`POST ${route}`, { status, body: {} });
      expect(await source.note(project, '4001', note)).toBe('refused');
      expect(await source.note(project, '4001', note)).toBe('refused');
      expect(sentry.asked.filter((one) => one.method === 'POST')).toHaveLength(1);
    },
  );

  test('a note on a later page, or one that Sentry calls a double, is there', async () => {
    const next = {
      link: `<${sentry.url}${route}?cursor=0:100:0>; rel="next"; results="true"; cursor="0:100:0"`,
    };
    sentry.on(oneRoute, { body: await fixture('issue') });
    sentry.on(
      `GET ${route}`,
      { body: [{ data: { text: 'another' } }, { data: null }], headers: next },
      { body: [{ data: { text: `see ${note.key}` } }] },
      { body: [] },
    );
    sentry.on(`POST ${route}`, { status: 400, body: { detail: 'You have already posted that comment.' } });
    expect(await source.note(project, '4001', note)).toBe('there');
    expect(await source.note(project, '4001', note)).toBe('there');
  });

  test('a write that fails is not repeated unseen', async () => {
    sentry.on(oneRoute, { body: await fixture('issue') });
    sentry.on(`GET ${route}`, { body: [] });
    sentry.on(`POST ${route}`, { status: 503, body: 'down' });
    expect(await failure(source.note(project, '4001', note))).toBeInstanceOf(Later);
    expect(sentry.asked.filter((one) => one.method === 'POST')).toHaveLength(1);
  });
});

describe('failures', () => {
  test('a rate limit says how long to wait, then all is well', async () => {
    const now = Date.parse('2026-01-01T00:00:00Z') / 1000;
    sentry.on(
      listRoute,
      limited({ 'x-sentry-rate-limit-reset': String(now + 12) }),
      limited({ 'x-sentry-rate-limit-reset': String(now - 60) }),
      limited({ 'x-sentry-rate-limit-reset': String(now + 86_400) }),
      limited({ 'retry-after': '7' }),
      limited({}),
      { body: await issues(1) },
    );
    const waits: unknown[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const error = await failure(list(source));
      expect(error).toBeInstanceOf(Later);
      waits.push((error as Later).retryAfterMs);
    }
    expect(waits).toEqual([12_000, 1_000, 300_000, 7_000, 30_000]);
    expect(await list(source)).toHaveLength(1);
  });

  test('a read is tried three times over an outage', async () => {
    sentry.on(
      listRoute,
      { status: 503, body: '<html>' },
      { status: 502, body: '' },
      { body: await issues(1) },
    );
    expect(await list(source)).toHaveLength(1);
    sentry.on(listRoute, { status: 503, body: '<html><h1>down</h1></html>' });
    sentry.asked.length = 0;
    expect(await failure(list(source))).toBeInstanceOf(Later);
    expect(sentry.asked).toHaveLength(3);
  });

  test.each<[string, RecordedAnswer]>([
    ['an internal error', { status: 500, body: { detail: 'Internal Error' } }],
    ['a page of a proxy', { status: 520, body: '<html>' }],
    ['silence', { silent: true }],
    ['a connection cut within the body', { cut: true, body: [] }],
  ])('%s leads to another try later', async (_, answer) => {
    sentry.on(listRoute, answer);
    expect(await failure(list(source))).toBeInstanceOf(Later);
  });

  test('a call that takes too long as a whole leads to another try later', async () => {
    sentry.on(listRoute, { silent: true });
    const hasty = connect(sentry.url, { limits: { silenceMs: 20_000, callMs: 100 } });
    const error = await failure(list(hasty));
    expect(error).toBeInstanceOf(Later);
    expect(error.message).toContain('did not answer in time');
    await sentry.close();
    await hasty.close();
  });

  test('a server that is not there leads to another try later', async () => {
    const gone = await startRecorded();
    await gone.close();
    const lost = connect(gone.url);
    const error = await failure(lost.checkAccess(project));
    expect(error).toBeInstanceOf(Later);
    expect(error.message).toContain('ECONNREFUSED');
    await lost.close();
  });

  test.each<[number, unknown, RegExp]>([
    [401, { detail: 'Invalid token' }, /SENTRY_TOKEN/],
    [403, { detail: 'You do not have permission to perform this action.' }, /event:read/],
    [404, { detail: 'The requested resource does not exist' }, /BINDINGS/],
    [410, { message: 'This API no longer exists.' }, /removed the route/],
    [
      400,
      { detail: 'Error parsing search query: <!-- odd -->' },
      /400: Error parsing search query: -- odd --\)/,
    ],
    [200, '<html>Please log in</html>', /SENTRY_URL/],
    [301, '', /redirects/],
  ])('%i is a refusal that a person can act on', async (status, body, words) => {
    sentry.on(listRoute, { status, body, headers: { location: 'https://other.example/x' } });
    const error = await failure(list(source));
    expect(error).toBeInstanceOf(Refusal);
    expect(error.message).toMatch(words);
  });

  test('redirects are never followed', async () => {
    sentry.on(listRoute, { status: 302, headers: { location: `${sentry.url}/stolen/` }, body: '' });
    await failure(list(source));
    expect(sentry.asked.map((one) => one.path)).not.toContain('/stolen/');
  });

  test('an answer beyond the bound is not read', async () => {
    const small = connect(sentry.url, { limits: { answerBytes: 1_000 } });
    sentry.on(listRoute, { body: await issues(1, 2, 3) });
    expect(await failure(list(small))).toMatchObject({
      name: 'Refusal',
      message: expect.stringContaining('larger'),
    });
    await small.close();
  });

  test('the token goes into one header and nowhere else', async () => {
    for (const status of [400, 401, 403, 404, 429, 500]) {
      sentry.on(listRoute, { status, body: { detail: `Bearer ${testToken}` } });
      const error = await failure(list(source));
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(
        testToken,
      );
    }
    expect(lines.join()).not.toContain(testToken);
    expect(sentry.asked.map((one) => one.authorization)).toContain(`Bearer ${testToken}`);
    expect(sentry.asked.map((one) => one.userAgent)).toContain('suture/test');
    expect(JSON.stringify(sentry.asked.map((one) => [one.path, one.query]))).not.toContain(testToken);
  });

  test.each([
    ['not an address', testToken],
    ['ftp://sentry.example', testToken],
    ['https://me:secret@sentry.example', testToken],
    ['https://sentry.example', ''],
    ['https://sentry.example', 'two words'],
    ['https://sentry.example', 'line\r\nx-evil: 1'],
  ])('%s with token %j is refused before any call', (url, token) => {
    expect(() => connect(url, { token })).toThrow(Refusal);
  });

  test('a base address may carry a folder and /api/0', async () => {
    sentry.on('GET /tools/api/0/projects/acme/shop/', shop);
    sentry.on('GET /tools/api/0/organizations/acme/issues/', { body: await issues(1) });
    const nested = connect(`${sentry.url}/tools/api/0/`);
    expect(await nested.readUnresolved(project, { days: 14, narrow: '' })).toHaveLength(1);
    await nested.close();
  });
});

describe('checkAccess', () => {
  const projects = 'GET /api/0/organizations/acme/projects/';
  const root = 'GET /api/0/';

  test('a token that may do everything', async () => {
    sentry.on(listRoute, { body: [] });
    sentry.on(root, {
      body: { version: '0', auth: { scopes: ['event:read', 'event:write', 'project:read'] } },
    });
    expect(await report()).toBe('ok 77');
    expect(sentry.asked.every((one) => one.method === 'GET')).toBe(true);
  });

  test.each<[string, RecordedAnswer]>([
    ['nothing', { status: 404, body: '' }],
    ['no scopes', { body: { version: '0', auth: null } }],
    ['a page', { body: '<html>' }],
    ['an error', { status: 500, body: '' }],
  ])('a server that answers %s where others tell the scopes', async (_, answer) => {
    sentry.on(listRoute, { body: [] });
    sentry.on(root, answer);
    expect(await report()).toBe('ok 77');
  });

  test('a project whose description cannot be read is not guessed at', async () => {
    sentry.on(projectRoute, { body: { id: '77', slug: '<b>shop</b>' } });
    expect(await failure(source.checkAccess(project))).toBeInstanceOf(Bug);
  });

  const mend =
    'or the project is closed to it. Give the internal integration that scope (Sentry, Settings > Developer Settings); the token stays the same.';

  test.each<{ wrong: string; routes: Record<string, RecordedAnswer>; told: string }>([
    {
      wrong: 'no event:write',
      routes: { [root]: { body: { auth: { scopes: ['event:read', 'project:read'] } } } },
      told: 'The Sentry token may read acme/shop but lacks the scope event:write, without which nothing can be resolved. Give the internal integration that scope (Sentry, Settings > Developer Settings); the token stays the same.',
    },
    {
      wrong: 'no event:read',
      routes: { [listRoute]: { status: 403, body: { detail: 'Not permitted.' } } },
      told: `The Sentry token may not list the issues of acme/shop (403: Not permitted.): it lacks the scope event:read, ${mend}`,
    },
    {
      wrong: 'no project:read',
      routes: { [projectRoute]: { status: 403, body: '' } },
      told: `The Sentry token may not read the settings of acme/shop (403): it lacks the scope project:read, ${mend}`,
    },
    {
      wrong: 'a bad token',
      routes: { [projectRoute]: { status: 401, body: { detail: 'Invalid token' } } },
      told: 'Sentry does not accept the token (401: Invalid token). Set SENTRY_TOKEN to a valid token of an internal integration with the scopes event:read, event:write and project:read.',
    },
    {
      wrong: 'an unknown project',
      routes: { [projectRoute]: { status: 404, body: '' } },
      told: 'Sentry knows no project acme/shop: it was renamed or deleted, or the name is wrong. The token sees store, desk. Correct it in BINDINGS.',
    },
    {
      wrong: 'an unknown project, and a token that may not list them',
      routes: { [projectRoute]: { status: 404, body: '' }, [projects]: { status: 403, body: '' } },
      told: 'Sentry knows no project acme/shop: it was renamed or deleted, or the name is wrong. Correct it in BINDINGS.',
    },
    {
      wrong: 'an unknown organisation',
      routes: { [projectRoute]: { status: 404, body: '' }, [projects]: { status: 404, body: '' } },
      told: 'Sentry knows no organisation acme, or the token is not of it. Correct acme/shop in BINDINGS.',
    },
    {
      wrong: 'a renamed project',
      routes: {
        [projectRoute]: { status: 302, body: { slug: 'store', detail: { code: 'resource-moved' } } },
      },
      told: 'The Sentry project acme/shop is now called store. Change it in BINDINGS.',
    },
    {
      wrong: 'a project that answers under another name',
      routes: { [projectRoute]: { body: { id: '77', slug: 'store' } } },
      told: 'The Sentry project acme/shop is now called store. Change it in BINDINGS.',
    },
  ])('$wrong is told in a sentence', async ({ routes, told }) => {
    sentry.on(listRoute, { body: [] });
    const seen = [
      { id: '77', slug: 'store' },
      { id: '78', slug: 'desk' },
    ];
    sentry.on(projects, { body: seen });
    for (const [route, answer] of Object.entries(routes)) sentry.on(route, answer);
    expect(await report()).toBe(told);
  });

  test("an outage is not the operator's fault", async () => {
    sentry.on(projectRoute, { status: 503, body: '' });
    expect(await failure(source.checkAccess(project))).toBeInstanceOf(Later);
  });
});
