// Which checks the rules of a branch ask for: rulesets, and classic protection as far as it can be known.
// It must not judge, nor fail for a permission that Suture does not ask for (reference github.md, 2.1 and 4.1).

import { z } from 'zod';
import type { RepoRef } from '../domain/problem.ts';
import type { RequiredCheck } from '../domain/pull/verdict.ts';
import type { CodeHost } from '../ports.ts';
import type { Calls } from './calls.ts';
import { Absent, Forbidden } from './failures.ts';
import { createKept } from './kept.ts';

/** Rules rarely change, and a verdict is asked for with every event of CI. */
const keptMs = 10 * 60_000;
const PAGE = 100;

const wanted = z
  .object({ context: z.string(), integration_id: z.int().nullish() })
  .transform(({ context: name, integration_id: id }): RequiredCheck => ({ name, appId: appOf(id) }));

const ruleShape = z.object({
  type: z.string(),
  parameters: z
    .object({ required_status_checks: z.array(wanted).optional() })
    .loose()
    .optional(),
});

const statusChecks = z.object({
  enforcement_level: z.string().optional(),
  contexts: z.array(z.string()).default([]),
  checks: z.array(z.object({ context: z.string(), app_id: z.int().nullish() })).default([]),
});

const branchShape = z.object({
  protected: z.boolean().default(false),
  protection: z.object({ required_status_checks: statusChecks.nullish() }).loose().nullish(),
});

/** They ask for results that no check's name stands for. */
const nameless = new Set(['workflows', 'code_scanning', 'code_quality']);

/** GitHub writes -1 for "any app". */
function appOf(id: number | null | undefined): number | null {
  return id !== null && id !== undefined && id > 0 ? id : null;
}

/** At most one reading per branch in ten minutes, of two requests (three where classic protection hides). */
export function createReadRequiredChecks(calls: Calls): CodeHost['readRequiredChecks'] {
  const kept = createKept<{ checks: RequiredCheck[]; until: number }>(({ until }) => Date.now() < until);
  return async (repo, branch) => {
    const key = `${repo.owner}/${repo.name}#`.toLowerCase() + branch;
    const look = async () => ({ checks: await read(calls, repo, branch), until: Date.now() + keptMs });
    return (await kept.read(key, look)).checks;
  };
}

async function read(calls: Calls, repo: RepoRef, branch: string): Promise<RequiredCheck[]> {
  const rules = (await readRules(calls, repo, branch)) ?? [];
  if (rules.some(({ type }) => nameless.has(type))) return [];
  const named = rules.flatMap(({ parameters }) => parameters?.required_status_checks ?? []);
  const classic = (await readClassic(calls, repo, branch)) ?? [];
  const unique = new Map([...named, ...classic].map((check) => [`${check.appId} ${check.name}`, check]));
  return [...unique.values()];
}

function readRules(
  calls: Calls,
  repo: RepoRef,
  branch: string,
): Promise<z.output<typeof ruleShape>[] | null> {
  return known(
    calls.find(repo, `read the rules of "${branch}"`, async (client, place) => {
      const parameters = { ...place, branch, per_page: PAGE };
      const all = await client.paginate(client.rest.repos.getBranchRules, parameters);
      return all.map((rule) => ruleShape.parse(rule));
    }),
  );
}

/** The branch itself tells what its protection asks for; the protection's own address is for administrators. */
async function readClassic(calls: Calls, repo: RepoRef, branch: string): Promise<RequiredCheck[] | null> {
  const found = await known(
    calls.find(repo, `read the branch "${branch}"`, async (client, place) =>
      branchShape.parse((await client.rest.repos.getBranch({ ...place, branch })).data),
    ),
  );
  const told = found?.protection?.required_status_checks;
  if (told) return told.enforcement_level === 'off' ? [] : checksOf(told);
  return found?.protected ? readProtection(calls, repo, branch) : null;
}

function readProtection(calls: Calls, repo: RepoRef, branch: string): Promise<RequiredCheck[] | null> {
  return known(
    calls.find(repo, `read the protection of "${branch}"`, async (client, place) => {
      const answer = await client.rest.repos.getStatusChecksProtection({ ...place, branch });
      return checksOf(statusChecks.parse(answer.data));
    }),
  );
}

function checksOf({ checks, contexts }: z.output<typeof statusChecks>): RequiredCheck[] {
  const named = checks.map(({ context: name, app_id: id }) => ({ name, appId: appOf(id) }));
  const bare = contexts.filter((name) => !named.some((check) => check.name === name));
  return [...named, ...bare.map((name) => ({ name, appId: null }))];
}

/** What may not be read, or is not there on this host, is not known: no error. */
async function known<T>(reading: Promise<T | null>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Forbidden || error instanceof Absent) return null;
    throw error;
  }
}
