// What a run of a check says about its failure: its own output, its annotations, and the end of an Actions job's log
// where the permission allows. It must not show where a log lies: that address is a key for a minute.

import { z } from 'zod';
import { failureTail } from '../domain/pull/job-log.ts';
import type { RepoRef } from '../domain/problem.ts';
import type { CodeHost } from '../ports.ts';
import type { Calls } from './calls.ts';
import { Absent, Forbidden } from './failures.ts';

const LOG_TIME_MS = 20_000;
/** Logs beyond this are left alone: their end is what matters, and storage serves it last. */
const MOST_LOG_BYTES = 32 * 1024 * 1024;
const KEPT_LOG = 200_000;
const SHOWN_LOG = 4_000;
const SHOWN_OUTPUT = 2_000;
const ANNOTATIONS = 20;

const maybe = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

const runShape = z.object({
  id: z.int(),
  app: z.object({ slug: z.string() }).nullish(),
  details_url: maybe,
  output: z.object({
    title: maybe,
    summary: maybe,
    text: maybe,
    annotations_count: z.int().default(0),
  }),
});

const annotationShape = z.object({ path: maybe, start_line: z.int().nullish(), message: maybe });

/** Null when the run is gone. */
export function createReadRunOutput(calls: Calls): CodeHost['readRunOutput'] {
  return async (repo, id) => {
    const found = await calls.find(repo, `read check run ${id}`, async (client, place) =>
      runShape.parse((await client.rest.checks.get({ ...place, check_run_id: id })).data),
    );
    if (found === null) return null;
    const { title, summary, text, annotations_count: count } = found.output;
    const told = [title, summary, text].filter((part) => part.trim() !== '').join('\n');
    const remarks = count > 0 ? await readAnnotations(calls, repo, id) : '';
    const log = found.app?.slug === 'github-actions' ? await readLog(calls, repo, jobOf(found)) : '';
    return [told.slice(-SHOWN_OUTPUT), remarks, log].filter((part) => part !== '').join('\n\n');
  };
}

/** The address of a run of Actions ends in its job's number, which is the run's as well. */
function jobOf({ id, details_url: url }: z.output<typeof runShape>): number {
  return Number(/\/job\/(\d+)/.exec(url)?.[1] ?? id);
}

async function readAnnotations(calls: Calls, repo: RepoRef, id: number): Promise<string> {
  const found = await calls.find(repo, `read the annotations of check run ${id}`, async (client, place) => {
    const which = { ...place, check_run_id: id, per_page: ANNOTATIONS };
    return (await client.rest.checks.listAnnotations(which)).data.map((one) => annotationShape.parse(one));
  });
  const lines = (found ?? []).map((one) => `${one.path}:${one.start_line ?? 0}: ${one.message}`);
  return lines.join('\n').slice(0, SHOWN_OUTPUT);
}

/** Needs `actions: read`, which Suture can do without; a log may be gone, or not be there yet. */
async function readLog(calls: Calls, repo: RepoRef, job: number): Promise<string> {
  try {
    const address = await calls.run(repo, `read the log of job ${job}`, async (client, place) => {
      const answer = await client.rest.actions.downloadJobLogsForWorkflowRun({ ...place, job_id: job });
      return answer.headers.location ?? null;
    });
    return address === null ? '' : failureTail(await download(address), SHOWN_LOG);
  } catch (error) {
    if (error instanceof Forbidden || error instanceof Absent) return '';
    throw error;
  }
}

/** Without our token: the address itself lets whoever has it read. Empty when it cannot be read. */
async function download(address: string): Promise<string> {
  try {
    const signal = AbortSignal.timeout(LOG_TIME_MS);
    const { ok, body } = await fetch(address, { redirect: 'error', signal });
    if (!ok || body === null) return '';
    let end = '';
    let read = 0;
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      read += chunk.length;
      if (read > MOST_LOG_BYTES) return '';
      end = (end + chunk).slice(-KEPT_LOG);
    }
    return end;
  } catch {
    return '';
  }
}
