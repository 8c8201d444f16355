// What a test of a crate can call so that the crashing line runs: a public function or method of its library.
// Syntax only; a test that the compiler refuses shows nothing.

import path from 'node:path';
import type { SgNode } from '@ast-grep/napi';
import { parse as parseToml } from 'smol-toml';
import { z } from 'zod';
import { readWithin } from '../../../run/read-within.ts';
import type { ParseRust } from '../../rust/source.ts';

export type RustSubject = {
  /** `fleet::tags`. */
  module: string;
  name: string;
  /** The type whose method it is; null for a function. */
  owner: string | null;
  /** `&self`, or null when nothing is made first. */
  receiver: string | null;
  /** The types of its parameters, as written. */
  parameters: readonly string[];
  root: SgNode;
};

type Why = { why: string };
type Line = { path: string; line: number };

/** Takes the checkout and the crashing line. Gives why there is none as a clause. */
export function rustSubject(dir: string, { path: file, line }: Line, parse: ParseRust): RustSubject | Why {
  const crate = crateOf(dir, file);
  if ('why' in crate) return crate;
  const module = publicModule(dir, crate, file);
  if (module === null) return { why: 'its module is not public' };
  const root = parse(readWithin(dir, file) ?? '');
  const found = functionAt(root, line);
  if (found === null) return { why: 'the crash is not in a function' };
  const name = found.field('name')?.text() ?? '';
  const why = unreachable(found, name);
  if (why !== null) return { why };
  const children = found.field('parameters')?.children() ?? [];
  return {
    module,
    name,
    owner: around(found)[0]?.field('type')?.text() ?? null,
    receiver: children.find((node) => node.kind() === 'self_parameter')?.text() ?? null,
    parameters: children
      .filter((node) => node.kind() === 'parameter')
      .map((node) => node.field('type')?.text() ?? ''),
    root,
  };
}

function unreachable(found: SgNode, name: string): string | null {
  if (!isPublic(found)) return `\`${name}\` is not public`;
  const head = found.text().replace(/^pub\s+/, '');
  if (/^(?:async|unsafe|extern)\b/.test(head) || found.field('type_parameters'))
    return `\`${name}\` is async, unsafe or generic`;
  const [owner, ...more] = around(found);
  const isNamed = owner?.kind() !== 'mod_item' && !owner?.field('trait') && !owner?.field('type_parameters');
  return more.length === 0 && isNamed
    ? null
    : `\`${name}\` stands in a module or a trait that a test cannot name`;
}

function around(found: SgNode): SgNode[] {
  return found.ancestors().filter((node) => node.kind() === 'impl_item' || node.kind() === 'mod_item');
}

const manifest = z.object({
  package: z.object({ name: z.string() }),
  lib: z.object({ name: z.string().optional(), path: z.string().optional() }).optional(),
});

type Crate = { folder: string; name: string };

function crateOf(dir: string, file: string): Crate | Why {
  for (let folder = path.posix.dirname(file); ; folder = path.posix.dirname(folder)) {
    const text = readWithin(dir, path.posix.join(folder, 'Cargo.toml'));
    if (text !== null) {
      const read = manifest.safeParse(tomlOf(text)).data;
      const library = readWithin(dir, path.posix.join(folder, 'src/lib.rs'));
      const hasLibrary = library !== null && read?.lib?.path === undefined;
      if (!read || !hasLibrary) return { why: 'the crate has no library that a test could use' };
      return { folder, name: (read.lib?.name ?? read.package.name).replaceAll('-', '_') };
    }
    if (folder === '.') return { why: 'no crate holds the file' };
  }
}

function tomlOf(text: string): unknown {
  try {
    return parseToml(text);
  } catch {
    return null;
  }
}

/** Every module on the way must be declared `pub mod`. */
function publicModule(dir: string, { folder, name }: Crate, file: string): string | null {
  const inner = path.posix.relative(path.posix.join(folder, 'src'), file);
  if (inner.startsWith('..')) return null;
  const names = inner.replace(/(?:\/mod)?\.rs$/, '').split('/');
  if (inner === 'lib.rs') return name;
  for (const [index, module] of names.entries()) {
    const above = names.slice(0, index).join('/');
    const holders = index === 0 ? ['lib.rs'] : [`${above}.rs`, `${above}/mod.rs`];
    const declared = holders.some((holder) => {
      const text = readWithin(dir, path.posix.join(folder, 'src', holder)) ?? '';
      return `\n${text}`.includes(`\npub mod ${module};`);
    });
    if (!declared) return null;
  }
  return [name, ...names].join('::');
}

function functionAt(root: SgNode, line: number): SgNode | null {
  const holding = root.findAll({ rule: { kind: 'function_item' } }).filter((node) => {
    const { start, end } = node.range();
    return start.line <= line - 1 && line - 1 <= end.line;
  });
  return holding.at(-1) ?? null;
}

export function isPublic(node: SgNode): boolean {
  return node.children().some((child) => child.kind() === 'visibility_modifier' && child.text() === 'pub');
}
