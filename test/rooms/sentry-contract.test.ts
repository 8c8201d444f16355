// The Sentry client keeps the promises of an alert source, shown on answers in Sentry's shapes.

import type { ProjectRef } from '../../src/domain/problem.ts';
import { alertSourceContract, type SourceWorld } from './alert-source.contract.ts';
import {
  connect,
  fixture,
  startRecorded,
  testToken,
  type Asked,
  type Recorded,
  type RecordedAnswer,
} from './sentry-recorded.ts';

const shop: ProjectRef = { org: 'acme', project: 'shop' };
const desk: ProjectRef = { org: 'acme', project: 'desk' };
const ids: Record<string, string> = { shop: '77', desk: '78' };
const org = '/api/0/organizations/acme';

type Issue = Record<string, unknown> & { id: string; status: string; count: string };

/** Its list ignores the `project` filter, as servers do that do not know it: the client must not. */
async function setup(): Promise<SourceWorld> {
  const sentry = await startRecorded();
  const issue = await fixture('issue');
  const event = await fixture('event');
  const issues: Issue[] = [];
  const released = new Set<string>();
  let trouble: RecordedAnswer | null = null;
  const on = (route: string, answer: (asked: Asked) => RecordedAnswer): void => {
    const guarded: Recorded = (asked) => trouble ?? (isKnown(asked) ? answer(asked) : unknownToken);
    sentry.on(route, guarded);
  };

  for (const [slug, id] of Object.entries(ids)) {
    on(`GET /api/0/projects/acme/${slug}/`, () => ({ body: { id, slug } }));
  }
  on('GET /api/0/projects/acme/no-such-project/', () => ({ status: 404, body: '' }));
  on(`GET ${org}/issues/`, () => ({
    body: issues
      .filter((one) => one.status === 'unresolved')
      .toSorted((left, right) => Number(right.count) - Number(left.count)),
  }));

  const add = (where: ProjectRef, events: number): string => {
    const id = String(4001 + issues.length);
    const project = { id: ids[where.project], slug: where.project };
    const raised: Issue = { ...issue, id, status: 'unresolved', count: String(events), project };
    issues.push(raised);
    const route = `${org}/issues/${id}/`;
    on(`GET ${route}`, () => ({ body: raised }));
    on(`GET ${route}events/latest/`, () => ({ body: { ...event, groupID: id, projectID: project.id } }));
    on(`PUT ${route}`, ({ body }) => {
      if (body.includes('inNextRelease') && !released.has(where.project)) return noRelease;
      const { status, substatus = null } = JSON.parse(body) as { status: string; substatus?: string };
      Object.assign(raised, { status, substatus });
      return { body: raised };
    });
    return id;
  };

  const source = connect(sentry.url);
  const stranger = connect(sentry.url, { token: 'someone-elses' });
  return {
    source,
    stranger,
    project: shop,
    elsewhere: desk,
    raise: (where, events) => Promise.resolve(add(where, events)),
    release: (where) => Promise.resolve(void released.add(where.project)),
    trouble: (kind) => Promise.resolve(void (trouble = kind === 'failing' ? failing : limited)),
    writes: () => sentry.asked.filter((one) => one.method !== 'GET').length,
    stop: () => sentry.close(),
    close: async () => {
      await Promise.all([source.close(), stranger.close(), sentry.close()]);
    },
  };
}

const unknownToken: RecordedAnswer = { status: 401, body: { detail: 'Invalid token' } };
const failing: RecordedAnswer = { status: 503, body: '<html>Service Unavailable</html>' };
const limited: RecordedAnswer = {
  status: 429,
  body: '"You are attempting to use this endpoint too frequently."',
};
const noRelease: RecordedAnswer = {
  status: 400,
  body: { detail: "No release data present in the system to form a basis for 'Next Release'" },
};

function isKnown(asked: Asked): boolean {
  return asked.authorization === `Bearer ${testToken}`;
}

alertSourceContract('the Sentry client', setup);
