// The target's own compiler and formatter, for fixers that choose between changes by trying them.
// It must leave the checkout as it was: what cargo writes beside its target folder is taken away again.

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Refusal } from '../domain/failure.ts';
import type { Diagnostics, Toolchain } from '../ports.ts';
import type { RunResult } from '../run.ts';
import { realWithin } from '../run/read-within.ts';
import { cargoDiagnostics } from './cargo-diagnostics.ts';
import { editionOf } from './format/edition.ts';
import { type Ground, runOnGround } from './ground.ts';
import { exists, foldersUpTo, foldersWith } from './project.ts';

/** Rust by cargo and rustfmt, confined as checks are. Other languages' fixers decide types by themselves. */
export function createToolchain(ground: Ground, timeoutMs = 10 * 60_000): Toolchain {
  const place = { ground, timeoutMs };
  return {
    diagnose: async (dir, file) => unlessMissing(() => diagnose(dir, file, place)),
    format: async (dir, file, text) => {
      const answer = await unlessMissing(() => rustfmt({ dir, file, text }, place));
      return typeof answer === 'string' ? answer : null;
    },
  };
}

type Place = { ground: Ground; timeoutMs: number };

/** A program that is not installed is an answer here, not an end. */
async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | { ran: false; why: string }> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refusal) return { ran: false, why: error.message };
    throw error;
  }
}

async function diagnose(dir: string, file: string, place: Place): Promise<Diagnostics> {
  const folder = await crateOf(dir, file);
  if (folder === null) return { ran: false, why: `No \`Cargo.toml\` holds \`${file}\`.` };
  const locks = await missingLocks(dir, folder);
  const args = ['check', '--all-targets', '--message-format=json'];
  const result = await runIn('cargo', args, { dir, folder, place });
  await removeAll(dir, locks);
  const found = cargoDiagnostics(result.stdout);
  if (result.exitCode === 0 || found.some((text) => / error /.test(text))) return { ran: true, found };
  return { ran: false, why: `The compiler cannot be run here: ${reasonOf(result)}` };
}

function reasonOf(result: RunResult): string {
  if (result.timedOut) return 'it did not come to an end in time.';
  const said = /^error: (.+)$/m.exec(result.stderr)?.[1] ?? `cargo ended with status ${result.exitCode}`;
  return `${said
    .replace(/[`\s]+/g, ' ')
    .slice(0, 200)
    .replace(/[.:]$/, '')}.`;
}

async function crateOf(dir: string, file: string): Promise<string | null> {
  const [folder = null] = await foldersWith(dir, [file], (at) => exists(path.join(dir, at, 'Cargo.toml')));
  return folder;
}

/** Where a lock file would be new: a library does not commit one, and cargo writes it all the same. */
async function missingLocks(dir: string, folder: string): Promise<string[]> {
  const all = foldersUpTo(folder).map((at) => path.join(dir, at, 'Cargo.lock'));
  const there = await Promise.all(all.map((lock) => exists(lock)));
  return all.filter((_, index) => there[index] === false);
}

/** A build script may have put a link in a folder's place meanwhile; what lies behind it is not ours. */
async function removeAll(dir: string, files: readonly string[]): Promise<void> {
  const own = files.filter((file) => realWithin(dir, path.dirname(file)) === path.dirname(file));
  await Promise.all(own.map((file) => rm(file, { force: true })));
}

type Text = { dir: string; file: string; text: string };

async function rustfmt({ dir, file, text }: Text, place: Place): Promise<string | null> {
  if (!file.endsWith('.rs')) return null;
  const edition = editionOf(dir, file);
  const folder = path.posix.dirname(file);
  const result = await runIn('rustfmt', ['--edition', edition], { dir, folder, place, input: text });
  return result.exitCode === 0 && !result.truncated && result.stdout !== '' ? result.stdout : null;
}

type Where = { dir: string; folder: string; place: Place; input?: string };

function runIn(program: string, args: readonly string[], where: Where): Promise<RunResult> {
  const { dir, folder, place, input } = where;
  return runOnGround(place.ground, {
    command: [program, ...args],
    root: dir,
    folder,
    timeoutMs: place.timeoutMs,
    maxOutputBytes: 16 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  });
}
