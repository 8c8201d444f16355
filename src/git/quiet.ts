// Keeps simple-git from printing what it runs. With DEBUG=* it would print the environment of every
// git, and for fetch and push that environment holds a token. It must not touch other namespaces.

import { createRequire } from 'node:module';

type Debug = { disable(): string; enable(namespaces: string): void };

/** Takes simple-git out of the debug output, whatever DEBUG says. Uses the copy of debug that simple-git uses. */
export function silenceSimpleGit(): void {
  const ours = createRequire(import.meta.url);
  const debug = createRequire(ours.resolve('simple-git'))('debug') as Debug;
  const others = debug.disable();
  debug.enable([others, '-simple-git', '-simple-git:*'].filter(Boolean).join(','));
}
