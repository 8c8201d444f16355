// Where this machine keeps the programs that checks need, when that is outside the system's own folders.
// It must not show a home: of one, only folders of programs and toolchains that the operator's PATH names.

import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Folders to show in a sandbox: this Node, and what PATH names, with the libraries beside it. */
export function toolPlaces(env: Environment, apart: readonly string[]): string[] {
  const entries = [path.dirname(process.execPath), ...(env['PATH'] ?? '').split(path.delimiter)];
  const outside = entries.filter((entry) => path.isAbsolute(entry) && !isSystem(entry));
  const programs = outside.filter((entry) => ![homedir(), ...apart].some((place) => holds(entry, place)));
  return [...new Set([...programs.flatMap(withLibraries), ...toolchains(env)])];
}

function isSystem(entry: string): boolean {
  return /^\/(?:usr|bin|sbin|lib\w*)(?:\/|$)/.test(entry);
}

function holds(outer: string, inner: string): boolean {
  return !path.relative(outer, inner).startsWith('..');
}

/** `…/bin` of a Node, a Python or a Ruby needs what lies beside it in `lib`. */
function withLibraries(entry: string): string[] {
  if (path.basename(entry) !== 'bin') return [entry];
  const prefix = path.dirname(entry);
  return [entry, path.join(prefix, 'lib'), path.join(prefix, 'libexec')];
}

/** The programs on PATH are only switches there; what they switch between lies elsewhere. */
function toolchains(env: Environment): string[] {
  const rustup = env['RUSTUP_HOME'] ?? path.join(homedir(), '.rustup');
  const pyenv = env['PYENV_ROOT'] ?? path.join(homedir(), '.pyenv');
  const parts = ['versions', 'shims', 'libexec', 'version'].map((name) => path.join(pyenv, name));
  return [rustup, ...parts];
}
