// The sample repository's CI as GitHub sees it: an app of its own that hears pushes, runs the checks on a
// clone of the pushed head, and reports check runs with its own token.

import { createHmac, createSign, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { startCi, type CiCheck } from './ci.ts';
import type { GitHubWorld } from './github/start.ts';

const secret = 'the-ci-apps-webhook-secret';

export type CiApp = {
  /** Resolves when no run is under way. */
  idle(): Promise<void>;
  /** Waits with runs until `release`. */
  hold(): void;
  release(): void;
  /** From now on nothing is run and every check ends with this conclusion; null: the truth again. */
  pretend(conclusion: Pretended): void;
  close(): Promise<void>;
};

type Pretended = 'success' | 'failure' | null;

const pushShape = z.object({
  ref: z.string(),
  after: z.string(),
  deleted: z.boolean(),
  installation: z.object({ id: z.number() }),
});

type Push = z.output<typeof pushShape>;

/** Installs the app `shop-ci` on that repository. */
export async function startCiApp(github: GitHubWorld, repo: { owner: string; name: string }): Promise<CiApp> {
  const fullName = `${repo.owner}/${repo.name}`;
  const ci = await startCi({ repository: github.repositoryDirectory(fullName) });
  const app = github.addApp({
    slug: 'shop-ci',
    permissions: { checks: 'write', contents: 'read', metadata: 'read' },
    events: ['push'],
    webhookSecret: secret,
  });
  const gate = createGate();
  const running = new Set<Promise<void>>();
  let pretended: Pretended = null;
  const checkHead = async (pushed: Push): Promise<void> => {
    const octokit = new Octokit({
      baseUrl: github.url,
      auth: await installationToken(github, app, pushed.installation.id),
      log: silent,
    });
    const head = { owner: repo.owner, repo: repo.name, name: 'test', head_sha: pushed.after };
    const started = await octokit.rest.checks.create({ ...head, status: 'in_progress' });
    await gate.open();
    const checks = pretended ? pretend(pretended) : (await ci.run(pushed.after)).checks;
    await report(octokit, { repo, sha: pushed.after, checks, started: started.data.id });
  };
  const hear = async (request: IncomingMessage): Promise<number> => {
    const pushed = await readPush(request);
    if (!pushed) return 400;
    if (pushed.deleted || !pushed.ref.startsWith('refs/heads/sentry/')) return 202;
    // Whoever waits for its checks must be able to learn why none came.
    const work = checkHead(pushed).catch((error: unknown) =>
      console.error(`The CI of the shop failed at ${pushed.ref}:`, error),
    );
    running.add(work);
    void work.finally(() => running.delete(work));
    return 202;
  };
  const server = createServer((request, response) => {
    void hear(request).then((status) => response.writeHead(status).end());
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  github.setWebhookUrl('shop-ci', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  github.install('shop-ci', repo.owner, [repo.name]);
  return {
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
    hold: () => gate.hold(),
    release: () => gate.release(),
    pretend: (conclusion) => {
      pretended = conclusion;
    },
    close: async () => {
      gate.release();
      await Promise.all(running);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await ci.close();
    },
  };
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

type Report = {
  repo: { owner: string; name: string };
  sha: string;
  checks: readonly CiCheck[];
  started: number;
};

function pretend(conclusion: 'success' | 'failure'): CiCheck[] {
  return ['test', 'types'].map((name) => ({ name, conclusion, output: '' }));
}

async function report(octokit: Octokit, input: Report): Promise<void> {
  const place = { owner: input.repo.owner, repo: input.repo.name };
  for (const check of input.checks.filter(({ name }) => name !== 'test')) {
    const output = { title: check.name, summary: check.output.slice(-4_000) };
    await octokit.rest.checks.create({
      ...place,
      name: check.name,
      head_sha: input.sha,
      status: 'completed',
      conclusion: check.conclusion,
      output,
    });
  }
  const test = input.checks.find(({ name }) => name === 'test');
  const output = { title: 'test', summary: (test?.output ?? '').slice(-4_000) };
  await octokit.rest.checks.update({
    ...place,
    check_run_id: input.started,
    status: 'completed',
    conclusion: test?.conclusion ?? 'failure',
    output,
  });
}

async function readPush(request: IncomingMessage): Promise<Push | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(raw).digest('hex')}`);
  const given = Buffer.from(String(request.headers['x-hub-signature-256']));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return request.headers['x-github-event'] === 'push'
    ? pushShape.parse(JSON.parse(raw.toString('utf8')))
    : null;
}

async function installationToken(
  github: GitHubWorld,
  app: { appId: number; privateKey: string },
  id: number,
): Promise<string> {
  const octokit = new Octokit({ baseUrl: github.url, auth: appToken(app, github.now()), log: silent });
  return (await octokit.rest.apps.createInstallationAccessToken({ installation_id: id })).data.token;
}

/** An app's own token: a JWT signed with its key (reference github.md, 1.8). */
function appToken(app: { appId: number; privateKey: string }, now: number): string {
  const seconds = Math.floor(now / 1000);
  const text = `${base64({ alg: 'RS256', typ: 'JWT' })}.${base64({ iat: seconds - 30, exp: seconds + 540, iss: String(app.appId) })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(app.privateKey, 'base64url')}`;
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A gate that is open until `hold`. */
function createGate(): { open(): Promise<void>; hold(): void; release(): void } {
  let held: { passed: Promise<void>; pass: () => void } | null = null;
  return {
    open: async () => held?.passed,
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held ??= { passed: promise, pass: resolve };
    },
    release: () => {
      held?.pass();
      held = null;
    },
  };
}
