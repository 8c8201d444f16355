// Repositories that are called differently now: GitHub keeps their number, and sends whoever asks by the old name on
// to it, until another repository takes that name.

import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Answer } from './answers.ts';
import { ensureAccount, findRepo, fullName, theRepo, type State } from './state.ts';

/** Renames, or transfers where the owner differs. Installations keep it, as within one account. */
export function renameRepository(state: State, from: string, to: string): void {
  const repo = theRepo(state, from);
  const [owner = '', name = ''] = to.split('/');
  if (findRepo(state, to)) throw new Error(`There is already a repository ${to}.`);
  state.repos.delete(from.toLowerCase());
  state.redirects.set(from.toLowerCase(), repo);
  const dir = join(state.folder, owner, `${name}.git`);
  mkdirSync(dirname(dir), { recursive: true });
  renameSync(repo.dir, dir);
  Object.assign(repo, { owner: ensureAccount(state, owner, 'Organization'), name, dir });
  state.repos.set(to.toLowerCase(), repo);
}

/** `/repositories/7/issues` is `/repos/owner/name/issues` of whatever it is called now. */
export function namedPath(state: State, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repo = id === undefined ? undefined : [...state.repos.values()].find((one) => one.id === Number(id));
  return repo ? `/repos/${fullName(repo)}${rest}` : path;
}

/** The answer to whoever asks by an old name; null for everybody else. */
export function movedAnswer(state: State, method: string, path: string): Answer | null {
  const [, name = '', rest = ''] = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(path) ?? [];
  const repo = findRepo(state, name) ? undefined : state.redirects.get(name.toLowerCase());
  if (!repo) return null;
  const location = `${state.url}/repositories/${repo.id}${rest}`;
  const [status, message] = method === 'GET' ? [301, 'Moved Permanently'] : [307, 'Temporary Redirect'];
  const body = { message, url: location, documentation_url: 'https://docs.github.com/rest' };
  return { status, headers: { location }, body };
}

/** Where git finds it now; null when nothing has moved. */
export function movedGit(state: State, url: URL): string | null {
  const [, name = '', rest = ''] = /^\/([^/]+\/[^/]+?)(?:\.git)?(\/.*)$/.exec(url.pathname) ?? [];
  const repo = findRepo(state, name) ? undefined : state.redirects.get(name.toLowerCase());
  return repo ? `${state.url}/${fullName(repo)}.git${rest}${url.search}` : null;
}
