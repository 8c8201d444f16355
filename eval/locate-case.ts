// The format of a case: a real crash with the commit it is looked at and the places known to be true.
// It must not hold cases: they are of other projects and lie outside.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fixParts } from './fix-case.ts';

const place = z.object({
  frame: z.number(),
  path: z.string(),
  line: z.number().nullable(),
  baseLine: z.number().nullable().optional(),
  lineAtBase: z.string().optional(),
});

const locateCase = z.object({
  id: z.string(),
  repo: z.string(),
  baseCommit: z.string(),
  /** What people fixed it with. */
  fixCommit: z.string().nullish(),
  language: z.string(),
  sentryEvent: z.unknown(),
  event: z.object({ frames: z.array(z.object({ function: z.string().nullish() })) }),
  truth: z.object({
    files: z.array(z.string()),
    functions: z.record(z.string(), z.array(z.string())).default({}),
    primary: place.nullable(),
    lines: z.record(z.string(), z.array(z.array(z.number()))).default({}),
    frames: z.array(place),
  }),
  ...fixParts,
});

export type LocateCase = z.infer<typeof locateCase>;

/** Every `*.json` of the folder, by name. Throws with the file's name when one has another format. */
export async function readCases(dir: string): Promise<LocateCase[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(names.map((name) => readCase(join(dir, name))));
}

async function readCase(file: string): Promise<LocateCase> {
  const read = locateCase.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!read.success) throw new Error(`${file} is not a case: ${z.prettifyError(read.error)}`);
  return read.data;
}
