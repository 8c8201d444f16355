// Runs an evaluation against real cases that lie outside this repository.
// It must not be needed by the app.

import { evaluateFix } from './fix.ts';
import { evaluateLocate } from './locate.ts';

const evaluations: Record<string, (args: readonly string[]) => Promise<void>> = {
  locate: evaluateLocate,
  fix: evaluateFix,
};

const [name, ...args] = process.argv.slice(2);
const run = evaluations[name ?? ''];
if (run) await run(args);
else {
  console.error(
    `Usage: npm run eval -- <${Object.keys(evaluations).join('|')}> --cases DIR --repos DIR [--json]`,
  );
  process.exitCode = 2;
}
