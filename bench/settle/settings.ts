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

const message = z.object({ settings: settings.optional() });

/** Answers each message with the milliseconds it took. */
export function serve(prepare: (told: Settings) => Promise<() => Promise<void>>): void {
  let pass: (() => Promise<void>) | null = null;
  process.on('message', (sent) => {
    const { settings: told } = message.parse(sent);
    const began = performance.now();
    const work = async (): Promise<void> => {
      if (told) pass = await prepare(told);
      else await pass?.();
      process.send?.({ ms: performance.now() - began });
    };
    void work();
  });
}
