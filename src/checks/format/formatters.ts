// The formatters of projects, and how each formats one file from its standard input to its standard output.
// Only one that the project itself has set up is used; a new one is a line in the table.

import path from 'node:path';
import { editionOf } from './edition.ts';
import { eslintText } from './eslint.ts';
import { exists, foldersUpTo, readManifest, type Manifest } from '../project.ts';

/** Where a file stands: the folder of the package (repository-relative) and what it says of itself. */
type Around = { root: string; folder: string; manifest: Manifest | null };

export type Formatter = {
  endings: RegExp;
  /** Whether the project is set up for it in this folder. */
  used: (around: Around) => Promise<boolean>;
  /** Takes the file's path relative to the folder that it runs in, and where that is. */
  command: (file: string, at: { root: string; folder: string }) => string[];
  /** The formatted text in what it printed, where that is more than the text; null when there is none. */
  read?: (printed: string) => string | null;
  /** How it may end, besides with 0. */
  mayEndWith?: number;
};

const scripts = /\.(?:[cm]?[jt]sx?|vue|svelte)$/;

const formatters: readonly Formatter[] = [
  {
    endings: scripts,
    used: (around) =>
      packageOr(around, 'prettier', ['.prettierrc', '.prettierrc.json', 'prettier.config.js']),
    command: (file) => ['prettier', '--stdin-filepath', file],
  },
  {
    endings: scripts,
    used: (around) => packageOr(around, '@biomejs/biome', ['biome.json', 'biome.jsonc']),
    command: (file) => ['biome', 'format', `--stdin-file-path=${file}`],
  },
  {
    endings: scripts,
    used: (around) => packageOr(around, 'oxfmt', ['.oxfmtrc.json', '.oxfmtrc.jsonc']),
    command: (file) => ['oxfmt', `--stdin-filepath=${file}`],
  },
  {
    // Many projects format by rules of their linter alone; of its repairs only those of white space are asked for.
    endings: scripts,
    used: (around) => packageOr(around, 'eslint', ['eslint.config.js', 'eslint.config.mjs']),
    command: (file) => [
      'eslint',
      '--stdin',
      '--stdin-filename',
      file,
      '--fix-dry-run',
      '--fix-type',
      'layout',
      '--format',
      'json',
    ],
    read: eslintText,
    mayEndWith: 1,
  },
  {
    endings: /\.rs$/,
    used: (around) => anyFile(around, ['rustfmt.toml', '.rustfmt.toml', 'Cargo.toml']),
    command: (file, { root, folder }) => [
      'rustfmt',
      '--edition',
      editionOf(root, path.posix.join(folder, file)),
      '--emit',
      'stdout',
    ],
  },
  {
    endings: /\.pyi?$/,
    used: (around) => anyFile(around, ['ruff.toml', '.ruff.toml']),
    command: (file) => ['ruff', 'format', '--stdin-filename', file, '-'],
  },
];

/** The formatter of the nearest folder that is set up for one; null when there is none. */
export async function formatterOf(
  file: string,
  root: string,
): Promise<{ formatter: Formatter; folder: string } | null> {
  const fitting = formatters.filter((one) => one.endings.test(file));
  for (const folder of fitting.length === 0 ? [] : foldersUpTo(path.posix.dirname(file))) {
    const around = { root, folder, manifest: readManifest(root, folder) };
    for (const formatter of fitting) if (await formatter.used(around)) return { formatter, folder };
  }
  return null;
}

async function packageOr(around: Around, name: string, files: readonly string[]): Promise<boolean> {
  const { manifest } = around;
  const named = [manifest?.devDependencies, manifest?.dependencies].some(
    (list) => list?.[name] !== undefined,
  );
  return named || anyFile(around, files);
}

async function anyFile({ root, folder }: Around, files: readonly string[]): Promise<boolean> {
  const found = await Promise.all(files.map((file) => exists(path.join(root, folder, file))));
  return found.includes(true);
}
