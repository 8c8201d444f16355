// What a test can call so that the crashing line runs: the function itself, or the nearest caller in the stack
// that a test can reach. Syntax and exports only; it must not build values.

import path from 'node:path';
import { Node, Scope } from 'ts-morph';
import type { ClassDeclaration, MethodDeclaration, SourceFile } from 'ts-morph';
import type { FixTask } from '../../ports.ts';
import type { OpenProject } from '../templates/project.ts';
import { functionName, isCallable, type Callable } from '../templates/scope.ts';

export type Subject = {
  /** Repository-relative. */
  path: string;
  callable: Callable;
  /** Shown in the test's name: `relatedProduct`, `Sessions.end`. */
  title: string;
  /** What is imported: a name, or the default export under that name. */
  imported: { name: string; isDefault: boolean };
  /** The class whose instance is made first; null for functions and static methods. */
  instanceOf: ClassDeclaration | null;
  /** What is called, when no instance is made: `relatedProduct`, `Sessions.parse`. */
  callee: string;
};

/** Callers further out run too much else. */
const outermost = 3;

/** The nearest of the stack's functions that a test can call; or why there is none. */
export function subjectOf(task: FixTask, project: OpenProject): Subject | { why: string } {
  const { suspect, frames } = task.location;
  if (!suspect) return { why: 'no line of this repository is known' };
  const callers = frames.filter((frame) => frame.path !== null && frame.line !== null).slice(0, outermost);
  const places = [suspect, ...callers.map(({ path, line }) => ({ path: path ?? '', line: line ?? 0 }))];
  let why = 'the crash is not in a function';
  for (const place of places) {
    const file = fileAt(project, place.path);
    const callable = file ? callableAt(file, place.line) : null;
    if (!callable) continue;
    const subject = reachable(callable, place.path);
    if (!('why' in subject)) return subject;
    why = subject.why;
  }
  return { why };
}

function fileAt(project: OpenProject, file: string): SourceFile | null {
  if (!/\.[cm]?[jt]sx?$/.test(file)) return null;
  const place = path.join(project.root, file);
  return project.file.getProject().addSourceFileAtPathIfExists(place) ?? null;
}

/** The innermost function round the line that has a name. */
function callableAt(file: SourceFile, line: number): Callable | null {
  const text = file.getFullText();
  const starts = [0, ...[...text.matchAll(/\n/g)].map((found) => found.index + 1)];
  const start = starts[line - 1];
  if (start === undefined) return null;
  const offset = start + (/\S/.exec(text.slice(start, starts[line] ?? text.length))?.index ?? 0);
  for (let node = file.getDescendantAtPos(offset); node; node = node.getParent())
    if (isCallable(node) && functionName(node) !== null) return node;
  return null;
}

function reachable(callable: Callable, path: string): Subject | { why: string } {
  const name = functionName(callable) ?? '';
  if (Node.isMethodDeclaration(callable)) return method(callable, { name, path });
  if (Node.isGetAccessorDeclaration(callable) || Node.isSetAccessorDeclaration(callable))
    return { why: `\`${name}\` is an accessor` };
  const exported = exportedAs(callable);
  if (exported === null) return { why: `\`${name}\` is not exported` };
  return {
    path,
    callable,
    title: name,
    imported: { name, isDefault: exported === 'default' },
    instanceOf: null,
    callee: name,
  };
}

/** The name it is exported by, when that is its own or the default. */
function exportedAs(callable: Callable): string | null {
  const parent = callable.getParent();
  const declared = Node.isVariableDeclaration(parent) ? parent : callable;
  if (!Node.isFunctionDeclaration(declared) && !Node.isVariableDeclaration(declared)) return null;
  const name = declared.getName();
  for (const [exported, nodes] of declared.getSourceFile().getExportedDeclarations())
    if (nodes.some((node) => node === declared) && (exported === name || exported === 'default'))
      return exported;
  return name !== undefined && isCommonJsExport(declared.getSourceFile(), name) ? name : null;
}

/** `module.exports = { name }`, `exports.name = name`. */
function isCommonJsExport(file: SourceFile, name: string): boolean {
  const text = file.getFullText();
  const list = /\bmodule\.exports\s*=\s*\{([^}]*)\}/.exec(text)?.[1] ?? '';
  return (
    list.split(',').some((part) => part.trim() === name) ||
    new RegExp(`^(?:module\\.)?exports\\.${name}\\s*=`, 'm').test(text)
  );
}

function method(
  callable: MethodDeclaration,
  { name, path }: { name: string; path: string },
): Subject | { why: string } {
  const owner = callable.getParent();
  const className = Node.isClassDeclaration(owner) ? owner.getName() : undefined;
  if (!Node.isClassDeclaration(owner) || className === undefined)
    return { why: `\`${name}\` is no method of a class that a test could make` };
  if (!owner.isExported() || owner.isAbstract())
    return { why: `\`${className}\` is not exported, or is abstract` };
  const scope = callable.getScope();
  if (scope !== Scope.Public || name.startsWith('#')) return { why: `\`${name}\` is ${scope}` };
  return {
    path,
    callable,
    title: `${className}.${name}`,
    imported: { name: className, isDefault: owner.isDefaultExport() },
    instanceOf: callable.isStatic() ? null : owner,
    callee: `${className}.${name}`,
  };
}
