// The endings that turn a panic into the function's own way of saying that something went wrong.
// In order of preference, in the words of the file; the compiler chooses. It must not make up an error type.

import type { SgNode } from '@ast-grep/napi';
import type { Edit } from '../templates/edits.ts';
import type { Declined } from '../templates/template.ts';
import { errorTypeOf, importedFrom } from './errors.ts';
import type { ErrorType, Variant } from './errors.ts';
import type { Owner } from './owner.ts';
import type { RustScene } from './template.ts';

/** Text that goes after the value, without the dot of a method call: `?`, `.context("…")?`. */
export type WayOut = {
  text: string;
  also?: readonly Edit[];
  /** The value itself is handed back, as `Option` or `Result`. */
  bare?: true;
};

/** Groups in order; of one group exactly one may compile. */
export type WaysOut = readonly (readonly WayOut[])[];

/** What went wrong, in words; `given` when the author wrote them. */
export type Words = { text: string; given: boolean; about: 'lookup' | 'parse' | 'other' };

/** For an `Option` that was `None`. Empty when nothing is known that fits. */
export function waysOutOfNone(scene: RustScene, owner: Owner, words: Words): WaysOut {
  if (owner.returns === 'option') return [[{ text: '?' }]];
  const message = JSON.stringify(words.text);
  const error = errorTypeOf(scene, owner);
  switch (error.kind) {
    case 'report':
      return one(inContext(scene, error.crate, message) ?? madeReport(scene, error.crate, message));
    case 'text':
    case 'boxed':
      return one({ text: okOr(scene, message) });
    case 'io':
      return one({ text: `.ok_or_else(|| ${ioError(scene, words, message)})?` });
    case 'enum':
      return fitting(error.variants, words).map((variant) => [
        { text: okOrVariant(scene, error, variant, message) },
      ]);
    case 'unknown':
      return [];
  }
}

/** For a `Result` that was `Err`. */
export function waysOutOfErr(scene: RustScene, owner: Owner, words: Words): WaysOut {
  if (owner.returns === 'option') return words.about === 'parse' ? one({ text: '.ok()?' }) : [];
  const error = errorTypeOf(scene, owner);
  const message = JSON.stringify(words.text);
  const told = words.given || words.about === 'parse';
  if (error.kind === 'report') {
    const context = told ? inContext(scene, error.crate, message) : null;
    return [...(context ? [[context]] : []), [{ text: '?' }]];
  }
  if (error.kind === 'text')
    return [[{ text: '?' }], [{ text: `.map_err(|${err(scene)}| ${withCause(scene, words)})?` }]];
  if (error.kind !== 'enum') return one({ text: '?' });
  const wrapped = error.variants.filter(({ holds }) => holds?.length === 1 && !isText(holds[0]));
  return [
    [{ text: '?' }],
    wrapped.map(({ name }) => ({ text: `.map_err(${error.name}::${name})?` })),
    ...general(error.variants, words).map(({ name }) => [
      { text: `.map_err(|${err(scene)}| ${error.name}::${name}(${withCause(scene, words)}))?` },
    ]),
  ];
}

function one(way: WayOut): WaysOut {
  return [[way]];
}

/** The refusal where no group has anything to try. */
export function noError({ name, type }: Owner): Declined {
  return {
    why: `\`${name}\` returns \`${type.replace(/[`\s]+/g, ' ')}\`, and I know no error of that type that says what went wrong here.`,
  };
}

/** `Ok(x?)` at the end of a function is `x`, where the types are the same: tried before each way that is not. */
export function withoutWrapping(node: SgNode, ways: WaysOut): WaysOut {
  const wrapper = wrapperAtEnd(node);
  if (!wrapper) return ways;
  const unwrapping = { start: wrapper.range().start.index, end: node.range().start.index, text: '' };
  const tail = { start: node.range().end.index, end: wrapper.range().end.index, text: '' };
  const bare = (way: WayOut): WayOut => ({
    text: way.text.replace(/\?$/, ''),
    also: [...(way.also ?? []), unwrapping, tail],
    bare: true,
  });
  return ways.flatMap((group) => [group.map(bare), group]);
}

/** The `Ok(…)` or `Some(…)` that holds nothing but the node and ends its function. */
function wrapperAtEnd(node: SgNode): SgNode | null {
  const list = node.parent();
  const call = list?.kind() === 'arguments' ? list.parent() : null;
  const isWrapper = /^(?:Ok|Some)$/.test(call?.field('function')?.text() ?? '');
  const block = call?.parent();
  const isTail = block?.kind() === 'block' && block.parent()?.kind() === 'function_item';
  return call && isWrapper && isTail ? call : null;
}

// ---------------------------------------------------------------- reports (anyhow, eyre)

/** `.context("…")?`, where the trait is imported or can join the file's own import. */
function inContext(scene: RustScene, crate: string, message: string): WayOut | null {
  const text = `.context(${message})?`;
  if (['Context', 'WrapErr', 'ContextCompat'].some((trait) => importedFrom(scene, trait) !== null))
    return { text };
  if (!crate.endsWith('anyhow')) return null;
  const also = joinImport(scene, crate, 'Context');
  return also ? { text, also: [also] } : null;
}

