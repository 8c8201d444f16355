// What one comment asks for. Anyone may ask for help; only permitted people start work.

import { parseCommands, type Command } from '../domain/command.ts';
import { fixMark, readFixMark } from '../domain/marker.ts';
import { nearest } from '../domain/nearest.ts';
import { repoName, type Binding, type Problem } from '../domain/problem.ts';
import {
  alreadyBusy,
  approved,
  help,
  notWaiting,
  unclearCommand,
  unknownProblem,
} from '../domain/wording.ts';
import type { JobData, Ports } from '../ports.ts';
import { approve, mayApprove, refusePerson } from './approve.ts';
import { bindingsOf } from './bindings.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings' | 'signer'>;
type Comment = JobData['read-comment'];
type Known = { binding: Binding; problem: Pick<Problem, 'id' | 'shortId'> };

/** 1. commands in it?  2. show that it was seen  3. carry each out  4. answer once. */
export async function readComment(ports: Needs, data: Comment): Promise<void> {
  const commands = parseCommands(data.body);
  if (commands.length === 0 || data.author.kind !== 'human') return;
  await ports.host.react(data.repo, data.comment, 'eyes');
  const known = await knownProblems(ports, data);
  const answers: string[] = [];
  for (const command of commands) answers.push(...(await carryOut(ports, { data, command, known })));
  if (answers.length > 0) await answerOnce(ports, data, [...new Set(answers)].join('\n\n'));
}

type Request = { data: Comment; command: Command; known: readonly Known[] };

async function carryOut(ports: Needs, request: Request): Promise<string[]> {
  const { command } = request;
  switch (command.kind) {
    case 'help':
      return [help()];
    case 'unclear':
      return [unclearCommand(command.text, command.reason)];
    case 'fix':
      return start(ports, request, { shortIds: command.shortIds, hint: null, again: false });
    case 'retry':
      return start(ports, request, { shortIds: [command.shortId], hint: command.hint, again: true });
  }
}

type Start = { shortIds: readonly string[]; hint: string | null; again: boolean };

async function start(ports: Needs, request: Request, wanted: Start): Promise<string[]> {
  const started: string[] = [];
  const answers: string[] = [];
  for (const shortId of wanted.shortIds) {
    const found = request.known.find(({ problem }) => problem.shortId.toUpperCase() === shortId);
    const answer = found ? await startOne(ports, request.data, { found, wanted }) : unknown(request, shortId);
    if (answer === 'started') started.push(shortId);
    else if (answer !== null) answers.push(answer);
  }
  return started.length > 0 ? [approved(started), ...answers] : answers;
}

async function startOne(
  ports: Needs,
  data: Comment,
  one: { found: Known; wanted: Start },
): Promise<string | null> {
  const { binding, problem } = one.found;
  const { ok, role } = await mayApprove(ports, binding, data.author);
  if (!ok) {
    const what = one.wanted.again ? '`/sentry retry`' : '`/sentry fix`';
    await refusePerson(ports, { binding, issue: data.issue, person: data.author, role, what });
    return null;
  }
  const outcome = await approve(ports, {
    binding,
    problemId: problem.id,
    approval: { by: data.author.login, at: data.at, via: 'command', hint: one.wanted.hint },
    act: `comment:${repoName(data.repo)}:${data.comment}`.toLowerCase(),
    again: one.wanted.again,
  });
  if (outcome === 'already') return alreadyBusy(problem.shortId);
  return outcome === 'started' ? 'started' : notWaiting(problem.shortId);
}

function unknown(request: Request, shortId: string): string {
  const ids = request.known.map(({ problem }) => problem.shortId);
  return unknownProblem(shortId, nearest(shortId, ids));
}

/** Everything a command on this repository may name: listed problems, and those with an earlier attempt. */
async function knownProblems(ports: Needs, data: Comment): Promise<Known[]> {
  const bindings = bindingsOf(ports, data.repo);
  const lists = bindings.map(async (binding) => {
    const problems = (await ports.store.readProblems(binding.id)).map((stored) => stored.problem);
    const fixes = (await ports.store.readFixes(binding.id)).map((fix) => ({
      id: fix.problemId,
      shortId: fix.shortId,
    }));
    return [...problems, ...fixes].map((problem) => ({ binding, problem }));
  });
  return (await Promise.all(lists)).flat();
}

/** The answer carries the comment's number, so that a second run finds it and adds nothing. */
async function answerOnce(ports: Needs, data: Comment, text: string): Promise<void> {
  const purpose = 'answer';
  const mark = { bindingId: repoName(data.repo).toLowerCase(), problemId: String(data.comment), attempt: 1 };
  const comments = await ports.host.listComments(data.repo, data.issue);
  const answered = comments.some(({ body }) => {
    const found = readFixMark(ports.signer, purpose, body);
    return found?.problemId === mark.problemId && found.bindingId === mark.bindingId;
  });
  if (!answered)
    await ports.host.comment(data.repo, data.issue, `${text}\n\n${fixMark(ports.signer, purpose, mark)}`);
}
