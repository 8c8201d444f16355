// Notes that people see under a problem in Sentry. The route is not part of Sentry's published description, and a
// token may not be allowed to use it (reference sentry.md, 2.8): what it refuses is an outcome.

import { z } from 'zod';
import type { ProjectRef } from '../domain/problem.ts';
import type { NoteOutcome } from '../ports.ts';
import { jsonOf, type Api } from './api.ts';
import { failureOf, type Call } from './errors.ts';
import { nextCursor } from './paging.ts';
import { bag, listOf, text } from './shapes.ts';

type Asked = { project: ProjectRef; problemId: string };

const notes = listOf(z.object({ data: bag.pipe(z.object({ text }).nullable()) }));

/** Notes are newest first; ours is not older than these. */
const mostPages = 5;

/** Not allowed to, not there, or no such route on this server. */
const refusals = [403, 404, 405, 410];

function callOf(doing: string, { project, problemId }: Asked, scope: Call['scope']) {
  const path = ['organizations', project.org, 'issues', problemId, 'notes'];
  return { doing: `${doing} the issue ${problemId}`, scope, project, path };
}

/** Null when they cannot be read. */
export async function findNote(api: Api, asked: Asked, key: string): Promise<boolean | null> {
  const call = callOf('read the notes on', asked, 'event:read');
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await api.get({ ...call, query: cursor === null ? {} : { cursor }, allowed: refusals });
    if (answer.status !== 200) return null;
    if (notes.parse(jsonOf(answer, call)).some(({ data }) => data?.text?.includes(key))) return true;
    cursor = nextCursor(answer.headers['link']);
    if (cursor === null) return false;
  }
  return false;
}

/** Looks first; a note that was written a moment ago is refused by Sentry as a double, and is there. */
export async function addNote(
  api: Api,
  asked: Asked,
  note: { text: string; key: string },
): Promise<NoteOutcome> {
  const there = await findNote(api, asked, note.key);
  if (there !== false) return there === null ? 'refused' : 'there';
  const call = callOf('add a note to', asked, 'event:write');
  const answer = await api.post({ ...call, body: { text: note.text }, allowed: [400, ...refusals] });
  if (refusals.includes(answer.status)) return 'refused';
  if (answer.status !== 400) return 'written';
  if (/already posted/i.test(answer.body)) return 'there';
  throw failureOf(answer, call, 0);
}
