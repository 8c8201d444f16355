// What a measured process is told first, and how it answers: the first message prepares, every later one is a pass.

import { z } from 'zod';

const pull = z.object({ number: z.int(), url: z.string(), branch: z.string(), sha: z.string() });

const settings = z.object({
  githubUrl: z.string(),
  appId: z.string(),
  privateKey: z.string(),
  person: z.string(),
  pulls: z.array(pull),
});

export type Settings = z.infer<typeof settings>;
export type Pull = z.infer<typeof pull>;

/** `cold`: the first of a process. `full`: as if all that is remembered were too old. */
const pass = z.enum(['warm up', 'go', 'cold', 'steady', 'full']);
export type Pass = z.infer<typeof pass>;

const message = z.object({ settings: settings.optional(), pass: pass.optional() });

/** Answers each message with the milliseconds it took. */
export function serve(prepare: (told: Settings) => Promise<(pass: Pass) => Promise<void>>): void {
  let go: ((pass: Pass) => Promise<void>) | null = null;
  process.on('message', (sent) => {
    const { settings: told, pass: wanted } = message.parse(sent);
    const began = performance.now();
    const work = async (): Promise<void> => {
      if (told) go = await prepare(told);
      else if (wanted) await go?.(wanted);
      process.send?.({ ms: performance.now() - began });
    };
    void work();
  });
}
