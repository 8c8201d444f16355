// How one test file is run, read out of a package's own test script.
// Of a script only what it gives to node is kept: never a part that a shell would have to understand.

import type { TestRunner } from '../ports.ts';
import type { Manifest } from './project.ts';
import { runnerScripts } from './runner-scripts.ts';

export type TestCommand = { runner: TestRunner; command: string[]; env: Record<string, string> };

/** Options of node:test that choose tests or reports; ours take their place. */
const ownOptions =
  /^--(?:test(?:-reporter|-reporter-destination|-name-pattern|-skip-pattern|-only|-shard|-coverage.*)?|watch|experimental-test-coverage|test-concurrency)(?:=|$)/;
/** Options whose value is a word of its own. */
const withValue = new Set([
  '--import',
  '--require',
  '-r',
  '--loader',
  '--experimental-loader',
  '--conditions',
  '-C',
  '--env-file',
]);

/** Null when the script does not say how a single file is run. */
export function testCommand(manifest: Manifest): TestCommand | null {
  // Where `test` only starts what it needs, another script may start the runner.
  for (const name of ['test', ...runnerScripts(manifest)]) {
    const found = commandOf(resolved(manifest, manifest.scripts?.[name] ?? ''));
    if (found) return found;
  }
  return null;
}

function commandOf(script: string): TestCommand | null {
  for (const part of script.split(/&&|;|\|\|/)) {
    const words = part.trim().split(/\s+/).map(unquoted);
    const found = commandIn(words);
    if (found) return found;
  }
  return null;
}

/** `npm run test:unit` is looked up, one level deep. */
function resolved(manifest: Manifest, script: string): string {
  return script.replace(
    /\b(?:npm|pnpm|yarn)(?: run)?(?: -s| --silent)* ([\w:.-]+)(?=\s*(?:&&|;|$))/g,
    (whole, name: string) => manifest.scripts?.[name] ?? whole,
  );
}

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/, '$2');
}

function commandIn(words: readonly string[]): TestCommand | null {
  const env: Record<string, string> = {};
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, name, value] = /^([A-Z_][A-Z0-9_]*)=([\w./:-]*)$/.exec(word) ?? [];
    if (name !== undefined) env[name] = value ?? '';
    else if (!/^(?:cross-env|c8|nyc|npx)$/.test(word) && !word.startsWith('--')) break;
  }
  const program = words[at] ?? '';
  const rest = words.slice(at + 1);
  if (program === 'vitest') return { runner: 'vitest', command: vitest, env };
  if (program === 'jest') return { runner: 'jest', command: jest, env };
  const isNode = (program === 'node' || program === 'tsx') && rest.includes('--test');
  return isNode ? { runner: 'node:test', command: [program, ...optionsIn(rest), ...nodeTest], env } : null;
}

const nodeTest = ['--test', '--test-reporter=tap'];
const vitest = ['vitest', 'run', '--reporter=json', '--coverage.enabled=false'];
const jest = ['jest', '--ci', '--json', '--coverage=false', '--runTestsByPath'];

function optionsIn(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || ownOptions.test(word)) continue;
    kept.push(word);
    if (withValue.has(word)) kept.push(words[(at += 1)] ?? '');
  }
  return kept;
}
