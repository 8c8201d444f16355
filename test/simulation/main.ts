// `npm run simulate -- --histories N --seed S` plays N histories and prints the shortest that breaks a promise;
// `--history JSON [--trace]` plays one again.

import { parseArgs } from 'node:util';
import type { History } from './history.ts';
import { play } from './play.ts';
import { report, search } from './search.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    history: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});

if (values.history === undefined) await searchMany();
else await playOne(JSON.parse(values.history) as History);

async function searchMany(): Promise<void> {
  const began = performance.now();
  const found = await search({ count: Number(values.histories), seed: Number(values.seed) });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const { pulls, merged, again, resolved, reworked, sentAgain } = found.came;
  say(
    `${found.histories} histories, ${found.steps} steps, ${seconds} s, seed ${values.seed}: ${pulls} pull requests ` +
      `(${again} after an earlier one), ${merged} merged, ${resolved} problems resolved, ${reworked} reviews answered, ` +
      `${sentAgain} deliveries sent again`,
  );
  if (!found.broken) return say('every promise held');
  say(report(found.broken));
  process.exitCode = 1;
}

async function playOne(history: History): Promise<void> {
  const { broken, trace } = await play(history, { traced: values.trace });
  for (const line of trace) say(line);
  say(broken ? broken.message : 'every promise held');
  process.exitCode = broken ? 1 : 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
