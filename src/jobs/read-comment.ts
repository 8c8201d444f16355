// What one comment asks for. Anyone may ask for numbers and help; only permitted people start work.

import { newCommands, parseCommands, type Command } from '../domain/triage/command.ts';
import { fixMark, readFixMark } from '../domain/marker.ts';
import { repoName } from '../domain/problem.ts';
import { statsText } from '../domain/record/stats-text.ts';
import { statsOf } from '../domain/record/stats.ts';
import { help, unclearCommand } from '../domain/wording.ts';
import { budgetText } from '../domain/agent/spending.ts';
import { code } from '../domain/untrusted.ts';
import type { Fixer, JobData, Ports } from '../ports.ts';
import { untilListed } from './approve.ts';
import { bindingsOf } from './bindings.ts';
import { linkPull } from './commands/link.ts';
import { retryOne } from './commands/retry.ts';
import { archiveOne, skipSome } from './commands/set-aside.ts';
import { startSome } from './commands/start.ts';
import { rememberAsking } from './hear-confirmations.ts';
import { readScene, turnOf, type Comment, type Place, type Scene } from './scene.ts';
import { listText, statusText, topText } from '../domain/triage/answers.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings' | 'signer' | 'fixers'>;

/** 1. commands in it?  2. show that it was seen  3. carry each out  4. answer once. */
export async function readComment(ports: Needs, data: JobData['read-comment']): Promise<void> {
  const commands =
    data.bodyBefore === null ? parseCommands(data.body) : newCommands(data.bodyBefore, data.body);
  if (commands.length === 0 || data.author.kind !== 'human') return;
  await ports.host.react(data.repo, data.comment, 'eyes');
  const answers: string[] = [];
  for (const command of commands) {
    // Read anew for each: an earlier line may have changed what the next one finds.
    const scene = await readScene(ports, data);
    if (naming.has(command.kind)) await untilNamesAreKnown(ports, scene);
    answers.push(...(await carryOut(ports, scene, command)));
  }
  if (answers.length > 0) await answerOnce(ports, data, [...new Set(answers)].join('\n\n'));
}

const naming: ReadonlySet<Command['kind']> = new Set(['fix', 'skip', 'archive', 'retry', 'link']);

/** A database that is new would answer that it knows none of them. A paused binding says so itself. */
async function untilNamesAreKnown(ports: Needs, { places }: Scene): Promise<void> {
  for (const { binding } of places) {
    const state = await ports.store.readBindingState(binding.id);
    if ((state?.paused ?? null) === null) await untilListed(ports, binding);
  }
}

async function carryOut(ports: Needs, scene: Scene, command: Command): Promise<string[]> {
  switch (command.kind) {
    case 'help':
      return [help()];
    case 'unclear':
      return [unclearCommand(command.text, command.reason, command.right)];
    case 'list':
      return scene.places.map(({ view, shown }) =>
        listText(view, { ...command, shown, now: ports.clock.now() }),
      );
    case 'top':
      return scene.places.map(({ view, shown }) => topText(view, command.count, shown));
    case 'stats':
      return scene.places.map(({ view, fixes }) => statsText(statsOf(view, fixes, ports.clock.now())));
    case 'status':
      return Promise.all(scene.places.map((place) => status(ports, place)));
    case 'fix':
      return startSome(ports, scene, command);
    case 'skip':
      return skipSome(ports, scene, command.targets);
    case 'archive':
      return archiveOne(ports, scene, command);
    case 'retry':
      return retryOne(ports, scene, command);
    case 'link':
      return linkPull(ports, scene, command.target);
  }
}

async function status(ports: Needs, { binding, view }: Place): Promise<string> {
  const state = await ports.store.readBindingState(binding.id);
  const budgets = await Promise.all(ports.fixers.map(budgetOf));
  const known = { checkedAt: state?.checkedAt ?? null, budgets: budgets.filter((text) => text !== null) };
  return statusText(view, { signer: ports.signer, ...known });
}

async function budgetOf(fixer: Fixer): Promise<string | null> {
  const budget = await fixer.budget?.();
  return budget ? `Fixer ${code(fixer.name, 40)}: ${budgetText(budget)}` : null;
}

const longestAnswer = 60_000;

/** The answer names the comment, and which telling of it, so that a second run finds it and adds nothing. */
async function answerOnce(ports: Needs, data: Comment, text: string): Promise<void> {
  const purpose = 'answer';
  const mark = {
    bindingId: repoName(data.repo).toLowerCase(),
    problemId: turnOf(data),
    attempt: 1,
  };
  const comments = await ports.host.listComments(data.repo, data.issue);
  const answered = comments.find(({ body }) => {
    const found = readFixMark(ports.signer, purpose, body);
    return found?.problemId === mark.problemId && found.bindingId === mark.bindingId;
  });
  const shown = text.length > longestAnswer ? `${text.slice(0, longestAnswer)}\n\n…cut here.` : text;
  const body = `${shown}\n\n${fixMark(ports.signer, purpose, mark)}`;
  const comment = answered ?? (await ports.host.comment(data.repo, data.issue, body));
  await rememberAsking(ports, bindingsOf(ports, data.repo), { issue: data.issue, comment });
}
