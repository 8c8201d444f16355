// One delivery at a door: check the bytes, store, answer. 202 only when stored.
// It must not decide what a delivery means, and never logs a header or a body.

import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Refusal } from '../domain/failure.ts';
import type { Job, Queue } from '../ports.ts';
import type { Door } from './door.ts';
import { type Memory, readBody } from './read-body.ts';
import type { Turns } from './turns.ts';

export type Answer = {
  status: number;
  body: Record<string, unknown>;
  headers?: Record<string, string>;
  /** What went wrong inside, for the log only. */
  error?: unknown;
  /** The rest of the request is not wanted. */
  hangUp?: boolean;
};

export type Intake = { queue: Queue; memory: Memory; turns: Turns };

/** Null when the sender went away before the end: there is nobody to answer. */
export async function receive(request: IncomingMessage, door: Door, intake: Intake): Promise<Answer | null> {
  const unwanted = checkHeaders(request, door);
  if (unwanted) return { ...unwanted, hangUp: true };
  const body = await readBody(request, door.limitBytes, intake.memory);
  if (body.kind === 'cut-off') return null;
  if (body.kind === 'too-large') return tooLarge(door.limitBytes);
  if (body.kind === 'no-room') return { ...tryAgain('Too much is arriving at once'), hangUp: true };
  const { raw } = body;
  const judged = await intake.turns.run(() => judge(request, door, raw));
  return 'jobs' in judged ? store(judged.jobs, intake.queue) : judged;
}

/** The expensive part: signature, JSON, translation. Nothing is stored yet. */
async function judge(
  request: IncomingMessage,
  door: Door,
  raw: Buffer,
): Promise<Answer | { jobs: readonly Job[] }> {
  if (!(await isSigned(door, raw, request))) {
    return refuse(401, 'The signature is not right: both sides must hold the same secret.');
  }
  const text = readJson(raw);
  if (text === null) return refuse(400, 'The body is not JSON.');
  return understand(() => door.accept({ raw, text, headers: request.headers }));
}

/** What is signed and yet no delivery is the sender's mistake, not ours. */
function understand(accept: () => ReturnType<Door['accept']>): Answer | { jobs: readonly Job[] } {
  try {
    const jobs = accept();
    return jobs === 'ignore' ? { status: 202, body: { stored: false } } : { jobs };
  } catch (error) {
    if (error instanceof Refusal) return refuse(400, error.message);
    throw error;
  }
}

function checkHeaders(request: IncomingMessage, door: Door): Answer | null {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return refuse(415, 'The content type must be application/json.');
  const missing = door.requiredHeaders.filter((name) => !request.headers[name]);
  return missing.length === 0 ? null : refuse(400, `Missing headers: ${missing.join(', ')}.`);
}

function tooLarge(limitBytes: number): Answer {
  return { ...refuse(413, `The body is larger than ${limitBytes} bytes.`), hangUp: true };
}

/** A signature that cannot even be read is a wrong one. */
async function isSigned(door: Door, raw: Buffer, request: IncomingMessage): Promise<boolean> {
  try {
    return await door.verify(raw, request.headers);
  } catch {
    return false;
  }
}

function readJson(raw: Buffer): string | null {
  if (!isUtf8(raw)) return null;
  const text = raw.toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    return null;
  }
}

async function store(jobs: readonly Job[], queue: Queue): Promise<Answer> {
  try {
    await queue.send(jobs);
    return { status: 202, body: { stored: true } };
  } catch (error) {
    return { ...tryAgain('The delivery could not be stored'), error };
  }
}

function tryAgain(why: string): Answer {
  return { ...refuse(503, `${why}; send it again.`), headers: { 'retry-after': '10' } };
}

function refuse(status: number, error: string): Answer {
  return { status, body: { error } };
}
