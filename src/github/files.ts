// Single text files of the default branch, for settings and notes. It must not read code: that is git's.

import { z } from 'zod';
import type { CodeHost } from '../ports.ts';
import type { Calls } from './calls.ts';

const fileShape = z.object({ type: z.literal('file'), encoding: z.literal('base64'), content: z.string() });

/** Null for what is not there, no plain file, or larger than GitHub answers with (1 MB). */
export function createReadFile(calls: Calls): CodeHost['readFile'] {
  return (repo, path) =>
    calls.find(repo, `read ${path}`, async (client, place) => {
      const { data } = await client.rest.repos.getContent({ ...place, path });
      const read = fileShape.safeParse(data);
      if (!read.success) return null;
      const text = Buffer.from(read.data.content, 'base64').toString('utf8');
      return text.includes('\0') || text.includes('\uFFFD') ? null : text;
    });
}
