// Clone, fetch and push over HTTP: authorises, asks the branch rules, and lets `git http-backend` do the rest.
// What follows from a push is in ref-changes.ts.

import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { Refused } from '../answers.ts';
import { actorName, identify, type Actor } from '../auth.ts';
import type { Account, Repo } from '../records.ts';
import { atLeast, isGranted } from '../rights.ts';
import { findRepo, roleOf, type State } from '../state.ts';
import { gitEnvironment } from './git.ts';
import { parsePush, refusePush, touchedWorkflows, type Push, type RefChange } from './receive.ts';
import { refsChanged } from './ref-changes.ts';
import { readRefObject, zeroSha } from './repository.ts';
import { refuseChanges, workflowRefusal } from './rules.ts';

const gitPath = /^\/([^/]+\/[^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export const isGitPath = (path: string): boolean => gitPath.test(path);

export type GitAsk = {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  body: Buffer;
};

type Refusal = { status: number; text: string };

/** Serves one git request. Gives the status and who asked, for the log of requests. */
export async function serveGit(state: State, ask: GitAsk): Promise<{ status: number; actor: string }> {
  const [, name = '', service = ''] = gitPath.exec(ask.url.pathname) ?? [];
  const pushes = (ask.url.searchParams.get('service') ?? service) === 'git-receive-pack';
  const repo = findRepo(state, name);
  const actor = identifyOrNull(state, ask.request);
  const refusal = authorise(repo, { name, actor, pushes });
  if (refusal || !repo || !actor) {
    const { status, text } = refusal ?? { status: 404, text: 'Repository not found.' };
    const headers = { 'content-type': 'text/plain', 'www-authenticate': 'Basic realm="GitHub"' };
    ask.response.writeHead(status, headers).end(text);
    return { status, actor: actor ? actorName(actor) : 'nobody' };
  }
  if (service === 'git-receive-pack') await receive(state, ask, { repo, actor });
  else await backend(repo, ask);
  return { status: 200, actor: actorName(actor) };
}

function identifyOrNull(state: State, request: IncomingMessage): Actor | null {
  try {
    return identify(state, request.headers.authorization);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

function authorise(
  repo: Repo | null,
  asked: { name: string; actor: Actor | null; pushes: boolean },
): Refusal | null {
  const { name, actor, pushes } = asked;
  if (!actor)
    return {
      status: 401,
      text: 'Invalid username or token. Password authentication is not supported for Git operations.',
    };
  if (actor.kind === 'nobody' && (pushes || !repo || repo.private))
    return { status: 401, text: 'No anonymous write access.' };
  if (!repo || !maySee(repo, actor)) return { status: 404, text: 'Repository not found.' };
  if (mayDo(repo, actor, pushes)) return null;
  return { status: 403, text: `Permission to ${name}.git denied to ${actorName(actor)}.` };
}

function maySee(repo: Repo, actor: Actor): boolean {
  if (actor.kind === 'installation') return actor.repoIds.has(repo.id);
  if (!repo.private) return true;
  return actor.kind === 'user' && roleOf(repo, actor.account) !== 'none';
}

function mayDo(repo: Repo, actor: Actor, pushes: boolean): boolean {
  if (actor.kind === 'installation') return isGranted(actor, pushes ? 'contents:write' : 'contents:read');
  if (!pushes) return true;
  return actor.kind === 'user' && atLeast(roleOf(repo, actor.account), 'write');
}

async function receive(state: State, ask: GitAsk, by: { repo: Repo; actor: Actor }): Promise<void> {
  const { repo, actor } = by;
  const push = parsePush(plainBody(ask));
  const refusals = refuseChanges(repo, push.changes);
  if (refusals.length === 0) refusals.push(...(await refuseWorkflows(by, push)));
  if (refusals.length > 0) {
    ask.response
      .writeHead(200, {
        'content-type': 'application/x-git-receive-pack-result',
        'cache-control': 'no-cache',
      })
      .end(refusePush(push, refusals));
    return;
  }
  await backend(repo, ask, async () => {
    await refsChanged(state, repo, { sender: pusher(actor), changes: await happened(repo, push.changes) });
  });
}

async function refuseWorkflows(by: { repo: Repo; actor: Actor }, push: Push) {
  const { repo, actor } = by;
  if (actor.kind !== 'installation' || isGranted(actor, 'workflows:write')) return [];
  const [path] = await touchedWorkflows(repo.dir, push);
  return path ? push.changes.map((change) => workflowRefusal(change.ref, path)) : [];
}

function pusher(actor: Actor): Account {
  if (actor.kind === 'user') return actor.account;
  if (actor.kind === 'installation') return actor.app.bot;
  throw new Error('Only people and installations push.');
}

/** git may have refused some of the changes itself; only what stands there now counts. */
async function happened(repo: Repo, changes: readonly RefChange[]): Promise<RefChange[]> {
  const done: RefChange[] = [];
  for (const change of changes) {
    const now = (await readRefObject(repo.dir, change.ref)) ?? zeroSha;
    if (now === change.after && change.before !== change.after) done.push(change);
  }
  return done;
}

const plainBody = (ask: GitAsk): Buffer =>
  ask.request.headers['content-encoding'] === 'gzip' ? gunzipSync(ask.body) : ask.body;

/** Runs `git http-backend` as a CGI program; `before` happens when git is done and nothing was answered yet. */
async function backend(repo: Repo, ask: GitAsk, before?: () => Promise<void>): Promise<void> {
  const { request, response, url } = ask;
  const service = gitPath.exec(url.pathname)?.[2] ?? '';
  const body = plainBody(ask);
  const child = spawn('git', ['http-backend'], {
    env: gitEnvironment({
      GIT_PROJECT_ROOT: repo.dir,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${service}`,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: `${body.length}`,
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'git',
    }),
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(body);
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.resume();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.on('error', reject);
  child.on('close', () => resolve());
  await promise;
  await before?.();
  answerCgi(response, Buffer.concat(out));
}

function answerCgi(response: ServerResponse, output: Buffer): void {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.toString('latin1', 0, end).split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
  const { Status: status = '200', ...others } = headers;
  response.writeHead(Number.parseInt(status, 10), others).end(output.subarray(end + 4));
}
