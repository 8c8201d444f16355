// Opens the real sandbox for tests, or says why there is none on this machine.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createNoSandbox } from '../../src/run/no-sandbox.ts';
import { openSandbox } from '../../src/run/open-sandbox.ts';
import type { Confinement, Sandbox } from '../../src/run/sandbox.ts';
import { usualLimits } from '../../src/run/sandbox.ts';

/** Null, with the reason in `why`, where bubblewrap is missing or forbidden. */
export async function findSandbox(): Promise<
  { sandbox: Sandbox; close(): void } | { sandbox: null; why: string }
> {
  const folder = mkdtempSync(path.join(tmpdir(), 'suture-sandbox-'));
  const close = () => rmSync(folder, { recursive: true, force: true });
  const opened = await openSandbox('auto', folder);
  if (opened.trusted) return { sandbox: opened.sandbox, close };
  close();
  return { sandbox: null, why: opened.detail };
}

/** The real one where there is one: checks run on machines without it, too. */
export async function sandboxForChecks(): Promise<{ sandbox: Sandbox; isReal: boolean; close(): void }> {
  const found = await findSandbox();
  if (found.sandbox) return { ...found, isReal: true };
  return { sandbox: createNoSandbox(), isReal: false, close: () => undefined };
}

/** Writes in these folders, this Node to read, nothing else. */
export function confinement(writable: readonly string[], more: Partial<Confinement> = {}): Confinement {
  const node = path.dirname(process.execPath);
  return { writable, readable: [node], masked: [], forwards: [], limits: usualLimits, ...more };
}
