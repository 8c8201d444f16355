// Reads what `cargo --message-format=json` prints: one stable text per error and warning.
// It must not run anything, and a text must not carry a line number.

import { z } from 'zod';

const line = z.object({
  reason: z.literal('compiler-message'),
  message: z.object({
    level: z.string(),
    message: z.string(),
    code: z.object({ code: z.string() }).nullable(),
    spans: z.array(z.object({ file_name: z.string(), is_primary: z.boolean() })),
  }),
});

type Message = z.infer<typeof line>['message'];

/** `src/main.rs error E0308 mismatched types`; sums like "2 warnings emitted" have no place and are left out. */
export function cargoDiagnostics(output: string): string[] {
  return output.split('\n').flatMap((text) => {
    const message = text.startsWith('{') ? messageOf(text) : null;
    const file = message?.spans.find((span) => span.is_primary)?.file_name;
    if (!message || file === undefined) return [];
    return [[file, message.level, message.code?.code ?? '', message.message].filter(Boolean).join(' ')];
  });
}

function messageOf(text: string): Message | null {
  try {
    return line.safeParse(JSON.parse(text)).data?.message ?? null;
  } catch {
    // A line that the limit of kept output has cut.
    return null;
  }
}
