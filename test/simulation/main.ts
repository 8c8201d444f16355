// `npm run simulate -- --histories N --seed S` plays N histories and prints the shortest that breaks a promise;
// `--history JSON [--trace]` plays one again. With `--real` the histories (or the one) are played by real processes that
// are really killed, on PGlite or, with `--database-url`, on Postgres (`start` starts one of this machine's).

import { parseArgs } from 'node:util';
import type { History } from './history.ts';
import { startPostgres } from '../world/postgres.ts';
import { play } from './play.ts';
import type { RealHistory } from './real/history.ts';
import { drawReal, searchReal } from './real/search.ts';
import { report, search } from './search.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    history: { type: 'string' },
    trace: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
    'database-url': { type: 'string' },
    stages: { type: 'string', default: '3' },
  },
});

if (values.real) await playReal();
else if (values.history === undefined) await searchMany();
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
  say(
    `beside the promises: ${Object.entries(found.around)
      .map(([name, times]) => `${times} ${name}`)
      .join(', ')}`,
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

async function playReal(): Promise<void> {
  const address = values['database-url'];
  const postgres = address === 'start' ? await startPostgres() : null;
  const given = address === undefined ? null : async () => address;
  const newDatabase = postgres ? () => postgres.createDatabase() : given;
  // One given database serves one Suture.
  const stages = given && !postgres ? 1 : Number(values.stages);
  const began = performance.now();
  try {
    const { histories: count, history, seed } = values;
    const histories =
      history === undefined ? drawReal(Number(count), Number(seed)) : [JSON.parse(history) as RealHistory];
    const found = await searchReal({ histories, newDatabase, stages, tell: say });
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    say(
      `${found.played} real histories in ${seconds} s, seed ${seed}, on ${address ? 'Postgres' : 'PGlite'}`,
    );
    if (!found.broken) return say('every promise held');
    const again = `npm run simulate -- --real --history '${JSON.stringify(found.broken.history)}'`;
    say(`${found.broken.error.message}\nagain: ${again}`);
    process.exitCode = 1;
  } finally {
    await postgres?.stop();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
