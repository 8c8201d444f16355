// The Sentry stand-in, the REST side: shapes, paging, search, and every refusal of the reference.
// Must not test our own client.

import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { restClient, type Client } from '../world/sentry/client.ts';
import { eventEnvelope, readDsn, sendEvent } from '../world/sentry/send-envelope.ts';
import * as shapes from '../world/sentry/shapes.ts';
import { shortId } from '../world/sentry/short-id.ts';
import { startSentry, type SentryWorld } from '../world/sentry/world.ts';

const scopes = ['event:read', 'event:write', 'project:read', 'org:read'];
let clock = 0;
let sentry: SentryWorld;
let dsn: string;
let projectId: string;
let token: string;
let call: Client;

beforeEach(async () => {
  clock = Date.parse('2026-11-23T10:00:00.250Z');
  sentry = await startSentry({ now: () => clock });
  sentry.addOrganization('acme');
  ({ dsn, id: projectId } = sentry.addProject({ org: 'acme', slug: 'shop' }));
  token = sentry.addToken({ org: 'acme', scopes });
  call = restClient(sentry.url, token);
});

afterEach(() => sentry.close());

const onlyIssue = () => {
  const issue = sentry.issues('shop')[0];
  if (!issue) throw new Error('no problem was stored');
  return issue;
};

describe('shapes', () => {
  test('list, detail, event, project and organisation look as documented', async () => {
    await sendEvent(dsn, {
      release: 'shop@1.0.0',
      user: { id: '7' },
      tags: { area: 'cart' },
      timestamp: clock,
    });
    const { id } = onlyIssue();
    const list = await call('/organizations/acme/issues/');
    const listed = z.array(shapes.listedIssue).length(1).parse(list.body);
    expect(listed[0]).toMatchObject({ id, shortId: 'SHOP-1', count: '1', userCount: 1, substatus: 'new' });
    const detail = shapes.detailedIssue.parse((await call(`/organizations/acme/issues/${id}/`)).body);
    expect(detail.firstRelease?.version).toBe('shop@1.0.0');
    const event = shapes.restEvent.parse(
      (await call(`/organizations/acme/issues/${id}/events/latest/`)).body,
    );
    expect(event.tags).toContainEqual({ key: 'area', value: 'cart' });
    const project = await call('/projects/acme/shop/');
    expect(project.body).toMatchObject({
      id: projectId,
      slug: 'shop',
      latestRelease: { version: 'shop@1.0.0' },
    });
    const organization = await call('/organizations/acme/');
    expect(organization.body).toMatchObject({ slug: 'acme', links: { regionUrl: sentry.url } });
  });

  test('a message is a problem of type default with a message entry', async () => {
    await sendEvent(dsn, { message: 'stock is low\nsecond line' });
    const { id, title } = onlyIssue();
    expect(title).toBe('stock is low');
    const event = shapes.restEvent.parse(
      (await call(`/organizations/acme/issues/${id}/events/latest/`)).body,
    );
    expect(event.type).toBe('default');
    expect(event.entries[0]).toMatchObject({
      type: 'message',
      data: { formatted: 'stock is low\nsecond line' },
    });
  });

  test('context lines are numbered round the frame', async () => {
    await sendEvent(dsn, {
      frames: [
        {
          filename: '/app/src/a.ts',
          function: 'a',
          lineno: 10,
          in_app: true,
          pre_context: ['eight', 'nine'],
          context_line: 'ten',
          post_context: ['eleven'],
        },
      ],
    });
    const event = shapes.restEvent.parse(
      (await call(`/organizations/acme/issues/${onlyIssue().id}/events/oldest/`)).body,
    );
    const exception = event.entries.find((entry) => entry.type === 'exception');
    expect(exception?.data.values[0]?.stacktrace?.frames[0]?.context).toEqual([
      [8, 'eight'],
      [9, 'nine'],
      [10, 'ten'],
      [11, 'eleven'],
    ]);
  });

  test('short ids count in base 32 without I, L, O and U', () => {
    expect([1, 9, 10, 17, 18, 31, 32, 33].map((counter) => shortId('SHOP', counter))).toEqual([
      'SHOP-1',
      'SHOP-9',
      'SHOP-A',
      'SHOP-H',
      'SHOP-J',
      'SHOP-Z',
      'SHOP-10',
      'SHOP-11',
    ]);
  });
});

