// Values of Rust types as expressions, by how the type is written. What cannot be written down honestly is refused.
// It must not use a value of the event.

import type { SgNode } from '@ast-grep/napi';
import { isPublic, type RustSubject } from './subject.ts';

/** Which of the many values of a type is taken. */
export type RustTaste = { text: string; number: string; byte: string; entries: 0 | 1; some: boolean };

const empty: RustTaste = { text: '""', number: '0', byte: '0', entries: 0, some: false };
const filled: RustTaste = { text: '"a"', number: '1', byte: '255', entries: 1, some: true };

/** What is empty comes first; the long texts have letters of more than one byte. */
export const rustTastes: readonly RustTaste[] = [
  empty,
  { ...empty, text: '"a"' },
  { ...empty, number: '1' },
  filled,
  { ...filled, text: '"1"', number: '0' },
  { ...empty, text: '"0"' },
  { ...filled, text: '&"é".repeat(300)' },
  { ...filled, text: '&format!("a{}", "é".repeat(300))' },
  { ...empty, text: '&format!("a{}", "é".repeat(300))', number: '2' },
];

export class CannotBuild extends Error {}

type Build = { subject: RustSubject; taste: RustTaste; depth: number };

/** Types without parts. */
const plain: readonly [RegExp, (taste: RustTaste) => string][] = [
  [/^(?:[iu](?:16|32|64|128|size)|i8)$/, (taste) => taste.number],
  [/^u8$/, (taste) => taste.byte],
  [/^f(?:32|64)$/, (taste) => `${taste.number}.0`],
  [/^bool$/, (taste) => String(taste.some)],
  [/^char$/, () => "'a'"],
  [/^String$/, (taste) => ownedText(taste.text)],
  [/^(?:std::path::)?PathBuf$/, () => 'std::path::PathBuf::from("missing")'],
  [
    /^(?:std::collections::)?(?:HashMap|BTreeMap|HashSet|BTreeSet|VecDeque|BinaryHeap)</,
    () => 'Default::default()',
  ],
];

/** An expression of that type. Throws CannotBuild. */
export function rustValue(written: string, how: Build): string {
  const type = written
    .replace(/\s+/g, ' ')
    .replace(/&'\w+ /g, '&')
    .trim();
  const [, value] = plain.find(([pattern]) => pattern.test(type)) ?? [];
  if (value) return value(how.taste);
  return type.startsWith('&') ? reference(type, how) : (held(type, how) ?? rustInstance(type, how));
}

function held(type: string, how: Build): string | null {
  const [, holder, inner = ''] = /^(Option|Vec|Box)<(.+)>$/.exec(type) ?? [];
  if (holder === 'Option') return how.taste.some ? `Some(${rustValue(inner, how)})` : 'None';
  if (holder === 'Vec') return how.taste.entries === 0 ? 'Vec::new()' : `vec![${rustValue(inner, how)}]`;
  return holder === 'Box' ? `Box::new(${rustValue(inner, how)})` : null;
}

function ownedText(text: string): string {
  if (text === '""') return 'String::new()';
  return text.startsWith('&') ? text.slice(1) : `${text}.to_string()`;
}

function reference(type: string, how: Build): string {
  const isMutable = type.startsWith('&mut ');
  const inner = type.replace(/^&(?:mut )?/, '');
  const mark = isMutable ? '&mut ' : '&';
  if (inner === 'str' && !isMutable) return how.taste.text;
  if (/^(?:std::path::)?Path$/.test(inner)) return 'std::path::Path::new("missing")';
  const element = /^\[(.+)\]$/.exec(inner)?.[1];
  if (element === undefined) return mark + rustValue(inner, how);
  return `${mark}[${how.taste.entries === 0 ? '' : rustValue(element, how)}]`;
}

const deepest = 4;

/** A struct of the same file: by its `new`, by its default, or by its fields when all are public. */
export function rustInstance(type: string, how: Build): string {
  const { subject, depth } = how;
  const refused = new CannotBuild(
    `a value of type \`${type.replace(/[^\w:<>, ]/g, '')}\` cannot be written down`,
  );
  if (!/^\w+$/.test(type) || depth > deepest) throw refused;
  const declared = subject.root
    .findAll({ rule: { kind: 'struct_item' } })
    .find((node) => node.field('name')?.text() === type);
  if (!declared || !isPublic(declared) || declared.field('type_parameters')) throw refused;
  const deeper = { ...how, depth: depth + 1 };
  const place = `${subject.module}::${type}`;
  const maker = makerOf(subject.root, type);
  if (maker) return `${place}::new(${maker.map((each) => rustValue(each, deeper)).join(', ')})`;
  if (hasDefault(declared, type)) return `${place}::default()`;
  const fields =
    declared
      .field('body')
      ?.children()
      .filter((node) => node.kind() === 'field_declaration') ?? [];
  if (fields.length === 0 || !fields.every(isPublic)) throw refused;
  const parts = fields.map((field) => {
    const name = field.field('name')?.text() ?? '';
    return `${name}: ${rustValue(field.field('type')?.text() ?? '', deeper)}`;
  });
  return `${place} { ${parts.join(', ')} }`;
}

/** The parameters of a public `new` that gives the type itself. */
function makerOf(root: SgNode, type: string): string[] | null {
  const maker = root.findAll({ rule: { kind: 'function_item' } }).find((node) => {
    const owner = node.ancestors().find((each) => each.kind() === 'impl_item');
    const gives = node.field('return_type')?.text() ?? '';
    const isOwn = owner?.field('type')?.text() === type && !owner.field('trait');
    return isOwn && node.field('name')?.text() === 'new' && isPublic(node) && [type, 'Self'].includes(gives);
  });
  const parameters = maker?.field('parameters')?.children();
  return parameters
    ? parameters.filter((node) => node.kind() === 'parameter').map((node) => node.field('type')?.text() ?? '')
    : null;
}

function hasDefault(declared: SgNode, type: string): boolean {
  const text = declared.getRoot().root().text();
  const before = text.slice(0, declared.range().start.index);
  const attributes = /(?:#\[[^\]]*\]\s*|\/\/[^\n]*\n\s*)*$/.exec(before)?.[0] ?? '';
  return /derive\([^)]*\bDefault\b/.test(attributes) || text.includes(`impl Default for ${type} `);
}
