// What the repository's own manifests say: which packages it is made of, in which folders, and where
// compiled files come from. It must not read files; the job hands over their text, which may be broken
// or hostile.

import { z } from 'zod';
import { looseJson } from './loose-json.ts';
import type { Language } from './language.ts';
import { tomlValues } from './toml-values.ts';

/** One package that this repository is. `dir` is '' for the root, else without a slash at the end. */
export type OwnPackage = { language: Language; name: string; dir: string };

/** Files below `output` are compiled from those below `source`; folders as in OwnPackage. */
export type BuildFolder = { output: string; source: string };

/** A name that stands for a folder at the start of an import: `@/` for `src/`. */
export type PathAlias = { prefix: string; dir: string };

export type Manifests = { packages: OwnPackage[]; builds: BuildFolder[]; aliases: PathAlias[] };

type Manifest = { dir: string; text: string };

const readers: readonly { file: RegExp; read: (manifest: Manifest) => Partial<Manifests> }[] = [
  { file: /^package\.json$/, read: npmPackage },
  { file: /^(?:tsconfig[\w.-]*|jsconfig)\.json$/, read: compilerOptions },
  { file: /^Cargo\.toml$/, read: cargoPackage },
  { file: /^go\.mod$/, read: goModule },
  { file: /^pyproject\.toml$/, read: pythonProject },
  { file: /^setup\.(?:py|cfg)$/, read: pythonSetup },
  { file: /^composer\.json$/, read: composerPackage },
  { file: /^pubspec\.yaml$/, read: dartPackage },
  { file: /\.gemspec$/, read: gem },
];

/** More are generated or fixtures. */
const mostManifests = 300;

/** The manifests worth reading, shallow ones first; never those of packages that were copied in. */
export function manifestPaths(paths: readonly string[]): string[] {
  return paths
    .filter((path) => readerOf(path) !== undefined && !copiedIn.test(path))
    .toSorted((left, right) => depthOf(left) - depthOf(right))
    .slice(0, mostManifests);
}

const copiedIn =
  /(?:^|\/)(?:node_modules|vendor|third_party|site-packages|\.yarn|fixtures?|__fixtures__|testdata)\//;

/** Reads what the manifests say; one that cannot be read says nothing. */
export function readManifests(files: readonly { path: string; text: string }[]): Manifests {
  const read = files.map(({ path, text }) => readerOf(path)?.read({ dir: dirOf(path), text }) ?? {});
  return {
    packages: read.flatMap((one) => one.packages ?? []),
    builds: read.flatMap((one) => one.builds ?? []),
    aliases: read.flatMap((one) => one.aliases ?? []),
  };
}

function readerOf(path: string): (typeof readers)[number] | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return readers.find((one) => one.file.test(name));
}

function own(language: Language, dir: string, names: readonly (string | undefined)[]): Partial<Manifests> {
  const known = names.filter((name): name is string => name !== undefined && name !== '');
  return { packages: [...new Set(known)].map((name) => ({ language, name, dir })) };
}

const named = z.object({ name: z.string() });

function npmPackage({ dir, text }: Manifest): Partial<Manifests> {
  return own('javascript', dir, [named.safeParse(looseJson(text)).data?.name]);
}

function composerPackage({ dir, text }: Manifest): Partial<Manifests> {
  return own('php', dir, [named.safeParse(looseJson(text)).data?.name]);
}

const tsconfig = z.object({
  compilerOptions: z.object({
    outDir: z.string().optional(),
    rootDir: z.string().optional(),
    baseUrl: z.string().optional(),
    paths: z.record(z.string(), z.array(z.string())).optional(),
  }),
});

function compilerOptions({ dir, text }: Manifest): Partial<Manifests> {
  const options = tsconfig.safeParse(looseJson(text)).data?.compilerOptions;
  if (!options) return {};
  const base = joined(dir, options.baseUrl ?? '.');
  const aliases = Object.entries(options.paths ?? {}).flatMap(([alias, [target]]) =>
    alias.endsWith('/*') && target?.endsWith('/*')
      ? [{ prefix: alias.slice(0, -1), dir: joined(base, target.slice(0, -2)) }]
      : [],
  );
  const { outDir } = options;
  if (outDir === undefined || outDir.includes('${')) return { aliases };
  const source = joined(dir, options.rootDir ?? 'src');
  return { aliases, builds: [{ output: joined(dir, outDir), source }] };
}

/** The library's name in symbols: `[lib] name`, else the package's with underscores (reference sentry.md, 7.3). */
function cargoPackage({ dir, text }: Manifest): Partial<Manifests> {
  const values = tomlValues(text);
  const names = [...values.all('lib.name'), ...values.all('bin.name'), ...values.all('package.name')];
  return own(
    'rust',
    dir,
    names.map((name) => name.replaceAll('-', '_')),
  );
}

function goModule({ dir, text }: Manifest): Partial<Manifests> {
  return own('go', dir, [/^\s*module\s+"?([^\s"]+)/m.exec(text)?.[1]]);
}

function pythonProject({ dir, text }: Manifest): Partial<Manifests> {
  const values = tomlValues(text);
  return own(
    'python',
    dir,
    [...values.all('project.name'), ...values.all('tool.poetry.name')].flatMap(importNames),
  );
}

function pythonSetup({ dir, text }: Manifest): Partial<Manifests> {
  const name = /^\s*name\s*=\s*["']?([\w.-]+)/m.exec(text)?.[1];
  return own('python', dir, name === undefined ? [] : importNames(name));
}

/** A distribution `my-shop` is imported as `my_shop`. */
function importNames(name: string): string[] {
  return [name, name.replaceAll(/[-.]/g, '_').toLowerCase()];
}

function dartPackage({ dir, text }: Manifest): Partial<Manifests> {
  return own('dart', dir, [/^name:\s*["']?([\w]+)/m.exec(text)?.[1]]);
}

function gem({ dir, text }: Manifest): Partial<Manifests> {
  return own('ruby', dir, [/\.name\s*=\s*["']([\w.-]+)["']/.exec(text)?.[1]]);
}

/** `..` may lead out of the folder but never out of the repository. */
function joined(dir: string, relative: string): string {
  const segments: string[] = [];
  for (const part of `${dir}/${relative}`.split('/')) {
    if (part === '..') segments.pop();
    else if (part !== '' && part !== '.') segments.push(part);
  }
  return segments.join('/');
}

function dirOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function depthOf(path: string): number {
  return path.split('/').length;
}