describe('grouping', () => {
  test('same exception and own frames are one problem, whatever the message', async () => {
    await sendEvent(dsn, { value: 'first' });
    await sendEvent(dsn, { value: 'second' });
    await sendEvent(dsn, { type: 'RangeError' });
    expect(sentry.issues('shop').map((issue) => issue.count)).toEqual([2, 1]);
  });

  test('a fingerprint wins, and {{ default }} in it keeps the usual parts', async () => {
    await sendEvent(dsn, { fingerprint: ['one'] });
    await sendEvent(dsn, { fingerprint: ['one'], type: 'RangeError' });
    await sendEvent(dsn, { fingerprint: ['{{ default }}', 'more'] });
    await sendEvent(dsn);
    expect(sentry.issues('shop').map((issue) => issue.count)).toEqual([2, 1, 1]);
  });
});

const post = (body: Buffer, headers: Record<string, string>, key = readDsn(dsn).key) =>
  fetch(`${readDsn(dsn).envelopeUrl}?sentry_key=${key}&sentry_version=7`, {
    method: 'POST',
    body,
    headers,
  });

describe('envelopes', () => {
  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const)('reads %s', async (encoding, compress) => {
    const body = compress(eventEnvelope({ event_id: 'a'.repeat(32), message: encoding }));
    expect((await post(body, { 'content-encoding': encoding })).status).toBe(200);
    expect(onlyIssue().title).toBe(encoding);
  });

  test('sessions and client reports are accepted and forgotten', async () => {
    const body = Buffer.from('{"sent_at":"2026-01-01T00:00:00Z"}\n{"type":"sessions"}\n{"aggregates":[]}\n');
    expect((await post(body, {})).status).toBe(200);
    expect(sentry.issues('shop')).toEqual([]);
  });

  test('the same event twice counts once', async () => {
    const body = eventEnvelope({ event_id: 'b'.repeat(32), message: 'once' });
    await post(body, {});
    await post(body, {});
    expect(onlyIssue().count).toBe(1);
  });

  test('a wrong key is 403, damaged bytes are 400', async () => {
    const body = eventEnvelope({ message: 'x' });
    expect((await post(body, {}, 'f'.repeat(32))).status).toBe(403);
    expect((await post(Buffer.from('no json'), {})).status).toBe(400);
    expect((await post(body, { 'content-encoding': 'gzip' })).status).toBe(400);
    expect(sentry.rejections).toHaveLength(3);
    expect(sentry.issues('shop')).toEqual([]);
  });
});

const pageOf = (answer: { headers: Headers }) => {
  const links = answer.headers.get('link')?.split(', ') ?? [];
  const next = links.find((link) => link.includes('rel="next"')) ?? '';
  return {
    links,
    more: next.includes('results="true"'),
    cursor: /cursor="([^"]+)"$/.exec(next)?.[1] ?? '',
  };
};

