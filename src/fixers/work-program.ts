// A program of its own: does script work that it is told line by line on standard input, as JSON, and answers the same
// way. Works of one look at a checkout share its open project. It ends with its input. It must not write to a checkout.
//   node work-program.ts

import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { draftTest } from './reproduce/draft.ts';
import { keepPackages } from './templates/kept-packages.ts';
import { openProject } from './templates/project.ts';
import { planScript } from './templates/script.ts';
import type { Answer, Order } from './worker.ts';

/** Linux's name for the folder that a program works in: the same for every checkout. */
const here = '/proc/self/cwd';
const hasHere = existsSync(here);

/** Nothing more comes within this time: then there is time to tidy up. */
const calmMs = 200;

const packages = keepPackages(here);
const opened = new Map<string, ReturnType<typeof openProject>>();
let look = 0;
let calm: NodeJS.Timeout | undefined;

function open(root: string, path: string): ReturnType<typeof openProject> {
  const key = `${root}\0${path}`;
  const known = opened.get(key) ?? openProject(root, path, packages.make);
  opened.set(key, known);
  return known;
}

function endLook(): void {
  opened.clear();
  packages.release();
}

function answerTo(order: Order): Answer {
  const { id } = order;
  if (order.look !== look) endLook();
  look = order.look;
  try {
    return { id, value: work(order) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function work(order: Order): Extract<Answer, { value: object }>['value'] {
  if (order.work === 'draft') {
    const { drafting } = order;
    return draftTest(order.task, { ...drafting, root: enter(drafting.root) }, open);
  }
  const { dir, target } = order.place;
  const root = enter(dir);
  const path = root + target.path.slice(dir.length);
  return planScript(order.task, { dir: root, target: { ...target, path } }, open);
}

/** Makes that checkout the one that is worked on; gives its name. */
function enter(dir: string): string {
  if (!hasHere) return dir;
  process.chdir(dir);
  return here;
}

for await (const line of createInterface({ input: process.stdin })) {
  clearTimeout(calm);
  process.stdout.write(`${JSON.stringify(answerTo(JSON.parse(line) as Order))}\n`);
  calm = setTimeout(endLook, calmMs);
  calm.unref();
}
