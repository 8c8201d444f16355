// Makes a function of another file visible in this one, the way this file already imports.
// It must not reorder or reformat the imports that are there.

import { dirname, relative } from 'node:path';
import type { ImportDeclaration, SourceFile } from 'ts-morph';
import type { Edit } from './edits.ts';
import { styleOf } from './style.ts';
import type { Declined } from './template.ts';

/** The edit that imports `name` from `home`, or null when the file has it already. */
export function importEdit(file: SourceFile, name: string, home: SourceFile): Edit | null | Declined {
  if (file === home) return null;
  const imports = file.getImportDeclarations();
  const same = imports.find((one) => one.getModuleSpecifierSourceFile() === home && !one.isTypeOnly());
  if (same?.getNamedImports().some((one) => one.getName() === name && !one.getAliasNode())) return null;
  if (same) return addTo(same, name);
  const last = imports.at(-1);
  if (!last) return { why: `\`${name}\` would have to be imported, and this file imports nothing to go by.` };
  const { semicolons, eol } = styleOf(file, last.getEnd());
  const quote = last.getModuleSpecifier().getText().charAt(0);
  const text = `import { ${name} } from ${quote}${specifier(file, home)}${quote}${semicolons ? ';' : ''}`;
  return { start: last.getEnd(), end: last.getEnd(), text: eol + text };
}

function addTo(declaration: ImportDeclaration, name: string): Edit | Declined {
  const last = declaration.getNamedImports().at(-1);
  if (!last) return { why: `\`${name}\` comes from a module that this file imports as a whole.` };
  return { start: last.getEnd(), end: last.getEnd(), text: `, ${name}` };
}

/** An alias where other files import the same file by one; else relative, with the ending this file writes. */
function specifier(file: SourceFile, home: SourceFile): string {
  const alias = home
    .getProject()
    .getSourceFiles()
    .flatMap((other) => other.getImportDeclarations())
    .find((one) => !one.isModuleSpecifierRelative() && one.getModuleSpecifierSourceFile() === home);
  if (alias) return alias.getModuleSpecifierValue();
  const path = relative(dirname(file.getFilePath()), home.getFilePath()).replaceAll('\\', '/');
  const shown = path.startsWith('.') ? path : `./${path}`;
  return shown.replace(/\.[cm]?[jt]sx?$/, endingOf(file, home));
}

function endingOf(file: SourceFile, home: SourceFile): string {
  const relatives = file.getImportDeclarations().filter((one) => one.isModuleSpecifierRelative());
  const written = relatives
    .map((one) => /\.[cm]?[jt]sx?$/.exec(one.getModuleSpecifierValue())?.[0])
    .find((ending) => ending !== undefined);
  if (written === undefined) return '';
  return /js/.test(written) ? written : home.getExtension();
}
