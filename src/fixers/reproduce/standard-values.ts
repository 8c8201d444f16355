// Values of types that the language itself brings. It must not know types of packages.

import type { Type } from 'ts-morph';
import type { Taste } from './values.ts';

type Maker = (parts: readonly Type[], taste: Taste, build: (type: Type) => string) => string;

const map: Maker = ([key, value], taste, build) =>
  taste.entries === 0 || !key || !value ? 'new Map()' : `new Map([[${build(key)}, ${build(value)}]])`;
const set: Maker = ([entry], taste, build) =>
  taste.entries === 0 || !entry ? 'new Set()' : `new Set([${build(entry)}])`;
const list: Maker = ([entry], taste, build) => (taste.entries === 0 || !entry ? '[]' : `[${build(entry)}]`);
const always =
  (text: string): Maker =>
  () =>
    text;

const makers: Readonly<Record<string, Maker>> = {
  Map: map,
  ReadonlyMap: map,
  WeakMap: always('new WeakMap()'),
  Set: set,
  ReadonlySet: set,
  WeakSet: always('new WeakSet()'),
  Iterable: list,
  ArrayLike: list,
  Date: always('new Date(0)'),
  RegExp: always('/(?:)/'),
  Error: (_, taste) => `new Error(${JSON.stringify(taste.text)})`,
  Promise: ([value], _, build) => promised(value, build),
  PromiseLike: ([value], _, build) => promised(value, build),
  URL: always("new URL('http://localhost/')"),
  URLSearchParams: always('new URLSearchParams()'),
  Uint8Array: always('new Uint8Array()'),
  ArrayBuffer: always('new ArrayBuffer(0)'),
  Buffer: always('Buffer.alloc(0)'),
  AbortSignal: always('new AbortController().signal'),
  Headers: always('new Headers()'),
  FormData: always('new FormData()'),
};

function promised(value: Type | undefined, build: (type: Type) => string): string {
  const text = value ? build(value) : 'undefined';
  return `Promise.resolve(${text === 'undefined' ? '' : text})`;
}

/** The expression; null when the type is none of these. */
export function standardValue(type: Type, taste: Taste, build: (type: Type) => string): string | null {
  const symbol = type.getSymbol();
  const maker = Object.hasOwn(makers, symbol?.getName() ?? '') ? makers[symbol?.getName() ?? ''] : undefined;
  const isBuiltIn = symbol?.getDeclarations().some((one) => {
    const file = one.getSourceFile().getFilePath();
    return /\/lib\.[\w.]*d\.ts$/.test(file) || /\/node_modules\/@types\/node\//.test(file);
  });
  return maker && isBuiltIn ? maker(type.getTypeArguments(), taste, build) : null;
}
