// `npm run demo`: reads the command line, plays once or keeps serving, and turns the end into an exit status.
// 0 done, 1 an error, 2 wrong use, 130 stopped by a signal before the end.

import { parseArgs } from 'node:util';
import { Stopped } from './narrator.ts';
import { playOnce } from './once.ts';
import { takePicture } from './picture.ts';
import { keepServing } from './serve.ts';

const usage = `Usage:
  npm run demo                       serves pages on which you play the maintainer, until Ctrl-C
  npm run demo -- --once [--json]    plays the whole story once, from a crash to "resolved"
  npm run demo -- --once --chaos 7   the same while webhooks get lost, calls fail and Suture is killed, drawn from that number
  npm run demo -- --picture FILE     takes a picture of a triage issue with something in every group
--json prints a summary as JSON on standard output and the story on standard error.`;

const options = {
  once: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  chaos: { type: 'string' },
  picture: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

class WrongUse extends Error {}

function readCommandLine(args: readonly string[]) {
  try {
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false });
    if (values.json && !values.once) throw new WrongUse('--json goes with --once.');
    if (values.chaos !== undefined && !values.once) throw new WrongUse('--chaos goes with --once.');
    if (values.chaos !== undefined && !/^\d{1,9}$/.test(values.chaos))
      throw new WrongUse('--chaos wants a whole number, from which all that goes wrong is drawn.');
    return values;
  } catch (error) {
    throw error instanceof Error ? new WrongUse(error.message) : error;
  }
}

/** npm passes a signal on that the terminal has sent already, so a second one means nothing new. */
function stopSignal(): AbortSignal {
  const control = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => control.abort(new Stopped(name)));
  return control.signal;
}

async function main(args: readonly string[]): Promise<number> {
  const values = readCommandLine(args);
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const signal = stopSignal();
  if (values.picture !== undefined) return takePicture(values.picture, signal);
  const chaos = values.chaos === undefined ? null : Number(values.chaos);
  return values.once ? playOnce({ json: values.json, chaos, signal }) : keepServing(signal);
}

function complain(error: unknown): number {
  if (error instanceof WrongUse) process.stderr.write(`${error.message}\n\n${usage}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return error instanceof WrongUse ? 2 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(complain);
