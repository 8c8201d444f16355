// Tries every escape as whoever runs it, and prints what came of each as JSON. Started by sandbox-escapes.test.ts,
// as an ordinary user where the tests run as root.

import { attempt, attempts, call, calls, openPrey } from '../world/escapes.ts';
import { findSandbox } from '../world/sandbox.ts';

const found = await findSandbox();
if (found.sandbox) {
  const prey = await openPrey();
  const outcomes: Record<string, string> = {};
  for (const one of attempts) outcomes[one.name] = await attempt(found.sandbox, prey, one);
  if (process.arch === 'x64')
    for (const [name, code] of Object.entries(calls)) outcomes[name] = await call(found.sandbox, prey, code);
  prey.close();
  found.close();
  console.log(JSON.stringify({ user: process.getuid?.(), outcomes }));
} else console.log(JSON.stringify({ why: found.why }));
