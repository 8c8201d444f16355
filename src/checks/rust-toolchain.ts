// Which compiler stands in for one that a repository asks for in its `rust-toolchain` file, and that is not installed
// here: Rust compiles what older versions compiled. It must not install one, and it runs nothing.

import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { readWithin } from '../run/read-within.ts';
import { foldersUpTo } from './project.ts';

export type StandIn = {
  /** What the repository asks for: `1.66.1`. */
  wanted: string;
  /** Where it says so, from the root. */
  file: string;
  /** rustup's name of the one that is taken instead. */
  name: string;
};

/** Null where rustup finds what is asked for, or where no newer one can stand in: a nightly has features of its day. */
export function standIn(root: string, folder: string, home = rustupHome()): StandIn | null {
  const asked = askedFor(root, folder);
  const wanted = asked && versionOf(asked.channel);
  if (!asked || !wanted || isBefore(wanted, oldest)) return null;
  const installed = installedIn(home);
  if (installed.some((name) => name.startsWith(`${asked.channel}-`))) return null;
  const name = nearest(installed, wanted) ?? installed.find((one) => one.startsWith('stable-'));
  return name === undefined ? null : { wanted: asked.channel, file: asked.file, name };
}

/** Where rustup keeps its compilers, in our home unless told. */
export function rustupHome(): string {
  return process.env['RUSTUP_HOME'] ?? path.join(homedir(), '.rustup');
}

/** Longer ones are none. */
const longest = 64 * 1024;

type Version = readonly [number, number];

/** What fixers write may need this one (`let … else`); a newer compiler would not notice. */
const oldest: Version = [65, 0];

function askedFor(root: string, folder: string): { channel: string; file: string } | null {
  for (const at of foldersUpTo(folder)) {
    for (const name of ['rust-toolchain', 'rust-toolchain.toml']) {
      const file = path.posix.join(at, name);
      const text = readWithin(root, path.join(root, file), longest);
      if (text !== null) return { channel: channelIn(text), file };
    }
  }
  return null;
}

function channelIn(text: string): string {
  const written = /^\s*channel\s*=\s*["']([^"'\n]*)["']/m.exec(text)?.[1];
  return (written ?? text).trim();
}

/** `1.66.1` and `1.66` only. */
function versionOf(channel: string): Version | null {
  const found = /^1\.(\d{1,3})(?:\.(\d{1,3}))?$/.exec(channel);
  return found ? [Number(found[1]), Number(found[2] ?? '0')] : null;
}

function isBefore([minor, patch]: Version, [otherMinor, otherPatch]: Version): boolean {
  return minor < otherMinor || (minor === otherMinor && patch < otherPatch);
}

function installedIn(home: string): string[] {
  try {
    return readdirSync(path.join(home, 'toolchains')).toSorted();
  } catch {
    return [];
  }
}

/** The oldest one that is no older. */
function nearest(installed: readonly string[], wanted: Version): string | undefined {
  const fitting = installed.flatMap((name) => {
    const version = versionOf(name.split('-', 1)[0] ?? '');
    return version && !isBefore(version, wanted) ? [{ name, version }] : [];
  });
  return fitting.toSorted((left, right) => (isBefore(left.version, right.version) ? -1 : 1))[0]?.name;
}
