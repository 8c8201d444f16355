// T6 and T7: text that is not JSON, and a reduce of an empty list.

import { describe, expect, it } from 'vitest';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import { answerOf, changeOf, silentLog, stage } from './fixers-stage.ts';
import type { CrashFacts } from './fixers-stage.ts';

const make = () => createTemplates({ log: silentLog, scripts: workHere });
const run = (facts: CrashFacts) => stage(make(), facts);

function parsing(at: string, file = 'src/settings.ts', project = 'parsing'): CrashFacts {
  return { project, file, at, message: 'Unexpected token < in JSON at position 0', type: 'SyntaxError' };
}

describe('T6 safe parse', () => {
  it('uses the helper, imports it and leaves early', async () => {
    expect(changeOf(await run(parsing('const settings = ^JSON')))).toMatchInlineSnapshot(`
      "T6 safe parse
      return early on text that is not JSON

      @@
       import { readCookie } from './cookies.js';
      +import { safeJsonParse } from './json.js';
       
       type Settings = { theme: string; token?: string };
       
       export function applyTheme(text: string, paint: (theme: string) => void): void {
         if (text === '') return;
      -  const settings = JSON.parse(text) as Settings;
      +  const settings = safeJsonParse<Settings>(text);
      +  if (settings === undefined) return;
         paint(settings.theme);
       }
       
      "
    `);
  });

  it('returns what the helper returns where that is declared', async () => {
    expect(changeOf(await run(parsing('return ^JSON.parse(text) as Settings')))).toMatchInlineSnapshot(`
      "T6 safe parse
      return nothing for text that is not JSON

      @@
       import { readCookie } from './cookies.js';
      +import { safeJsonParse } from './json.js';
       
       type Settings = { theme: string; token?: string };
       
      @@ export function applyTheme(text: string, paint: (theme: string) => void): void {
       }
       
       export function parseSettings(text: string): Settings | undefined {
      -  return JSON.parse(text) as Settings;
      +  return safeJsonParse<Settings>(text);
       }
       
       export function applyAll(texts: string[], paint: (theme: string) => void): void {
      "
    `);
  });

  it('skips one round of a loop', async () => {
    expect(changeOf(await run(parsing('const each = ^JSON')))).toMatchInlineSnapshot(`
      "T6 safe parse
      skip text that is not JSON

      @@
       import { readCookie } from './cookies.js';
      +import { safeJsonParse } from './json.js';
       
       type Settings = { theme: string; token?: string };
       
      @@ export function parseSettings(text: string): Settings | undefined {
       
       export function applyAll(texts: string[], paint: (theme: string) => void): void {
         for (const line of texts) {
      -    const each = JSON.parse(line) as Settings;
      +    const each = safeJsonParse<Settings>(line);
      +    if (each === undefined) continue;
           paint(each.theme);
         }
       }
      "
    `);
  });

  it.each([
    'Unexpected token \'<\', "<html>" is not valid JSON',
    'Unexpected end of JSON input',
    'JSON.parse: unexpected character at line 1 column 1 of the JSON data',
    'JSON Parse error: Unrecognized token',
    '"undefined" is not valid JSON',
  ])('knows %s', async (message) => {
    expect((await run({ ...parsing('const each = ^JSON'), message })).result.outcome).toBe('changed');
  });

  it.each([
    [
      'return (^JSON',
      'The parsed value is used on the spot, so there is no place to ask whether it is there.',
    ],
    [
      'const answer = ^JSON',
      "The value decides about access in line 28 (`answer.token`): what its absence means is a person's decision.",
    ],
    [
      'const parsed = ^JSON',
      "`strictSettings` is declared to return `Settings`, which admits neither `undefined` nor `null`: what to return instead is a person's decision.",
    ],
    ['const value: unknown = ^JSON', '`JSON.parse` is given a reviver here, which a helper would drop.'],
  ])('refuses %s', async (at, why) => {
    const staged = await run(parsing(at));
    expect(answerOf(staged)).toBe(`T6 safe parse: ${why}`);
    expect(staged.diff).toBe('');
  });

  it('leaves the helper itself alone', async () => {
    expect(answerOf(await run(parsing('return ^JSON', 'src/json.ts')))).toBe(
      'T6 safe parse: The line is the safe parse helper itself.',
    );
  });

  it('refuses where the project has no helper', async () => {
    expect(answerOf(await run(parsing('return ^JSON', 'src/raw.ts', 'strict')))).toBe(
      "T6 safe parse: The project has no safe parse helper that it uses elsewhere, so what broken text means here is a person's decision.",
    );
  });
});

function reducing(at: string): CrashFacts {
  return {
    project: 'strict',
    file: 'src/sums.ts',
    at,
    message: 'Reduce of empty array with no initial value',
  };
}

describe('T7 empty reduce', () => {
  it('sums from 0', async () => {
    expect(changeOf(await run(reducing('grams.^reduce')))).toMatchInlineSnapshot(`
      "T7 empty reduce
      sum up an empty list to 0

      @@
       export function weigh(grams: number[]): number {
      -  return grams.reduce((left, right) => left + right);
      +  return grams.reduce((left, right) => left + right, 0);
       }
       
       export function cartTotal(lines: { price: number; count: number }[]): number {
      "
    `);
  });

  it('keeps arguments on lines of their own', async () => {
    expect(changeOf(await run(reducing('    .^reduce')))).toMatchInlineSnapshot(`
      "T7 empty reduce
      sum up an empty list to 0

      @@ export function cartTotal(lines: { price: number; count: number }[]): number {
           .map((line) => line.price * line.count)
           .reduce(
             (sum, price) => sum + price,
      +      0,
           );
       }
       
      "
    `);
  });

  it.each([
    ['factors.^reduce', '+  }, 1);'],
    ['words.^reduce((all, word) => all + word', "+  return words.reduce((all, word) => all + word, '');"],
    ['lists.^reduce', '+  return lists.reduce((all, list) => all.concat(list), []);'],
  ])('finds what %s starts from', async (at, line) => {
    expect(changeOf(await run(reducing(at)))).toContain(line);
  });

  it.each([
    [
      'lengths.^reduce',
      "`Math.max(...)` has no obvious value to start from: what an empty list should give is a person's decision.",
    ],
    [
      'days.^reduce',
      "`a.at > b.at ? a : b` has no obvious value to start from: what an empty list should give is a person's decision.",
    ],
    [
      "words.^reduce((all, word) => all + ', '",
      "`all + ', ' + word` has no obvious value to start from: what an empty list should give is a person's decision.",
    ],
    [
      'settings.^reduce',
      "`{ ...all, ...more }` has no obvious value to start from: what an empty list should give is a person's decision.",
    ],
    [
      'values.^reduce',
      "`left + right * 2` has no obvious value to start from: what an empty list should give is a person's decision.",
    ],
    [
      'marks.^reduce',
      'The result is divided in line 41 (`sum / marks.length`), which has no answer for an empty list.',
    ],
  ])('refuses %s', async (at, why) => {
    const staged = await run(reducing(at));
    expect(answerOf(staged)).toBe(`T7 empty reduce: ${why}`);
    expect(staged.diff).toBe('');
  });
});
