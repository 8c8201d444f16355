// Opens one project after the other and parses what they have in common once: the compiler's own declarations and those
// of installed packages, which are nearly all that a type checker reads. It must not keep any other file: what stands in
// a checkout is read anew each time.

import { realpathSync, statSync } from 'node:fs';
import { Project, type ts } from 'ts-morph';

/** A project with no files yet. */
export type MakeProject = (options: ts.CompilerOptions) => Project;

export type KeptPackages = {
  make: MakeProject;
  /** Nobody uses the projects made so far any more. */
  release(): void;
};

type Kept = { key: string; project: Project; read: Map<string, string>; isInUse: boolean };

/**
 * For checkouts that are all opened under one name, `home`, one after the other: types of a package are known by its
 * path. A project with other options, or whose packages are others, is made anew.
 */
export function keepPackages(home: string): KeptPackages {
  let kept: Kept | null = null;
  return {
    make: (options) => {
      const key = JSON.stringify(options);
      if (kept && !kept.isInUse && kept.key === key && isUnchanged(kept.read)) {
        kept.isInUse = true;
        return kept.project;
      }
      const read = new Map<string, string>();
      const made = { key, project: openIn(home, options, read), read, isInUse: true };
      if (!kept?.isInUse) kept = made;
      return made.project;
    },
    release: () => {
      if (!kept?.isInUse) return;
      kept.isInUse = false;
      forgetOwnFiles(kept);
    },
  };
}

/** Notes each file that is read, with what tells it from another in its place. */
function openIn(home: string, options: ts.CompilerOptions, read: Map<string, string>): Project {
  const fileSystem = new Project().getFileSystem();
  const readFile = fileSystem.readFileSync.bind(fileSystem);
  fileSystem.readFileSync = (file, encoding) => {
    read.set(file, stampOf(file));
    return readFile(file, encoding);
  };
  // Packages are known by where links lead; that, too, has to be the same for every checkout.
  fileSystem.realpathSync = (file) => {
    const [real, root] = [realpathSync(file), realpathSync(home)];
    return real === root || real.startsWith(`${root}/`) ? home + real.slice(root.length) : real;
  };
  return new Project({
    compilerOptions: options,
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    fileSystem,
  });
}

function forgetOwnFiles({ project, read }: Kept): void {
  for (const file of [...read.keys()].filter((name) => !isPackaged(name))) {
    const source = project.getSourceFile(file);
    if (source) project.removeSourceFile(source);
    read.delete(file);
  }
  // A program without them: the next one has other roots, so that every import is looked up again.
  void project.getProgram().compilerObject;
}

function isPackaged(file: string): boolean {
  return /\/node_modules\/.*\.d\.[cm]?ts$/.test(file);
}

function isUnchanged(read: ReadonlyMap<string, string>): boolean {
  return [...read].every(([file, stamp]) => !isPackaged(file) || stampOf(file) === stamp);
}

/** Installs are linked into every checkout, so that the same file has the same number. */
function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? [found.dev, found.ino, found.size, found.mtimeMs].join(' ') : '';
}
