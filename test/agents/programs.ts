// Two coding agents under permissive licences (opencode: MIT, codex over ACP: Apache-2.0), kept in a folder of the user's
// cache and never in this repository. They are downloaded by npm when they are not there; tests then need no network.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** The versions that docs/agents.md says were tried. */
const packages = {
  'opencode-ai': '1.18.33',
  '@agentclientprotocol/codex-acp': '2.6.0',
};

export const cacheFolder =
  process.env['SUTURE_AGENTS_CACHE'] ??
  path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'suture-agents');

export type Programs = { opencode: string; codex: string };

/** Throws with npm's own words when they cannot be downloaded. */
export async function openPrograms(): Promise<Programs> {
  const versions = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  const folder = path.join(cacheFolder, versions.join('+').replaceAll(/[^\w.+-]/g, '_'));
  const bin = (name: string): string => path.join(folder, 'node_modules/.bin', name);
  if (!existsSync(path.join(folder, 'complete'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel', 'error', ...versions];
    await promisify(execFile)('npm', args, { cwd: folder, maxBuffer: 2 ** 24 });
    writeFileSync(path.join(folder, 'complete'), '');
  }
  return { opencode: bin('opencode'), codex: bin('codex-acp') };
}
