// What the function's error type is, read from its signature, the file's imports and the crate's own types.
// It must not invent an error type; where none is known, the answer says so.

import type { CrateFile } from './crate.ts';
import type { Owner } from './owner.ts';
import type { ParseRust } from './source.ts';
import type { RustScene } from './template.ts';

/** A variant `Other(String)` holds `['String']`; one with named fields holds null. */
export type Variant = { name: string; holds: readonly string[] | null };

export type ErrorType =
  /** `anyhow` and `eyre` take any error, with a context. */
  | { kind: 'report'; crate: string }
  | { kind: 'text' }
  | { kind: 'boxed' }
  | { kind: 'io' }
  | { kind: 'enum'; name: string; variants: readonly Variant[] }
  | { kind: 'unknown' };

/** Takes a function that returns a `Result`. */
export function errorTypeOf(scene: RustScene, owner: Owner): ErrorType {
  const { path, error } = splitResult(owner.type);
  return error === null ? errorOfAlias(scene, path) : errorNamed(scene, error);
}

/** `io::Result<u8>` has the path `io::Result`; `Result<u8, E>` has the error `E`. */
function splitResult(type: string): { path: string; error: string | null } {
  const path = /^[\w:]+/.exec(type)?.[0] ?? '';
  const inner = type.slice(path.length).trim().replace(/^</, '').replace(/>$/, '');
  return { path, error: topLevelParts(inner)[1] ?? null };
}

function topLevelParts(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of text.replace(/->/g, '  ')) {
    if ('<([{'.includes(char)) depth += 1;
    if ('>)]}'.includes(char)) depth -= 1;
    if (char === ',' && depth === 0) parts.push('');
    else parts.push((parts.pop() ?? '') + char);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function errorOfAlias(scene: RustScene, path: string): ErrorType {
  const holder = path.includes('::') ? path.split('::').slice(0, -1).join('::') : importedFrom(scene, path);
  if (holder !== null && /(?:^|::)(?:anyhow|eyre)$/.test(holder)) return { kind: 'report', crate: holder };
  if (holder !== null && /^(?:std::)?io$/.test(holder)) return { kind: 'io' };
  const name = path.split('::').at(-1) ?? '';
  const report = reportAlias(scene, name);
  if (report) return report;
  const alias = new RegExp(`\\btype ${name}\\s*<[^=]*=\\s*(?:[\\w:]+::)?Result\\s*<([^;]+)>\\s*;`);
  const found = scene.crate.files().flatMap(({ text }) => alias.exec(text)?.[1] ?? []);
  const [only, another] = new Set(found.map((inner) => topLevelParts(inner)[1] ?? ''));
  return only === undefined || another !== undefined || only === ''
    ? { kind: 'unknown' }
    : errorNamed(scene, only);
}

/** `pub type CargoResult<T> = anyhow::Result<T>;` */
function reportAlias({ crate }: RustScene, name: string): ErrorType | null {
  const alias = new RegExp(
    `\\btype ${name}\\s*<\\s*\\w+\\s*>\\s*=\\s*(?:::)?(anyhow|eyre|color_eyre(?:::eyre)?)::Result\\s*<\\s*\\w+\\s*>\\s*;`,
  );
  const [only, another] = new Set(crate.files().flatMap(({ text }) => alias.exec(text)?.[1] ?? []));
  return only === undefined || another !== undefined ? null : { kind: 'report', crate: only };
}

/** Where `use` brings that name from: `use anyhow::{Context, Result}` brings `Result` from `anyhow`. */
export function importedFrom({ source }: Pick<RustScene, 'source'>, name: string): string | null {
  const uses = source.text.matchAll(/^\s*(?:pub(?:\([^)]*\))?\s+)?use\s+([^;]+);/gm);
  for (const [, tree = ''] of uses) {
    const flat = tree.replace(/\s+/g, ' ').trim();
    const single = new RegExp(`^(.+)::${name}$`).exec(flat)?.[1];
    if (single !== undefined) return single;
    const [head, list] = flat.split(/::\{(.*)\}$/s, 2);
    if (list !== undefined && topLevelParts(list).some((part) => part === name)) return head ?? null;
    if (/^(?:anyhow|eyre)::\*$/.test(flat) && name === 'Result') return flat.slice(0, -3);
  }
  return null;
}

function errorNamed(scene: RustScene, written: string): ErrorType {
  const name = written.replace(/\s+/g, ' ');
  if (/^(?:String|&(?:'static )?str)$/.test(name)) return { kind: 'text' };
  if (/^Box<dyn (?:\w+::)*Error\b/.test(name)) return { kind: 'boxed' };
  if (/^(?:std::)?io::Error$/.test(name)) return { kind: 'io' };
  if (/^(?:anyhow::Error|eyre::Report|color_eyre::(?:eyre::)?Report)$/.test(name))
    return { kind: 'report', crate: name.replace(/::\w+$/, '') };
  const last = name.split('::').at(-1) ?? name;
  if (!/^\w+$/.test(last)) return { kind: 'unknown' };
  return enumNamed(scene, last) ?? { kind: 'unknown' };
}

function enumNamed({ crate, parse }: RustScene, name: string): ErrorType | null {
  const declared = new RegExp(`\\benum ${name}\\b\\s*\\{`);
  const files = crate.files().filter(({ text }) => declared.test(text));
  const [file, another] = files;
  return file && !another ? { kind: 'enum', name, variants: variantsIn(parse, file, name) } : null;
}

function variantsIn(parse: ParseRust, { text }: CrateFile, name: string): Variant[] {
  const items = parse(text).findAll({ rule: { kind: 'enum_item' } });
  const item = items.find((one) => one.field('name')?.text() === name);
  const variants =
    item
      ?.field('body')
      ?.children()
      .filter((child) => child.kind() === 'enum_variant') ?? [];
  return variants.map((variant) => {
    const fields = variant.field('body');
    if (!fields) return { name: variant.field('name')?.text() ?? '', holds: [] };
    const types = fields
      .children()
      .filter((child) => child.isNamed() && /type|tuple/.test(String(child.kind())));
    return {
      name: variant.field('name')?.text() ?? '',
      holds: fields.kind() === 'ordered_field_declaration_list' ? types.map((type) => type.text()) : null,
    };
  });
}
