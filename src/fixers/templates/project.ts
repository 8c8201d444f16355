// Opens the target's own TypeScript project round one file, so that types decide and not guesses.
// It must not run anything of the target, write to disk, or look outside the checkout for a tsconfig.

import { readFileSync, existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { Project, ts } from 'ts-morph';
import type { Diagnostic, SourceFile } from 'ts-morph';
import { readWithin } from '../../run/read-within.ts';
import type { MakeProject } from './kept-packages.ts';
import { mostScripts, scriptsOf } from './scripts-of.ts';
import type { Declined } from './template.ts';

export type OpenProject = {
  /** The checkout, absolute. */
  root: string;
  file: SourceFile;
  /** Every file of the project whose text matches, this one included. */
  filesMatching(pattern: RegExp): SourceFile[];
  /** Whether the project itself checks null and undefined. */
  strictNulls: boolean;
  /** Whether every file that could call a function of this one is among its files. */
  complete: boolean;
  /** The file's errors with null checks on, one stable text each. */
  problems(): string[];
};

/** Absolute paths; `options` are as the project's own compiler would read them. */
type Config = {
  options: ts.CompilerOptions;
  fileNames: string[];
  /** Whether the project's own compiler looks at JavaScript, which it does not unless told. */
  checksScripts?: boolean;
};

const makeProject: MakeProject = (compilerOptions) =>
  new Project({ compilerOptions, skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });

/**
 * Opens the project that contains `path` (absolute) and lies within `root`. Declines when no project
 * includes the file, or when its imports do not resolve here: types would be guesses then.
 */
export function openProject(root: string, path: string, make = makeProject): OpenProject | Declined {
  const config = configFor(root, path);
  if ('why' in config) return config;
  const project = make({ ...config.options, strictNullChecks: true, noEmit: true, skipLibCheck: true });
  for (const name of config.fileNames) if (/\.d\.[cm]?ts$/.test(name)) project.addSourceFileAtPath(name);
  const file = project.addSourceFileAtPath(path);
  const unreadable = unreadableReason(project, file, isChecked(config, file));
  if (unreadable) return { why: unreadable };
  return {
    root,
    file,
    strictNulls:
      (config.options.strictNullChecks ?? config.options.strict ?? false) && isChecked(config, file),
    complete: config.fileNames.length <= mostScripts,
    filesMatching: (pattern) => filesMatching(project, { root, ...config }, pattern),
    problems: () => project.getProgram().getSemanticDiagnostics(file).map(problemText),
  };
}

/** A comment in the file's head decides for it alone. */
function isChecked({ checksScripts }: Config, file: SourceFile): boolean {
  const told = /^\s*\/\/\s*@ts-(check|nocheck)\b/m.exec(file.getFullText())?.[1];
  return told === undefined ? (checksScripts ?? true) : told === 'check';
}

function problemText(diagnostic: Diagnostic): string {
  const message = diagnostic.getMessageText();
  return `TS${diagnostic.getCode()} ${typeof message === 'string' ? message : message.getMessageText()}`;
}

function filesMatching(
  project: Project,
  { root, fileNames }: { root: string; fileNames: readonly string[] },
  pattern: RegExp,
): SourceFile[] {
  return fileNames
    .filter((path) => pattern.test(readWithin(root, path) ?? ''))
    .map((path) => project.getSourceFile(path) ?? project.addSourceFileAtPath(path));
}

// ---------------------------------------------------------------- which project

function configFor(root: string, path: string): Config | Declined {
  const isScript = isPlainScript(path);
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      const config = existsSync(join(dir, name)) ? configIncluding(root, join(dir, name), path) : null;
      if (config) return isScript ? withScripts(config) : config;
    }
    if (dir === root || dir === dirname(dir)) break;
  }
  if (isScript) return withScripts({ options: looseDefaults(root), fileNames: scriptsOf(root, path) });
  return { why: 'No `tsconfig.json` of the repository includes this file, so its types cannot be decided.' };
}

function isPlainScript(path: string): boolean {
  return /\.[cm]?jsx?$/.test(path);
}

