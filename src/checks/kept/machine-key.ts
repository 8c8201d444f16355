// Tells by looks whether this machine's compilers and runners are still the ones of an earlier run. It runs none:
// an update replaces files, and files tell when.

import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

const runners = ['node', 'npm', 'pnpm', 'yarn', 'cargo', 'rustc', 'go', 'python3'];

/** The same as long as none of the usual programs, nor the first of this command, was replaced. */
export async function machineKey([program = '']: readonly string[]): Promise<string[]> {
  const names = [...new Set([...runners, ...(program.includes('/') ? [] : [program])])];
  const programs = await Promise.all(names.map(looksOf));
  return [process.version, process.platform, process.arch, ...programs, ...(await toolchainsOfRust())];
}

async function looksOf(name: string): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const found = path.isAbsolute(folder) ? await stat(path.join(folder, name)).catch(() => null) : null;
    if (found) return `${name} ${found.size} ${Math.trunc(found.mtimeMs)}`;
  }
  return `${name} is missing`;
}

/** The programs on PATH are only rustup's switches; a file for each toolchain changes with every update of it. */
async function toolchainsOfRust(): Promise<string[]> {
  const folder = process.env['RUSTUP_HOME'] ?? path.join(homedir(), '.rustup');
  const updates = await readdir(path.join(folder, 'update-hashes')).catch((): string[] => []);
  const files = ['settings.toml', ...updates.toSorted().map((name) => path.join('update-hashes', name))];
  return Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8').catch(() => '')));
}
