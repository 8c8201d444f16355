import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import nock from 'nock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Refusal } from '../../src/domain/failure.ts';
import { createSigner } from '../../src/github/signer.ts';
import { readHeaders, verifyGitHub } from '../../src/github/webhook.ts';
import type { Happening } from '../../src/ports.ts';
import { failureOf, startRoom, type Json, type Room } from './github-recorded.ts';

const require = createRequire(import.meta.url);
const samples = z
  .array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }))
  .parse(require('@octokit/webhooks-examples/api.github.com/index.json'));

/** Published payloads of one event and action, as GitHub sends them. */
function payloads(name: string, action?: string): Json[] {
  const all = samples.find((sample) => sample.name === name)?.examples ?? [];
  return structuredClone(all.filter((payload) => payload['action'] === action));
}

let room: Room;

beforeAll(async () => {
  nock.disableNetConnect();
  room = await startRoom();
});
afterAll(() => nock.enableNetConnect());

function receive(event: string, payload: Json): Promise<Happening[]> {
  return room.receive({ id: randomUUID(), event, body: JSON.stringify(payload) });
}

/** What the first published payload of that event becomes, with fields changed. */
async function firstOf(event: string, action?: string, change: Json = {}): Promise<Happening | undefined> {
  const [payload] = payloads(event, action);
  return (await receive(event, { ...payload, ...change }))[0];
}

describe('a delivery', () => {
  test('verifies against the vector GitHub publishes', async () => {
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const secret = "It's a Secret to Everybody";
    const raw = Buffer.from('Hello, World!');
    expect(await verifyGitHub(raw, signature, secret)).toBe(true);
    expect(await verifyGitHub(Buffer.from('Hello, World?'), signature, secret)).toBe(false);
    expect(await verifyGitHub(raw, signature, 'another')).toBe(false);
    expect(await verifyGitHub(raw, signature.slice(0, -1), secret)).toBe(false);
    expect(await verifyGitHub(raw, '', secret)).toBe(false);
    expect(await verifyGitHub(Buffer.alloc(0), signature, secret)).toBe(false);
  });

  test('of bytes that are not UTF-8 never verifies, even where decoding would make them fit', async () => {
    const signature = `sha256=${createHmac('sha256', 's').update('a\uFFFDb').digest('hex')}`;
    expect(await verifyGitHub(Buffer.from('a\uFFFDb'), signature, 's')).toBe(true);
    expect(await verifyGitHub(Buffer.from([0x61, 0xff, 0x62]), signature, 's')).toBe(false);
  });

  test('is never verified against an empty secret', async () => {
    expect(await failureOf(verifyGitHub(Buffer.from('x'), `sha256=${'0'.repeat(64)}`, ''))).toBeInstanceOf(
      Refusal,
    );
  });

  const good = {
    'x-github-event': 'issues',
    'x-github-delivery': '72D3162E-CC78-11E3-81AB-4C9367DC0958',
    'x-hub-signature-256': `sha256=${'a'.repeat(64)}`,
  };

  test('says its event and its own id', () => {
    expect(readHeaders(good)).toEqual({
      event: 'issues',
      delivery: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      signature: good['x-hub-signature-256'],
    });
  });

  test.each([
    ['x-github-event', undefined],
    ['x-github-event', 'Issues edited'],
    ['x-github-delivery', '1763887000000'],
    ['x-github-delivery', ['a', 'b']],
    ['x-hub-signature-256', 'sha1=aa'],
  ])('with %s being %j is refused without repeating it', (name, value) => {
    const read = () => readHeaders({ ...good, [name]: value });
    expect(read).toThrow(Refusal);
    expect(read).toThrow(name);
  });
});

