// What people do on a triage issue: boxes, commands, and whatever else can be done to a text.

import { boxKey, readBoxes } from '../../src/domain/triage/ticks.ts';
import { addComment, editIssue } from './memory/forge.ts';
import { canWrite, human, note, release, tell, type Act, type Crowd } from './crowd.ts';
import { signer } from './process.ts';
import type { Site, World } from './world.ts';

function openTriage(site: Site) {
  return [...site.repo.issues.values()].findLast((issue) => issue.state === 'open') ?? null;
}

/** Flips a box in the body that the person's browser shows: today's, or an older one. */
export function setBox(
  world: World,
  crowd: Crowd,
  how: { site: Site; index: number; login: string; ticked: boolean; stale: boolean },
): void {
  const { site } = how;
  const issue = openTriage(site);
  if (!issue) return;
  const seen = crowd.seen.get(site) ?? [];
  const shown = how.stale ? (seen.at(-2) ?? issue.body) : issue.body;
  crowd.seen.set(site, [...seen, issue.body].slice(-4));
  const [from, to] = how.ticked ? ['- [ ]', '- [x]'] : ['- [x]', '- [ ]'];
  const offered = shown.split('\n').filter((line) => line.startsWith(from));
  const line = offered[how.index % Math.max(1, offered.length)] ?? '';
  const body = line === '' ? shown : shown.replace(line, line.replace(from, to));
  saveBody(world, crowd, { site, login: how.login, body });
}

export type Edit = 'tick all' | 'empty' | 'cut' | 'add' | 'twice';

/** Any edit of the whole text, as an editor allows it. */
export function editBody(
  world: World,
  crowd: Crowd,
  how: { site: Site; login: string; edit: Edit; line: number },
): void {
  const { site, login, edit, line } = how;
  const issue = openTriage(site);
  if (issue) saveBody(world, crowd, { site, login, body: edits[edit](issue.body, line) });
}

const edits: { readonly [E in Edit]: (body: string, line: number) => string } = {
  'tick all': (body) => body.replaceAll(/^- \[ \]/gm, '- [x]'),
  empty: () => '',
  cut: (body, line) =>
    linesOf(body)
      .toSpliced(line % linesOf(body).length, 1)
      .join('\n'),
  add: (body, line) =>
    linesOf(body)
      .toSpliced(line % linesOf(body).length, 0, 'A word of mine.')
      .join('\n'),
  twice: (body, line) => {
    const lines = linesOf(body);
    const at = line % lines.length;
    return lines.toSpliced(at, 0, lines[at] ?? '').join('\n');
  },
};

function linesOf(body: string): string[] {
  return body.split('\n');
}

/** Saves a whole body, as GitHub does, and notes which words are in the difference. */
function saveBody(
  world: World,
  crowd: Crowd,
  { site, login, body }: { site: Site; login: string; body: string },
): void {
  const issue = openTriage(site);
  if (!issue || body === issue.body) return;
  const { id: bindingId } = site.binding;
  const before = new Map(
    readBoxes(signer, bindingId, issue.body).map((known) => [boxKey(known), known.ticked]),
  );
  const after = readBoxes(signer, bindingId, body);
  const offers = offeredBoxes(site, issue.number);
  const words: Act[] = [];
  for (const known of after) {
    if (before.get(boxKey(known)) === known.ticked) continue;
    if (!known.ticked) release(crowd, site, known.subject);
    else if (known.kind === 'archive')
      crowd.archives.push({ site, problemId: known.subject, permitted: canWrite(site, login) });
    // That one goes on all the same begins nothing.
    else if (known.kind === 'tick') {
      const offered = offers.has(boxKey(known));
      words.push(note(world, crowd, { site, problemId: known.subject, login, comment: null, offered }));
    }
  }
  // A line that is cut out takes its tick along.
  const left = new Set(after.map(boxKey));
  for (const box of before.keys()) if (!left.has(box)) release(crowd, site, box.split(' ')[1] ?? '');
  tell(world.mail, words, () =>
    editIssue(world.forge, site.repo, { number: issue.number, editor: human(login), change: { body } }),
  );
}

/** What we offered last; a box that a person brought back from an older body is none of it. */
function offeredBoxes(site: Site, issue: number): Set<string> {
  const ours = site.repo.versions.get(issue)?.findLast(({ editor }) => editor.kind === 'bot');
  return new Set(readBoxes(signer, site.binding.id, ours?.body ?? '').map(boxKey));
}

export type Verb = 'fix' | 'retry' | 'archive' | 'skip';

export function command(
  world: World,
  crowd: Crowd,
  how: { site: Site; indexes: readonly number[]; login: string; verb: Verb },
): void {
  const issue = openTriage(how.site);
  if (!issue) return;
  const { site, login, verb } = how;
  const raised = [...site.project.problems.keys()];
  const several = verb === 'fix' || verb === 'skip' ? how.indexes : how.indexes.slice(0, 1);
  const named = several.map((index) => raised[index % Math.max(1, raised.length)] ?? '100');
  const ids = [...new Set(named)];
  const shortIds = ids.map((id) => `SHOP-${Number(id) - 100}A`).join(', ');
  const body = `/sentry ${verb} ${shortIds}${verb === 'archive' ? ' not ours' : ''}`;
  const words: Act[] = [];
  for (const problemId of ids) {
    const comment = world.forge.nextNumber + 1;
    if (verb === 'archive') crowd.archives.push({ site, problemId, permitted: canWrite(site, login) });
    if (verb === 'fix' || verb === 'retry')
      words.push(note(world, crowd, { site, problemId, login, comment, offered: true }));
    if (verb === 'skip') {
      crowd.skipped.add(`${site.binding.id}#${problemId}`);
      release(crowd, site, problemId);
    }
    if (verb === 'retry')
      crowd.reviews.push({ site, problemId, login, at: world.now, permitted: canWrite(site, login) });
  }
  tell(world.mail, words, () =>
    addComment(world.forge, site.repo, { issue: issue.number, author: human(login), body }),
  );
}

/** A line of the other site's issue is pasted here, ticked: its mark is genuine, its place is not. */
export function forge(world: World, how: { from: Site; into: Site; login: string }): void {
  const [from, into] = [openTriage(how.from), openTriage(how.into)];
  const line = from?.body.split('\n').find((text) => text.startsWith('- [ ]'));
  if (!into || line === undefined) return;
  const change = { body: `${into.body}\n${line}\n` };
  editIssue(world.forge, how.into.repo, { number: into.number, editor: human(how.login), change });
  const ticked = { body: change.body.replace(`${line}\n`, `${line.replace('[ ]', '[x]')}\n`) };
  editIssue(world.forge, how.into.repo, { number: into.number, editor: human(how.login), change: ticked });
}

export function closeTriage(world: World, site: Site): void {
  const issue = openTriage(site);
  if (issue)
    editIssue(world.forge, site.repo, {
      number: issue.number,
      editor: human('ada'),
      change: { state: 'closed' },
    });
}
