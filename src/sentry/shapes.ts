// The small shapes that Sentry's JSON is made of, as tolerant as the wire is (reference sentry.md, 2.2, 2.5).
// A wrong optional value becomes null; it must never make a whole answer unreadable.

import { z } from 'zod';

/** Text without what a database or a file cannot hold: NUL characters and broken surrogates. */
function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** Text or null; the empty text is null too. */
export const text = z
  .string()
  .transform((value) => clean(value) || null)
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

/** An id: text or a number on the wire, always text for us. */
export const id = z
  .union([z.string(), z.int().nonnegative()])
  .transform(String)
  .pipe(z.string().regex(/^[\w-]{1,64}$/));

export const optionalId = id
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

/** `count` is text, `userCount` a number; what is neither counts nothing. */
export const count = z.coerce
  .number()
  .transform((value) => Math.max(0, Math.trunc(value)))
  .catch(0);

/** Milliseconds since 1970, from any of Sentry's date formats or from seconds. */
export const time = z
  .union([z.string(), z.number().transform((seconds) => seconds * 1000)])
  .transform((value) => (typeof value === 'string' ? Date.parse(value) : value))
  .pipe(z.number())
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

export const flag = z
  .boolean()
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

/** A line or a column: a positive integer, else null. */
export const position = z
  .int()
  .positive()
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

/** A JSON object with its unknown content, else null. */
export const bag = z
  .custom<Record<string, unknown>>(isRecord)
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of which the unreadable members are left out; anything but a list is an empty one. */
export function listOf<T extends z.ZodType>(member: T) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((values) => values.flatMap((value) => readable(member, value)));
}

function readable<T extends z.ZodType>(member: T, value: unknown): z.output<T>[] {
  const result = member.safeParse(value);
  return result.success ? [result.data] : [];
}

/** `title, project.id`: where a value is not what was expected, for sentences. */
export function missingParts(error: z.ZodError): string {
  const places = error.issues.map((issue) => issue.path.join('.') || 'a JSON object');
  return [...new Set(places)].join(', ');
}
