// Reactions on issues, pull requests and their comments. The same one twice answers 200 and adds nothing.

import { z } from 'zod';
import { created, empty, listed, notFound, ok, read, type Answer, type Ask, type Route } from '../answers.ts';
import { reactionContents, type Reaction } from '../records.ts';
import { renderReaction } from '../render/issues.ts';
import { acting, openIssue } from '../rights.ts';
import { openComment } from './comments.ts';

const newReaction = z.object({ content: z.enum(reactionContents) });

function react(ask: Ask, reactions: Reaction[]): Answer {
  const { content } = read(ask, newReaction, 'Reaction');
  const { account } = acting(ask);
  const before = reactions.find((one) => one.account === account && one.content === content);
  if (before) return ok(renderReaction(ask.state, before));
  const reaction = { id: ask.state.nextId(), account, content, createdAt: ask.state.now() };
  reactions.push(reaction);
  return created(renderReaction(ask.state, reaction));
}

function list(ask: Ask, reactions: readonly Reaction[]): Promise<Answer> {
  const content = ask.query.get('content');
  const wanted = reactions.filter((one) => !content || one.content === content);
  return listed(ask, wanted, (one) => renderReaction(ask.state, one));
}

function remove(ask: Ask, reactions: Reaction[]): Answer {
  const { account } = acting(ask);
  const at = reactions.findIndex(
    (one) => one.id === Number(ask.params['reaction']) && one.account === account,
  );
  if (at < 0) throw notFound();
  reactions.splice(at, 1);
  return empty();
}

const onIssue = '/repos/:owner/:repo/issues/:number/reactions';
const onComment = '/repos/:owner/:repo/issues/comments/:id/reactions';

export const reactionRoutes: readonly Route[] = [
  ['POST', onComment, (ask) => react(ask, openComment(ask, 'write').comment.reactions)],
  ['GET', onComment, (ask) => list(ask, openComment(ask, 'read').comment.reactions)],
  ['DELETE', `${onComment}/:reaction`, (ask) => remove(ask, openComment(ask, 'write').comment.reactions)],
  ['POST', onIssue, (ask) => react(ask, openIssue(ask, 'write').issue.reactions)],
  ['GET', onIssue, (ask) => list(ask, openIssue(ask, 'read').issue.reactions)],
  ['DELETE', `${onIssue}/:reaction`, (ask) => remove(ask, openIssue(ask, 'write').issue.reactions)],
];
