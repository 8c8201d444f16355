// Started with files left open by sandbox-descriptors.test.ts. Prints what a program sees of them: one started by Node
// alone, one by `run`, and one in the sandbox.

import { spawnSync } from 'node:child_process';
import { run } from '../../src/run.ts';
import { confinement, findSandbox } from '../world/sandbox.ts';

const [, , ...descriptors] = process.argv;
const script = `for fd in ${descriptors.join(' ')}; do cat /proc/self/fd/$fd 2>/dev/null; done; true`;
const options = { cwd: '/', env: {}, timeoutMs: 60_000 };
const plain = spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout;
const ours = (await run('sh', ['-c', script], options)).stdout;
const found = await findSandbox();
const confined =
  found.sandbox &&
  (await found.sandbox.run('sh', ['-c', script], { ...options, confine: confinement([]) })).output;
if (found.sandbox) found.close();
console.log(JSON.stringify({ plain, ours, confined }));
