// The GitHub room over real HTTP, for what a recording cannot show: redirects, cut answers, closed ports.

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Later, Refusal } from '../../src/domain/failure.ts';
import { at, failureOf, inAnHour, recorded, repo, startRoom, type Room } from './github-recorded.ts';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** A room whose GitHub knows one installation and leaves the rest to `answer`. */
async function startAgainst(answer: RequestListener): Promise<Room & { stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const json = (body: unknown): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === `${at}/installation`) return json(recorded('installation'));
    if (request.url?.endsWith('/access_tokens')) return json({ token: 'ghs_1', expires_at: inAnHour() });
    return answer(request, response);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  stops.push(stop);
  return { ...(await startRoom({ apiUrl: `http://127.0.0.1:${port}` })), stop };
}

describe('an answer from another address', () => {
  test('is not followed: the token stays here', async () => {
    const asked: string[] = [];
    const { host } = await startAgainst((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(301, { location: '/elsewhere', 'content-type': 'application/json' });
      response.end('{"message":"Moved Permanently"}');
    });
    expect(await failureOf(host.readRepository(repo))).toBeInstanceOf(Refusal);
    expect(await host.readIssue(repo, 3)).toBeNull();
    expect(asked).toEqual([at, `${at}/issues/3`]);
  });
});

describe('an answer that is cut', () => {
  test('is Later, and never an empty list', async () => {
    const { host } = await startAgainst((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('[{"number": 1,');
      setImmediate(() => response.destroy());
    });
    expect(await failureOf(host.listIssues(repo, 'suture', 'open'))).toBeInstanceOf(Later);
    expect(await failureOf(host.findPullRequests(repo, 'sentry/'))).toBeInstanceOf(Later);
  });
});

describe('a connection', () => {
  test('that is cut after a creation was sent is Later, and the creation is not sent again', async () => {
    let sent = 0;
    const { host } = await startAgainst((request) => {
      sent += 1;
      request.socket.destroy();
    });
    const failure = await failureOf(host.comment(repo, 1, 'hello'));
    expect(failure).toBeInstanceOf(Later);
    expect(sent).toBe(1);
  });

  test('that is refused is Later, with the reason and without the address', async () => {
    const { host, stop } = await startAgainst(() => {});
    await stop();
    const failure = await failureOf(host.readRepository(repo));
    expect(failure).toBeInstanceOf(Later);
    expect(failure.message).toMatchInlineSnapshot(
      `"GitHub could not be reached (ECONNREFUSED) when Suture wanted to find its installation on octocat/Hello-World; Suture tries again."`,
    );
  });

  test('that says nothing is given up when Suture stops', async () => {
    const { host, close } = await startAgainst(() => void close());
    expect(await failureOf(host.readRepository(repo))).toBeInstanceOf(Later);
  });
});
