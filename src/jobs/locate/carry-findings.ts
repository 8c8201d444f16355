// Carries findings from the commit of the release to today's head, through what became of each file.
// It must not search anew: what cannot be carried is said to be gone.

import { nearestOwn, type Finding } from '../../domain/locate/choose.ts';
import { carryLocated } from '../../domain/locate/origin.ts';
import type { Origin } from '../../domain/crash/location.ts';
import type { FileChange, History } from '../../ports.ts';
import type { LocateInput } from '../locate-crash.ts';
import { readIndex } from './read-index.ts';

export async function carryFindings(
  input: LocateInput,
  origin: Origin,
  findings: readonly Finding[],
): Promise<Finding[]> {
  const { history } = input;
  if (!history) return [...findings];
  const changes = await readChanges(history, input, origin, findings);
  const { files } = await readIndex(input.repository, input.base);
  const carried = findings.map((finding) => {
    const change = changes.get(finding.located.path ?? '');
    if (change) return carryLocated(finding, origin, change);
    return { ...finding, candidates: finding.candidates.filter((path) => files.has(path)) };
  });
  const nearest = nearestOwn(carried);
  if (!nearest) return carried;
  const enclosing = await enclosingAt(input, nearest);
  return carried.map((finding) => (finding === nearest ? { ...finding, enclosing } : finding));
}

async function readChanges(
  history: History,
  { base }: LocateInput,
  origin: Origin,
  findings: readonly Finding[],
): Promise<Map<string, FileChange>> {
  const paths = new Set(findings.flatMap(({ located }) => located.path ?? []));
  const changes = [...paths].map(
    async (path) => [path, await history.changeOf(origin.commit, base, path)] as const,
  );
  return new Map(await Promise.all(changes));
}

async function enclosingAt(
  { repository, syntax, base }: LocateInput,
  { located }: Finding,
): Promise<string | null> {
  if (located.path === null || located.line === null) return null;
  const text = await repository.readText(base, located.path);
  await syntax.prepare([located.path]);
  return text === null ? null : (syntax.enclosingFunction(located.path, text, located.line)?.name ?? null);
}
