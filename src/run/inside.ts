// A program of its own: the first one inside a sandbox that has forwards. It opens their ports on the sandbox's
// loopback and runs the real program meanwhile. It must not know what is said through them.
//   node inside.ts '[{"port":4000,"socket":"/run/suture/4000.sock"}]' program argument …

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { type Forward, listenForward } from './forward.ts';

async function main([forwards = '[]', program = '', ...args]: readonly string[]): Promise<void> {
  await Promise.all((JSON.parse(forwards) as Forward[]).map(listenForward));
  const child = spawn(program, args, { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(127);
  });
  child.once('exit', (status, signal) =>
    process.exit(status ?? 128 + (signal ? constants.signals[signal] : 0)),
  );
}

await main(process.argv.slice(2));
