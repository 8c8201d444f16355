// What an install is for. One that fails need not stop a fix in another language: documentation that is built with
// Python keeps nobody from testing JavaScript.

import path from 'node:path';
import { Refusal } from '../../domain/failure.ts';
import type { Install } from './run-install.ts';

type Manager = Install['managers'][number];

const languages: readonly { ending: RegExp; managers: readonly Manager[] }[] = [
  { ending: /\.pyi?$/, managers: ['pip'] },
  { ending: /\.rs$/, managers: ['cargo'] },
  { ending: /\.go$/, managers: ['go'] },
  { ending: /\.(?:[cm]?[jt]sx?|vue|svelte)$/, managers: ['npm', 'pnpm', 'yarn'] },
];

/** Whether one of the paths may be written for what is installed there; without paths everything is wanted. */
export function isWanted(
  { manager, folder }: { manager: Manager; folder: string },
  paths: readonly string[],
): boolean {
  return paths.length === 0 || paths.some((file) => isBelow(file, folder) && speaks(file, manager));
}

function isBelow(file: string, folder: string): boolean {
  return folder === '.' || path.posix.normalize(file).startsWith(`${folder}/`);
}

/** A file of a language that none of them is known for may need any. */
function speaks(file: string, manager: Manager): boolean {
  const known = languages.find(({ ending }) => ending.test(file));
  return known === undefined || known.managers.includes(manager);
}

/** Gives the notes of the install. A refusal of one that is not wanted becomes a note. */
export async function forgiving(wanted: boolean, install: () => Promise<string[]>): Promise<string[]> {
  try {
    return await install();
  } catch (error) {
    if (wanted || !(error instanceof Refusal)) throw error;
    return [`${firstLine(error.message)} No file of this change is written for it, so I went on without.`];
  }
}

function firstLine(message: string): string {
  const line = (message.split(' It says: ', 1)[0]?.split('\n', 1)[0] ?? '').replace(
    ', so the checks cannot run',
    '',
  );
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
