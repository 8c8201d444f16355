// What a measured process is told on its command line, and how it answers.

import { z } from 'zod';

const shape = z.object({
  githubUrl: z.string(),
  sentryUrl: z.string(),
  appId: z.string(),
  privateKey: z.string(),
  token: z.string(),
  person: z.string(),
});

export const settings = shape.parse(JSON.parse(process.argv[2] ?? '{}'));

/** Runs the work at every message and answers with its time and the process's peak memory so far. */
export function serve(work: (message: string) => Promise<void>): void {
  process.on('message', (message) => {
    const began = performance.now();
    void work(String(message)).then(() =>
      process.send?.({
        ms: performance.now() - began,
        megabytes: process.resourceUsage().maxRSS / 1024,
      }),
    );
  });
}