describe('listing', () => {
  test('250 problems come in three pages, none missing and none twice', async () => {
    sentry.addSyntheticIssues({ org: 'acme', project: 'shop', count: 250 });
    const ids: string[] = [];
    const sizes: number[] = [];
    let cursor = '';
    for (let more = true; more;) {
      const path = `/organizations/acme/issues/?sort=freq&project=${projectId}&limit=100&cursor=${cursor || '0:0:0'}`;
      const answer = await call(path);
      const items = z.array(shapes.listedIssue).parse(answer.body);
      const page = pageOf(answer);
      expect(page.links).toHaveLength(2);
      expect(answer.headers.get('x-hits')).toBe('250');
      ids.push(...items.map((item) => item.id));
      sizes.push(items.length);
      ({ more, cursor } = page);
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(new Set(ids).size).toBe(250);
  });

  test('the header is exactly the documented one', async () => {
    const { headers } = await call('/organizations/acme/issues/?limit=5');
    const base = `${sentry.url}/api/0/organizations/acme/issues/?limit=5`;
    expect(headers.get('link')).toBe(
      `<${base}&cursor=0%3A0%3A1>; rel="previous"; results="false"; cursor="0:0:1", ` +
        `<${base}&cursor=0%3A5%3A0>; rel="next"; results="false"; cursor="0:5:0"`,
    );
  });

  test('a page is shorter than the limit when problems resolved themselves by age', async () => {
    const { id } = sentry.addProject({ org: 'acme', slug: 'old', resolveAge: 24 });
    sentry.addSyntheticIssues({ org: 'acme', project: 'old', count: 4, lastSeen: clock - 48 * 3_600_000 });
    sentry.addSyntheticIssues({ org: 'acme', project: 'old', count: 6, events: 1 });
    const first = await call(`/organizations/acme/issues/?project=${id}&limit=5&sort=freq`);
    expect(first.body).toHaveLength(2);
    expect(pageOf(first).more).toBe(true);
  });

  test('unresolved is the default, an empty query is everything, the period filters', async () => {
    sentry.addSyntheticIssues({ org: 'acme', project: 'shop', count: 3, lastSeen: clock - 20 * 86_400_000 });
    await sendEvent(dsn, { level: 'info', timestamp: clock });
    const { id } = sentry.issues('shop')[0] ?? { id: '' };
    await call(`/organizations/acme/issues/${id}/`, { method: 'PUT', body: { status: 'resolved' } });
    const count = async (query: string) => {
      const answer = await call(`/organizations/acme/issues/?${query}`);
      return Array.isArray(answer.body) ? answer.body.length : answer.status;
    };
    expect(await count('')).toBe(3);
    expect(await count('query=')).toBe(4);
    expect(await count('query=is:resolved')).toBe(1);
    expect(await count('query=is:unresolved+!level:info')).toBe(2);
    expect(await count('statsPeriod=14d')).toBe(1);
    expect(await count('project=shop')).toBe(3);
    expect(await count('project=nobody')).toBe(403);
    expect(await count('query=is:nothing')).toBe(400);
    expect(await count('query=%22open')).toBe(400);
    expect(await count('statsPeriod=soon')).toBe(400);
    expect(await count('limit=101')).toBe(400);
    expect(await count('sort=inbox')).toBe(400);
    expect(await count('groupStatsPeriod=1h')).toBe(400);
  });

  test('sorts by frequency; a short id and an event id are looked up directly', async () => {
    sentry.addSyntheticIssues({ org: 'acme', project: 'shop', count: 3 });
    const eventId = await sendEvent(dsn);
    const ids = async (query: string) =>
      z
        .array(shapes.listedIssue)
        .parse((await call(`/organizations/acme/issues/?${query}`)).body)
        .map((issue) => issue.count);
    expect(await ids('sort=freq')).toEqual(['3', '2', '1', '1']);
    expect(await ids('query=shop-2&shortIdLookup=1')).toEqual(['2']);
    expect(
      (await call(`/organizations/acme/issues/?query=${eventId}`)).headers.get('x-sentry-direct-hit'),
    ).toBe('1');
  });
});

const put = (body: unknown, path = `/organizations/acme/issues/${onlyIssue().id}/`) =>
  call(path, { method: 'PUT', body });

const inRelease = (version: string) => put({ status: 'resolved', statusDetails: { inRelease: version } });

const inCommit = (value: unknown) => put({ status: 'resolved', statusDetails: { inCommit: value } });

describe('changing', () => {
  beforeEach(() => sendEvent(dsn));
  test('in the next release needs a release', async () => {
    const body = { status: 'resolved', statusDetails: { inNextRelease: true } };
    expect(await put(body)).toMatchObject({
      status: 400,
      body: {
        statusDetails: {
          inNextRelease: ["No release data present in the system to form a basis for 'Next Release'"],
        },
      },
    });
    expect(onlyIssue().status).toBe('unresolved');
    sentry.createRelease({ org: 'acme', project: 'shop', version: '1.0.0' });
    const answer = shapes.detailedIssue.parse((await put(body)).body);
    expect(answer).toMatchObject({
      status: 'resolved',
      substatus: null,
      statusDetails: { inNextRelease: true },
    });
  });

  test('a named release must exist; latest is the newest', async () => {
    expect((await inRelease('9.9.9')).body).toEqual({
      statusDetails: { inRelease: ['Unable to find a release with the given version.'] },
    });
    sentry.createRelease({ org: 'acme', project: 'shop', version: '1.0.0' });
    expect((await inRelease('latest')).body).toMatchObject({ statusDetails: { inRelease: '1.0.0' } });
  });

  test('a commit needs a known repository and a known commit', async () => {
    const wanted = { commit: 'c'.repeat(40), repository: 'acme/shop' };
    expect((await inCommit({ commit: 'c' })).status).toBe(400);
    expect((await inCommit(wanted)).body).toEqual({
      statusDetails: { inCommit: { repository: ['Unable to find the given repository.'] } },
    });
    sentry.addRepository({ org: 'acme', name: 'acme/shop' });
    expect((await inCommit(wanted)).body).toEqual({
      statusDetails: { inCommit: { commit: ['Unable to find the given commit.'] } },
    });
    sentry.pushCommit({ org: 'acme', repository: wanted.repository, commit: wanted.commit });
    expect((await inCommit(wanted)).status).toBe(200);
    sentry.createRelease({
      org: 'acme',
      project: 'shop',
      version: '2.0.0',
      commits: [{ id: wanted.commit, repository: wanted.repository }],
    });
    expect(onlyIssue().statusDetails).toMatchObject({ inRelease: '2.0.0' });
  });

  test('resolving twice writes a second activity', async () => {
    await put({ status: 'resolved' });
    await put({ status: 'resolved' });
    expect(onlyIssue().activity.map((activity) => activity.type)).toEqual([
      'set_resolved',
      'set_resolved',
      'first_seen',
    ]);
  });

  test('archiving is ignored plus a substatus; archived is no status', async () => {
    expect((await put({ status: 'archived' })).status).toBe(400);
    await put({ status: 'ignored', substatus: 'archived_until_escalating' });
    expect(onlyIssue()).toMatchObject({ status: 'ignored', substatus: 'archived_until_escalating' });
    await put({ status: 'unresolved' });
    expect(onlyIssue()).toMatchObject({ status: 'unresolved', substatus: 'ongoing' });
  });

  test('a bulk change without ids changes everything unresolved', async () => {
    sentry.addSyntheticIssues({ org: 'acme', project: 'shop', count: 5 });
    const answer = await put({ status: 'resolved' }, '/organizations/acme/issues/');
    expect(answer).toMatchObject({ status: 200, body: { status: 'resolved' } });
    expect(new Set(sentry.issues('shop').map((issue) => issue.status))).toEqual(new Set(['resolved']));
    expect((await put({ status: 'resolved' }, '/organizations/acme/issues/')).status).toBe(204);
  });

  test('a bulk change with ids changes those', async () => {
    sentry.addSyntheticIssues({ org: 'acme', project: 'shop', count: 2 });
    await put({ status: 'resolved' }, `/organizations/acme/issues/?id=${onlyIssue().id}`);
    expect(sentry.issues('shop').map((issue) => issue.status)).toEqual([
      'resolved',
      'unresolved',
      'unresolved',
    ]);
  });

  test('a commit that names the problem resolves it with the release', async () => {
    const release = restClient(sentry.url, sentry.addToken({ org: 'acme', scopes: ['project:releases'] }));
    const body = {
      version: '1.1.0',
      projects: ['shop'],
      commits: [
        { id: 'd'.repeat(40), repository: 'acme/shop', message: 'fix: cart\n\nFixes SHOP-1, SHOP-9' },
      ],
    };
    const created = await release('/organizations/acme/releases/', { method: 'POST', body });
    expect(created.status).toBe(201);
    expect(shapes.release.parse(created.body).commitCount).toBe(1);
    expect((await release('/organizations/acme/releases/', { method: 'POST', body })).status).toBe(208);
    expect(onlyIssue()).toMatchObject({ status: 'resolved', statusDetails: { inRelease: '1.1.0' } });
  });
});

const resolve = (statusDetails: unknown) =>
  call(`/organizations/acme/issues/${onlyIssue().id}/`, {
    method: 'PUT',
    body: { status: 'resolved', statusDetails },
  });
const statusAfter = async (release?: string) => {
  await sendEvent(dsn, release === undefined ? {} : { release });
  return onlyIssue().status;
};

describe('reopening', () => {
  test('a plain resolve reopens on any event', async () => {
    await sendEvent(dsn, { release: '1.0.0' });
    await resolve({});
    expect(await statusAfter('0.9.0')).toBe('unresolved');
    expect(onlyIssue()).toMatchObject({ substatus: 'regressed' });
    expect(onlyIssue().activity[0]?.type).toBe('set_regression');
  });

  test('in the next release: the current and older ones stay quiet, a newer one reopens', async () => {
    await sendEvent(dsn, { release: 'shop@1.2.0' });
    await resolve({ inNextRelease: true });
    expect(await statusAfter('shop@1.2.0')).toBe('resolved');
    expect(await statusAfter('shop@1.0.9')).toBe('resolved');
    expect(await statusAfter()).toBe('resolved');
    expect(await statusAfter('shop@1.10.0')).toBe('unresolved');
  });

  test('by date: the next release pins the resolution', async () => {
    await sendEvent(dsn, { release: 'abc' });
    await resolve({ inNextRelease: true });
    expect(await statusAfter('abc')).toBe('resolved');
    sentry.createRelease({ org: 'acme', project: 'shop', version: 'aaa' });
    expect(onlyIssue().statusDetails).toMatchObject({ inRelease: 'aaa' });
    expect(await statusAfter('abc')).toBe('resolved');
    expect(await statusAfter('aaa')).toBe('unresolved');
  });

  test('in a release: only that one and newer reopen', async () => {
    await sendEvent(dsn, { release: '1.0.0' });
    sentry.createRelease({ org: 'acme', project: 'shop', version: '1.1.0' });
    await resolve({ inRelease: '1.1.0' });
    expect(await statusAfter('1.0.0')).toBe('resolved');
    expect(await statusAfter('1.1.0')).toBe('unresolved');
  });

  test('an archived problem does not come back', async () => {
    await sendEvent(dsn);
    await call(`/organizations/acme/issues/${onlyIssue().id}/`, {
      method: 'PUT',
      body: { status: 'ignored' },
    });
    expect(await statusAfter()).toBe('ignored');
  });
});

describe('further calls', () => {
  beforeEach(() => sendEvent(dsn, { release: '1.0.0' }));

  test('notes: 201, once an hour, never empty', async () => {
    const path = `/organizations/acme/issues/${onlyIssue().id}/notes/`;
    const note = (text: string) => call(path, { method: 'POST', body: { text } });
    expect(shapes.activity.parse((await note('merged')).body).data).toEqual({ text: 'merged' });
    expect(await note('merged')).toMatchObject({
      status: 400,
      body: { detail: 'You have already posted that comment.' },
    });
    clock += 3_600_001;
    expect((await note('merged')).status).toBe(201);
    expect((await note(' ')).status).toBe(400);
    expect((await call(path)).body).toHaveLength(2);
  });

  test('one link per problem: a second one replaces the first', async () => {
    const { uuid } = sentry.addIntegration({ org: 'acme', clientSecret: 's', events: [] });
    const link = (identifier: string) =>
      call(`/sentry-app-installations/${uuid}/external-issues/`, {
        method: 'POST',
        body: {
          issueId: Number(onlyIssue().id),
          webUrl: `https://github.example/acme/shop/issues/${identifier}`,
          project: 'acme/shop',
          identifier,
        },
      });
    const first = await link('1');
    expect(first).toMatchObject({ status: 200, body: { displayName: 'acme/shop#1' } });
    const second = await link('2');
    expect(second.body).toMatchObject({ id: z.looseObject({ id: z.string() }).parse(first.body).id });
    const links = await call(`/organizations/acme/issues/${onlyIssue().id}/external-issues/`);
    expect(links.body).toEqual([second.body]);
    expect(onlyIssue().externalIssues).toHaveLength(1);
    const installations = await call('/organizations/acme/sentry-app-installations/');
    expect(installations.body).toMatchObject([{ uuid, status: 'installed', organization: { slug: 'acme' } }]);
  });

  test('tags, short ids, event ids, repositories, code mappings, releases', async () => {
    const { id, eventIds } = onlyIssue();
    expect((await call(`/organizations/acme/issues/${id}/tags/release/`)).body).toMatchObject({
      key: 'release',
      uniqueValues: 1,
      topValues: [{ value: '1.0.0', count: 1 }],
    });
    expect((await call(`/organizations/acme/issues/${id}/tags/nothing/`)).status).toBe(404);
    expect((await call('/organizations/acme/shortids/shop-1/')).body).toMatchObject({ groupId: id });
    expect((await call(`/organizations/acme/eventids/${eventIds[0]}/`)).body).toMatchObject({
      projectSlug: 'shop',
      groupId: id,
    });
    sentry.addCodeMapping({
      org: 'acme',
      project: 'shop',
      repository: 'acme/shop',
      stackRoot: '/app/',
      sourceRoot: '',
    });
    expect((await call('/organizations/acme/repos/?query=shop')).body).toMatchObject([{ name: 'acme/shop' }]);
    expect((await call(`/organizations/acme/code-mappings/?project=${projectId}`)).body).toMatchObject([
      { stackRoot: '/app/', sourceRoot: '', defaultBranch: 'main', repoName: 'acme/shop' },
    ]);
    const releases = restClient(sentry.url, sentry.addToken({ org: 'acme', scopes: ['project:releases'] }));
    expect((await releases('/organizations/acme/releases/')).body).toMatchObject([{ version: '1.0.0' }]);
    expect((await call(`/projects/acme/shop/events/${eventIds[0]}/committers/`)).status).toBe(404);
  });

  test('events: aliases, by id, and the two texts of 404', async () => {
    const older = onlyIssue().eventIds[0];
    const newer = await sendEvent(dsn, { release: '1.0.0' });
    const base = `/organizations/acme/issues/SHOP-1/events`;
    expect((await call(`${base}/latest/`)).body).toMatchObject({ id: newer, previousEventID: older });
    expect((await call(`${base}/oldest/`)).body).toMatchObject({ id: older, nextEventID: newer });
    expect((await call(`${base}/${older}/`)).body).toMatchObject({ id: older });
    expect((await call(`${base}/`)).body).toMatchObject([{ id: newer }, { id: older }]);
    expect((await call(`${base}/latest/?environment=staging`)).body).toEqual({
      detail: 'No matching event found, try changing the environments, date range, or query.',
    });
    expect((await call(`${base}/${'0'.repeat(32)}/`)).status).toBe(404);
  });
});

describe('refusals', () => {
  beforeEach(() => sendEvent(dsn));
  const list = '/organizations/acme/issues/';

  test('401: no token, a malformed one, an unknown one, a revoked one', async () => {
    const none = await call(list, { token: null });
    expect(none).toMatchObject({
      status: 401,
      body: { detail: 'Authentication credentials were not provided.' },
    });
    expect(none.headers.get('www-authenticate')).toBe('xBasic realm="api"');
    expect((await call(list, { token: 'a b' })).status).toBe(401);
    expect((await call(list, { token: 'unknown' })).body).toEqual({ detail: 'Invalid token' });
    sentry.revokeToken(token);
    expect((await call(list)).body).toEqual({ detail: 'Invalid token' });
  });

  test('403: a missing scope, another organisation', async () => {
    const detail = 'You do not have permission to perform this action.';
    sentry.dropScope(token, 'event:write');
    const write = await call(`${list}${onlyIssue().id}/`, { method: 'PUT', body: { status: 'resolved' } });
    expect(write).toMatchObject({ status: 403, body: { detail } });
    expect((await call(list)).status).toBe(200);
    sentry.addOrganization('other');
    expect((await call('/organizations/other/issues/')).body).toEqual({ detail });
  });

  test("404: unknown organisation, project and problem, and another organisation's problem", async () => {
    const body = { detail: 'The requested resource does not exist' };
    sentry.addOrganization('other');
    sentry.addProject({ org: 'other', slug: 'theirs' });
    sentry.addSyntheticIssues({ org: 'other', project: 'theirs', count: 1 });
    const theirs = sentry.issues('theirs')[0]?.id;
    for (const path of [
      '/organizations/nobody/issues/',
      `${list}1/`,
      `${list}${theirs}/`,
      '/projects/acme/nothing/',
    ]) {
      expect(await call(path)).toMatchObject({ status: 404, body });
    }
  });

  test('a renamed project answers with its new address', async () => {
    sentry.renameProject({ org: 'acme', from: 'shop', to: 'store' });
    const answer = await call('/projects/acme/shop/');
    expect(answer).toMatchObject({ status: 302, body: { slug: 'store' } });
    expect(answer.headers.get('location')).toBe('/api/0/projects/acme/store/');
    expect((await call('/organizations/acme/issues/?project=shop')).status).toBe(403);
  });

  test('unscoped routes are gone', async () => {
    const answer = await call(`/issues/${onlyIssue().id}/`);
    expect(answer).toMatchObject({ status: 410, body: { message: 'This API no longer exists.' } });
    expect(answer.headers.get('x-sentry-deprecation-date')).not.toBeNull();
    expect(answer.headers.get('x-sentry-replacement-endpoint')).toContain('/organizations/');
  });

  test('without the trailing slash reading is redirected and writing is refused', async () => {
    const path = `${list}${onlyIssue().id}`;
    const read = await call(path);
    expect([read.status, read.headers.get('location')]).toEqual([301, `/api/0${path}/`]);
    expect((await call(path, { method: 'PUT', body: { status: 'resolved' } })).status).toBe(404);
    expect(onlyIssue().status).toBe('unresolved');
  });

  test('429: a JSON string, the moment to come back, no Retry-After', async () => {
    sentry.rateLimit({ path: /issues/, times: 1 });
    const limited = await call(list);
    expect(limited.status).toBe(429);
    expect(limited.body).toBe(
      'You are attempting to use this endpoint too frequently. Limit is 10 requests in 1 seconds',
    );
    expect(limited.headers.get('x-sentry-rate-limit-reset')).toBe(String(Math.floor(clock / 1000) + 1));
    expect(limited.headers.get('retry-after')).toBeNull();
    expect((await call(list)).status).toBe(200);
  });

  test('failures: before the change, after it, a given number of times', async () => {
    const path = `${list}${onlyIssue().id}/`;
    const put = () => call(path, { method: 'PUT', body: { status: 'resolved' } });
    sentry.fail({ method: 'PUT', path: /issues\/\d+\//, status: 503, times: 1 });
    expect((await put()).status).toBe(503);
    expect(onlyIssue().status).toBe('unresolved');
    sentry.fail({ method: 'PUT', path: /issues\/\d+\//, status: 502, times: 1, after: true });
    expect((await put()).status).toBe(502);
    expect(onlyIssue().status).toBe('resolved');
    expect(sentry.requests.map(({ method, status }) => [method, status])).toEqual([
      ['PUT', 503],
      ['PUT', 502],
    ]);
  });
});

test('a slow answer comes after a client has given up', async () => {
  sentry.slow({ path: /issues/, ms: 10_000, times: 1 });
  const impatient = fetch(`${sentry.url}/api/0/organizations/acme/issues/`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(50),
  });
  await expect(impatient).rejects.toThrow(/timeout/);
  expect((await call('/organizations/acme/issues/')).status).toBe(200);
});

test('limits can be enforced, and self-hosted servers have none', async () => {
  const strict = await startSentry({ limits: 'enforced', now: () => clock });
  const selfHosted = await startSentry({ limits: 'none' });
  try {
    strict.addOrganization('acme');
    selfHosted.addOrganization('acme');
    const limited = restClient(strict.url, strict.addToken({ org: 'acme', scopes }));
    const answers = await Promise.all(
      Array.from({ length: 11 }, () => limited('/organizations/acme/issues/')),
    );
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(1);
    const free = restClient(selfHosted.url, selfHosted.addToken({ org: 'acme', scopes }));
    const { headers } = await free('/organizations/acme/issues/');
    expect(headers.get('x-sentry-rate-limit-limit')).toBeNull();
  } finally {
    await Promise.all([strict.close(), selfHosted.close()]);
  }
});