/** The config, or the first of its references, whose files contain the path. */
function configIncluding(
  root: string,
  configPath: string,
  path: string,
  seen = new Set<string>(),
): Config | null {
  if (seen.has(configPath) || !configPath.startsWith(root + sep)) return null;
  seen.add(configPath);
  const parsed = ts.getParsedCommandLineOfConfigFile(
    configPath,
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: () => {},
    },
  );
  if (!parsed) return null;
  if (parsed.fileNames.some((name) => name === path))
    return {
      options: asOwnCompiler(parsed.options, dirname(configPath), root),
      fileNames: parsed.fileNames.filter((name) => name.startsWith(root + sep)),
    };
  for (const reference of parsed.projectReferences ?? []) {
    const found = configIncluding(root, ts.resolveProjectReferencePath(reference), path, seen);
    if (found) return found;
  }
  return null;
}

function withScripts(config: Config): Config {
  const options = { ...config.options, allowJs: true, checkJs: true };
  return { ...config, options, checksScripts: config.options.checkJs ?? false };
}

/** Without a config the compiler would look for types from where Suture runs. */
function looseDefaults(root: string): ts.CompilerOptions {
  const types = join(root, 'node_modules', '@types');
  return {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.Preserve,
    strict: false,
    typeRoots: [types],
    types: existsSync(types) ? ['*'] : [],
  };
}

/**
 * The bundled compiler is a 6: what it takes for granted, an older one does not. Where the target pins
 * an older one, the defaults that changed with 6.0 are put back.
 */
function asOwnCompiler(options: ts.CompilerOptions, dir: string, root: string): ts.CompilerOptions {
  const major = compilerMajor(dir, root);
  if (major === null || major >= 6) return options;
  const target = options.target ?? ts.ScriptTarget.ES5;
  return { ...olderDefaults(options.module, target), ...options };
}

function olderDefaults(module: ts.ModuleKind | undefined, target: ts.ScriptTarget): ts.CompilerOptions {
  const kind = module ?? (target >= ts.ScriptTarget.ES2015 ? ts.ModuleKind.ES2015 : ts.ModuleKind.CommonJS);
  const resolution =
    kind === ts.ModuleKind.CommonJS ? { moduleResolution: ts.ModuleResolutionKind.Node10 } : {};
  return { strict: false, types: ['*'], target, module: kind, esModuleInterop: false, ...resolution };
}

function compilerMajor(dir: string, root: string): number | null {
  for (let at = dir; at.startsWith(root); at = dirname(at)) {
    const file = join(at, 'node_modules', 'typescript', 'package.json');
    if (existsSync(file)) return majorOf(readFileSync(file, 'utf8'));
    if (at === dirname(at)) break;
  }
  return null;
}

function majorOf(text: string): number | null {
  const major = /"version"\s*:\s*"(\d+)\./.exec(text)?.[1];
  return major === undefined ? null : Number(major);
}

// ---------------------------------------------------------------- can it be read

/** Modules, type packages or global types that are not there. */
const missing = new Set([2307, 2792, 2834, 2835, 2732, 2318, 2688]);

/**
 * Plain JavaScript is written without types, so a module that is not there takes nothing from it: what
 * came from it is `any`, and that says nothing anyway.
 */
function unreadableReason(project: Project, file: SourceFile, checked: boolean): string | null {
  const program = project.getProgram();
  const all = [
    ...program.getGlobalDiagnostics(),
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getSemanticDiagnostics(file),
  ];
  if (program.getSyntacticDiagnostics(file).length > 0)
    return 'The file does not parse, so nothing in it can be decided.';
  if (!checked && isPlainScript(file.getFilePath())) return null;
  const found = all.find((diagnostic) => missing.has(diagnostic.getCode()));
  if (!found) return null;
  const name = /['"]([\w@./-]{1,80})['"]/.exec(problemText(found))?.[1];
  return `The types cannot be decided here: ${name ? `\`${name}\`` : 'a module'} does not resolve in this checkout (TS${found.getCode()}).`;
}
