// Tests of a crate's library in its own folder `tests`: one call each, with the smallest values of the parameters.
// It runs nothing and puts no word of the event into a test.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Draft, FixTask } from '../../../ports.ts';
import { readWithin } from '../../../run/read-within.ts';
import type { ParseRust } from '../../rust/source.ts';
import { rustSubject, type RustSubject } from './subject.ts';
import { CannotBuild, rustInstance, rustTastes, rustValue, type RustTaste } from './values.ts';

/** Where cargo takes a test of the file from; null when no crate holds it. */
export function rustTestPlace(dir: string, file: string): string | null {
  const [, crate = ''] = /^(.*?\/)?src\//.exec(file) ?? [];
  if (!/(?:^|\/)src\//.test(file) || !existsSync(path.join(dir, crate, 'Cargo.toml'))) return null;
  return `${crate}tests/${stemOf(file)}.rs`;
}

/** Takes the code at its base. Gives why there is no test as a clause. */
export function draftRustTest(task: FixTask, dir: string, parse: ParseRust): Draft | { why: string } {
  const { suspect } = task.location;
  const place = suspect && rustTestPlace(dir, suspect.path);
  if (!suspect || !place) return { why: 'no line of a crate is known' };
  const subject = rustSubject(dir, suspect, parse);
  if ('why' in subject) return { why: `no test can call it: ${subject.why}` };
  const bodies = bodiesOf(subject);
  if ('why' in bodies) return { why: `\`${subject.name}\` cannot be called from a test: ${bodies.why}` };
  const before = readWithin(dir, place);
  const name = `${subject.name}_does_not_panic`;
  const scout = path.posix.join(path.posix.dirname(place), `suture_scout_${path.posix.basename(place)}`);
  return {
    scout: { path: scout, text: bodies.map((body, index) => testText(`call_${index + 1}`, body)).join('\n') },
    calls: bodies.map((body, index) => ({
      test: `call_${index + 1}`,
      finals: [{ path: place, text: withTest(before, testText(name, body)) }],
    })),
    before,
    name,
    keep: hasTests(path.join(dir, path.posix.dirname(place))),
  };
}

/** Different ones only, the plainest first. */
function bodiesOf(subject: RustSubject): string[][] | { why: string } {
  const bodies = new Map<string, string[]>();
  let why = '';
  for (const taste of rustTastes) {
    try {
      const body = bodyWith(subject, taste);
      bodies.set(body.join('\n'), body);
    } catch (error) {
      if (!(error instanceof CannotBuild)) throw error;
      why = error.message;
    }
  }
  return bodies.size > 0 ? [...bodies.values()] : { why };
}

function bodyWith(subject: RustSubject, taste: RustTaste): string[] {
  const how = { subject, taste, depth: 0 };
  const given = subject.parameters.map((type) => rustValue(type, how)).join(', ');
  const { module, name, owner, receiver } = subject;
  if (owner === null) return [`let _ = ${module}::${name}(${given});`];
  if (receiver === null) return [`let _ = ${module}::${owner}::${name}(${given});`];
  const mutable = receiver.includes('mut') ? 'mut ' : '';
  const variable = owner.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
  return [
    `let ${mutable}${variable} = ${rustInstance(owner, how)};`,
    `let _ = ${variable}.${name}(${given});`,
  ];
}

function testText(name: string, body: readonly string[]): string {
  return `#[test]\nfn ${name}() {\n${body.map((line) => `    ${line}\n`).join('')}}\n`;
}

function withTest(before: string | null, test: string): string {
  return before === null ? test : `${before.trimEnd()}\n\n${test}`;
}

function hasTests(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.rs'));
}

function stemOf(file: string): string {
  const stem = path.posix.basename(file, '.rs');
  return stem === 'mod' || stem === 'lib' ? path.posix.basename(path.posix.dirname(file)) : stem;
}