/** `use anyhow::Result;` becomes `use anyhow::{Context, Result};`. */
function joinImport({ source }: RustScene, crate: string, name: string): Edit | null {
  const found = new RegExp(`^use ${crate}::(?:\\{([\\w, \\n]+?),?\\s*\\}|(\\w+));`, 'm').exec(source.text);
  if (!found) return null;
  const names = (found[1] ?? found[2] ?? '').split(',').map((part) => part.trim());
  const list = [...names, name].filter((part) => part !== '').toSorted(asSorted);
  return {
    start: found.index,
    end: found.index + found[0].length,
    text: `use ${crate}::{${list.join(', ')}};`,
  };
}

/** As rustfmt orders names: lower case first, then by letter. */
function asSorted(left: string, right: string): number {
  return isTypeName(left) - isTypeName(right) || (left < right ? -1 : 1);
}

function isTypeName(name: string): number {
  return Number(/^[A-Z]/.test(name));
}

function madeReport(scene: RustScene, crate: string, message: string): WayOut {
  const name = crate.endsWith('eyre') ? 'eyre' : 'anyhow';
  const path = importedFrom(scene, name) === null ? `${crate}::` : '';
  return { text: `.ok_or_else(|| ${path}${name}!(${message}))?` };
}

// ---------------------------------------------------------------- texts and io

/** As the file makes texts elsewhere, else the plain form that converts by itself. */
function okOr({ source }: RustScene, message: string): string {
  const lazy = /\.ok_or_else\(\|\| (?:"[^"]*"(\.(?:to_string|to_owned|into)\(\))|(String::from)\()/.exec(
    source.text,
  );
  if (lazy?.[1] !== undefined) return `.ok_or_else(|| ${message}${lazy[1]})?`;
  if (lazy?.[2] !== undefined) return `.ok_or_else(|| String::from(${message}))?`;
  return `.ok_or(${message})?`;
}

function ioError(scene: RustScene, words: Words, message: string): string {
  const path =
    importedFrom(scene, 'io') !== null || /^use std::\{(?:[^;]*\W)?io\b/m.test(scene.source.text)
      ? 'io'
      : 'std::io';
  const kind = { lookup: 'NotFound', parse: 'InvalidData', other: 'InvalidInput' }[words.about];
  return `${path}::Error::new(${path}::ErrorKind::${kind}, ${message})`;
}

// ---------------------------------------------------------------- the crate's own enum

const named: Readonly<Record<Words['about'], RegExp>> = {
  lookup: /^(?:NotFound|Missing\w*|\w*NotFound)$/,
  parse: /^(?:Invalid\w*|Parse\w*|Validation\w*|Malformed\w*)$/,
  other: /^Missing\w*$/,
};
const anything =
  /^(?:Internal\w*|Other|Unknown|Unexpected|Custom|Generic|Message|Msg|General|Runtime\w*|Failed|Failure)$/;

/** Variants that may say it: by their name, and because they hold a text or nothing. */
function fitting(variants: readonly Variant[], words: Words): Variant[] {
  const plain = variants.filter(
    ({ holds }) => holds !== null && (holds.length === 0 || isText(holds[0])) && holds.length < 2,
  );
  const fits = plain.filter(({ name }) => named[words.about].test(name));
  // Two that fit equally well are a choice of a person.
  if (fits.length === 1) return fits;
  return fits.length > 1 ? [] : general(variants, words);
}

function general(variants: readonly Variant[], { about }: Words): Variant[] {
  const texts = variants.filter(({ holds }) => holds?.length === 1 && isText(holds[0]));
  const fits = about === 'parse' ? texts.filter(({ name }) => named.parse.test(name)) : [];
  const found = fits.length > 0 ? fits : texts.filter(({ name }) => anything.test(name));
  return found.length === 1 ? found : [];
}

function isText(type: string | undefined): boolean {
  return type !== undefined && /^(?:String|&'static str|Cow<'static, str>)$/.test(type);
}

function okOrVariant(
  scene: RustScene,
  error: Extract<ErrorType, { kind: 'enum' }>,
  variant: Variant,
  message: string,
): string {
  const [type] = variant.holds ?? [];
  if (type === undefined) return `.ok_or(${error.name}::${variant.name})?`;
  if (type.startsWith('&')) return `.ok_or(${error.name}::${variant.name}(${message}))?`;
  return `.ok_or_else(|| ${error.name}::${variant.name}(${owned(scene, message)}))?`;
}

/** A literal as owned text, the way the file mostly writes it. */
function owned({ source }: RustScene, message: string): string {
  const forms = ['.to_string()', '.to_owned()', '.into()'].map((form) => ({
    form,
    count: source.text.split(`"${form}`).length - 1,
  }));
  const from = source.text.split('String::from("').length - 1;
  const most = forms.reduce((best, next) => (next.count > best.count ? next : best));
  return from > most.count ? `String::from(${message})` : `${message}${most.form}`;
}

// ---------------------------------------------------------------- causes

/** The name that the file gives to errors in closures. */
export function err({ source }: Pick<RustScene, 'source'>): string {
  const short = source.text.split('map_err(|e|').length;
  const long = source.text.split('map_err(|err|').length;
  return short > long ? 'e' : 'err';
}

function withCause(scene: RustScene, words: Words): string {
  const name = err(scene);
  if (!words.given && words.about !== 'parse') return `${name}.to_string()`;
  return `format!("${JSON.stringify(words.text).slice(1, -1).replace(/[{}]/g, '$&$&')}: {${name}}")`;
}
