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

type Put = {
  status: string;
  substatus?: string;
  statusDetails?: { inCommit?: { commit: string; repository: string } };
};

type Issue = Record<string, unknown> & { id: string; status: string; count: string };

/** Its list ignores the `project` filter, as servers do that do not know it: the client must not. */
async function setup(): Promise<SourceWorld> {
  const sentry = await startRecorded();
  const issue = await fixture('issue');
  const event = await fixture('event');
  const issues: Issue[] = [];
  const released = new Set<string>();
  const pushed = new Map<string, string[]>();
  let trouble: RecordedAnswer | null = null;
  const on = (route: string, answer: (asked: Asked) => RecordedAnswer): void => {
    const guarded: Recorded = (asked) => trouble ?? (isKnown(asked) ? answer(asked) : unknownToken);
    sentry.on(route, guarded);
  };

  for (const [slug, id] of Object.entries(ids)) {
    on(`GET /api/0/projects/acme/${slug}/`, () => ({
      body: { id, slug, latestRelease: released.has(slug) ? { version: '1.0.0' } : null },
    }));
  }
  on(`GET ${org}/repos/`, () => ({ body: [...pushed.keys()].map((name) => ({ id: '1', name })) }));
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
      const { status, substatus = null, statusDetails } = JSON.parse(body) as Put;
      const { commit, repository = '' } = statusDetails?.inCommit ?? {};
      if (commit !== undefined && !pushed.get(repository)?.includes(commit)) return noCommit;
      Object.assign(raised, { status, substatus });
      return { body: raised };
    });
    const notes: unknown[] = [];
    on(`GET ${route}notes/`, () => ({ body: notes }));
    on(`POST ${route}notes/`, ({ body }) => {
      const data = JSON.parse(body) as { text: string };
      notes.unshift({ id: '9', type: 'note', data });
      return { status: 201, body: { id: '9', type: 'note', data } };
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
    push: (_where, { owner, name }, commit) => Promise.resolve(void pushed.set(`${owner}/${name}`, [commit])),
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

const noCommit: RecordedAnswer = {
  status: 400,
  body: { statusDetails: { inCommit: { commit: ['Unable to find the given commit.'] } } },
};

function isKnown(asked: Asked): boolean {
  return asked.authorization === `Bearer ${testToken}`;
}

alertSourceContract('the Sentry client', setup);
