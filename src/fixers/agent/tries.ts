// The tries of an agent at one task: a prompt each, in one and the same session, and what differs afterwards.
// Time, caps and a person's change of mind end a try: first politely, then the process.

import { readAnswer, readReason } from '../../domain/agent/agent-answer.ts';
import { nextPrompt } from '../../domain/agent/agent-prompt.ts';
import { Refusal } from '../../domain/failure.ts';
import { addSpent, nothingSpent, type Spent } from '../../domain/agent/spending.ts';
import { code } from '../../domain/untrusted.ts';
import type { FixerResult, FixerTries, FixerWork, FixTask } from '../../ports.ts';
import { minutesText } from '../settings.ts';
import type { AgentOptions } from './agent.ts';
import { AgentError } from './conversation.ts';
import { agentSays, orDeath, type Session } from './session.ts';

export type TriesOf = { task: FixTask; work: FixerWork; session: Session };

export function createTries(options: AgentOptions, of: TriesOf): FixerTries {
  const { session } = of;
  const left = { ms: options.minutes * 60_000, spent: nothingSpent, isFirst: true };
  let isOver = false;
  return {
    attempt: async (previousFailure) => {
      if (isOver) return refusal('It has ended already.');
      const result = await attempt(options, of, { left, previousFailure });
      isOver = result.isOver;
      const total = session.door.spent();
      const spent = since(left.spent, total);
      left.spent = total;
      session.transcript.write('result', { ...result.answer, spent });
      options.log.info(
        {
          agent: session.conversation.agent,
          outcome: result.answer.outcome,
          spent,
          transcript: session.transcript.file,
        },
        'an agent has answered',
      );
      await session.transcript.close();
      return { ...result.answer, spent };
    },
    close: () => session.close(),
  };
}

function since(before: Spent, { requests, tokens, money }: Spent): Spent {
  const minus = { requests: -before.requests, tokens: -before.tokens, money: before.money && -before.money };
  return addSpent({ requests, tokens, money }, minus);
}

type Left = { ms: number; spent: Spent; /** It has not been told its task yet. */ isFirst: boolean };
type Attempted = { answer: FixerResult; /** The session can go on no more. */ isOver: boolean };

/** 1. say the prompt and wait  2. carry over what differs  3. say what it is. */
async function attempt(
  options: AgentOptions,
  of: TriesOf,
  { left, previousFailure }: { left: Left; previousFailure: string | null },
): Promise<Attempted> {
  const { session, work } = of;
  const { briefing } = session;
  // The first prompt tells what failed before, too.
  const isFirst = left.isFirst || previousFailure === null;
  const prompt = isFirst ? briefing.text : nextPrompt(briefing.marker, previousFailure);
  left.isFirst = false;
  const began = performance.now();
  try {
    const { message, stopReason } = await converse(session, { prompt, work, ms: left.ms });
    session.transcript.write('stopped', { stopReason, message });
    return { answer: await harvest(of, message), isOver: false };
  } catch (error) {
    await session.conversation.cancel();
    await session.close();
    return { answer: answerFor(error, options.minutes), isOver: true };
  } finally {
    left.ms -= performance.now() - began;
  }
}

class OutOfTime extends Error {}

type Conversing = { prompt: string; work: FixerWork; ms: number };

async function converse(
  session: Session,
  { prompt, work, ms }: Conversing,
): Promise<{ stopReason: string; message: string }> {
  const { conversation, door, transcript, turn, died } = session;
  transcript.write('prompt', prompt);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new OutOfTime()), Math.max(0, ms));
  const signal = AbortSignal.any([work.signal, door.usedUp, late.signal]);
  turn.isOpen = true;
  try {
    return await Promise.race([orDeath(conversation.prompt(prompt), died), died, rejection(signal)]);
  } finally {
    turn.isOpen = false;
    clearTimeout(timer);
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Throws what is neither the agent's nor a cap's doing: a person who has withdrawn, and mistakes of ours. */
function answerFor(error: unknown, minutes: number): FixerResult {
  if (error instanceof OutOfTime)
    return refusal(`It took longer than ${minutesText(minutes)} (FIXER_MINUTES).`);
  if (error instanceof AgentError) return refusal(agentSays(error));
  if (error instanceof Refusal) return refusal(error.message);
  throw error;
}

function refusal(why: string): FixerResult {
  return { outcome: 'refused', tried: [{ what: 'agent', why }] };
}

async function harvest({ task, session }: TriesOf, message: string): Promise<FixerResult> {
  const { files, problems } = await session.workspace.copy.carry();
  if (problems.length > 0) return refusal(`It left what no fix needs: ${problems.join(' ')}`);
  const reason = readReason(message);
  if (files.length === 0)
    return refusal(`It changed nothing.${reason === '' ? '' : ` In its words: ${reason}`}`);
  const { suspect } = task.location;
  const description = readAnswer(message, {
    strategy: `agent ${session.conversation.agent}`,
    rootCause: task.diagnosis.rootCause,
    place: suspect?.function ?? suspect?.path ?? code(task.problem.shortId, 40),
  });
  return { outcome: 'changed', description };
}
