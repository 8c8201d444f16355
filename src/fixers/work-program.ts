// A program of its own: does script work that it is told line by line on standard input, as JSON, and answers the same
// way. Works of one look at a checkout share its open project. It ends with its input. It must not write to a checkout.
//   node work-program.ts

import { createInterface } from 'node:readline';
import { draftTest } from './reproduce/draft.ts';
import { openProject } from './templates/project.ts';
import { planScript } from './templates/script.ts';
import type { Answer, Order } from './worker.ts';

const opened = new Map<string, ReturnType<typeof openProject>>();
let look = 0;

function open(root: string, path: string): ReturnType<typeof openProject> {
  const key = `${root}\0${path}`;
  const known = opened.get(key) ?? openProject(root, path);
  opened.set(key, known);
  return known;
}

function answerTo(order: Order): Answer {
  const { id } = order;
  if (order.look !== look) opened.clear();
  look = order.look;
  try {
    const value =
      order.work === 'plan'
        ? planScript(order.task, order.place, open)
        : draftTest(order.task, order.drafting, open);
    return { id, value };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(answerTo(JSON.parse(line) as Order))}\n`);