describe('in our words', () => {
  test('an edited body, by whoever edited it', async () => {
    const change = { changes: { body: { from: '- [ ] one' } }, sender: { login: 'mona', type: 'User' } };
    expect(await firstOf('issues', 'edited', change)).toMatchInlineSnapshot(`
      {
        "at": 1557933618000,
        "bodyAfter": "It looks like you accidently spelled 'commit' with two 't's.",
        "bodyBefore": "- [ ] one",
        "editor": {
          "kind": "human",
          "login": "mona",
        },
        "issue": 1,
        "kind": "body-edited",
        "repo": {
          "name": "Hello-World",
          "owner": "Codertocat",
        },
      }
    `);
  });

  test.each([
    ['User', 'human'],
    ['Bot', 'bot'],
    ['Organization', 'other'],
    [undefined, 'other'],
  ])('a sender of the type %s is %s', async (type, kind) => {
    const change = { changes: { body: { from: '' } }, sender: { login: 'x', type } };
    expect(await firstOf('issues', 'edited', change)).toMatchObject({ editor: { login: 'x', kind } });
  });

  test('a body that was empty before or is now', async () => {
    const [payload] = payloads('issues', 'edited');
    const issue = { ...z.record(z.string(), z.unknown()).parse(payload?.['issue']), body: null };
    const [happening] = await receive('issues', { ...payload, issue, changes: { body: { from: null } } });
    expect(happening).toMatchObject({ kind: 'body-edited', bodyBefore: '', bodyAfter: '' });
  });

  test('an edit of the title is none', async () => {
    expect(await firstOf('issues', 'edited', { changes: { title: { from: 'old' } } })).toBeUndefined();
  });

  test('a comment on an issue', async () => {
    expect(await firstOf('issue_comment', 'created')).toMatchInlineSnapshot(`
      {
        "at": 1557933621000,
        "author": {
          "kind": "human",
          "login": "Codertocat",
        },
        "body": "You are totally right! I'll get this fixed right away.",
        "comment": 492700400,
        "issue": 1,
        "kind": "commented",
        "onPullRequest": false,
        "repo": {
          "name": "Hello-World",
          "owner": "Codertocat",
        },
      }
    `);
  });

  test('a comment on a pull request', async () => {
    const [payload] = payloads('issue_comment', 'created');
    const issue = {
      ...z.record(z.string(), z.unknown()).parse(payload?.['issue']),
      pull_request: { url: 'x' },
    };
    expect(await receive('issue_comment', { ...payload, issue })).toMatchObject([{ onPullRequest: true }]);
  });

  test('a comment that was edited is one, a deleted one is none', async () => {
    expect(await firstOf('issue_comment', 'edited')).toMatchObject({ kind: 'comment-edited' });
    expect(await firstOf('issue_comment', 'deleted')).toBeUndefined();
  });

  test.each([
    ['reopened', 'reopened'],
    ['deleted', 'deleted'],
    ['transferred', 'transferred'],
    ['labeled', 'labelled'],
    ['unlabeled', 'labelled'],
  ])('an issue that was %s', async (action, change) => {
    expect(await firstOf('issues', action)).toMatchObject({ kind: 'issue-changed', change });
  });

  test.each(['opened', 'closed', 'reopened', 'synchronize'])('a pull request that was %s', async (action) => {
    const happening = await firstOf('pull_request', action);
    expect(happening).toMatchObject({
      kind: 'pull-moved',
      number: expect.any(Number),
      branch: expect.any(String),
    });
  });

  test('a pull request from a fork, or from one that is gone, is none', async () => {
    const [payload] = payloads('pull_request', 'closed');
    const pull = z
      .object({ head: z.record(z.string(), z.unknown()) })
      .loose()
      .parse(payload?.['pull_request']);
    for (const repo of [null, { full_name: 'eve/Hello-World' }]) {
      const forked = { ...pull, head: { ...pull.head, repo } };
      expect(await receive('pull_request', { ...payload, pull_request: forked })).toEqual([]);
    }
  });

  test.each([
    ['check_run', 'completed'],
    ['check_suite', 'completed'],
    ['status', undefined],
  ])('%s %s moves the checks of a commit', async (event, action) => {
    expect(await firstOf(event, action)).toMatchObject({
      kind: 'checks-moved',
      sha: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
  });

  test('checks that only began are none', async () => {
    expect(await firstOf('check_run', 'created')).toBeUndefined();
    expect(await firstOf('check_suite', 'requested')).toBeUndefined();
  });

  test.each([
    ['installation', 'created'],
    ['installation', 'deleted'],
    ['installation', 'suspend'],
    ['installation', 'unsuspend'],
    ['installation', 'new_permissions_accepted'],
    ['installation_repositories', 'added'],
    ['installation_repositories', 'removed'],
  ])('%s %s', async (event, action) => {
    expect(await firstOf(event, action)).toMatchObject({ kind: 'installation-changed' });
  });

  test('every published payload of every event is heard or dropped, never refused', async () => {
    const all = samples.flatMap(({ name, examples }) => examples.map((payload) => ({ name, payload })));
    const heard = await Promise.all(all.map(({ name, payload }) => receive(name, payload)));
    expect(heard.filter((happenings) => happenings.length === 1).length).toMatchInlineSnapshot(`50`);
  });
});

describe('malformed', () => {
  test.each(['', 'null', '[]', '{"action":', '"text"'])('the body %j is refused', async (body) => {
    expect(await failureOf(room.receive({ id: randomUUID(), event: 'issues', body }))).toBeInstanceOf(
      Refusal,
    );
  });

  test('a payload without its fields is refused by their names, not their contents', async () => {
    const failure = await failureOf(
      receive('issues', { action: 'edited', sender: { login: 'secret' }, changes: {} }),
    );
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure.message).toMatchInlineSnapshot(
      `"A "issues.edited" delivery of GitHub is not in the form Suture knows (repository, issue): it was dropped."`,
    );
    expect(JSON.stringify(failure)).not.toContain('secret');
    expect(room.lines.join()).not.toContain('"login"');
  });

  test('events with names of the router itself are not heard', async () => {
    expect(await receive('error', { action: 'x' })).toEqual([]);
    expect(await receive('*', { action: 'x' })).toEqual([]);
  });

  test('deliveries that overlap do not mix', async () => {
    const [payload] = payloads('issues', 'reopened');
    const issue = (number: number) => ({ ...payload, issue: { number } });
    const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
    const heard = await Promise.all(numbers.map((number) => receive('issues', issue(number))));
    expect(heard.map((happenings) => happenings.map((one) => ('issue' in one ? one.issue : 0)))).toEqual(
      numbers.map((number) => [number]),
    );
  });
});

describe('a marker', () => {
  const signer = createSigner('the secret of the operator');

  test('verifies when neither it nor its signature was touched', () => {
    const signature = signer.sign('PER-1');
    expect(signature).toMatch(/^[\w-]{22}$/);
    expect(signer.verify('PER-1', signature)).toBe(true);
    expect(signer.verify('PER-2', signature)).toBe(false);
    expect(signer.verify('PER-1', `${signature}A`)).toBe(false);
    expect(signer.verify('PER-1', signature.slice(0, -1))).toBe(false);
    expect(signer.verify('PER-1', '')).toBe(false);
    expect(createSigner('another secret').verify('PER-1', signature)).toBe(false);
  });

  test('is not signed with the secret itself, nor with none', () => {
    const plain = createHmac('sha256', 'the secret of the operator').update('PER-1').digest().subarray(0, 16);
    expect(signer.sign('PER-1')).not.toBe(plain.toString('base64url'));
    expect(signer.sign('PER-1')).toMatchInlineSnapshot(`"fRH2Kbnr1XyoqiuyvzX6ig"`);
    expect(() => createSigner('')).toThrow(Refusal);
  });

  test('verifies in one form only', () => {
    const signature = signer.sign('PER-1');
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('');
    // The last character carries four unused bits: several spellings decode to the same bytes, one is ours.
    const spellings = alphabet.map((last) => signature.slice(0, -1) + last);
    expect(spellings.filter((spelling) => signer.verify('PER-1', spelling))).toEqual([signature]);
  });
});
