// Scripts of a package that start a test runner themselves, whatever its script `test` does around them.

import type { Manifest } from './project.ts';

const most = 2;
/** What a person runs to look on, or what needs a browser. */
const notOnce = /watch|debug|inspect|coverage|bench|update|e2e|cypress|playwright|browser|\bui\b/i;
const around = /^(?:npx|cross-env|c8|nyc|[A-Z_][A-Z0-9_]*=\S*)$/;
const runners = /^(?:mocha|jest|vitest|ava|tap|tape|jasmine|qunit)$/;

/** Their names, in the manifest's order. */
export function runnerScripts({ scripts = {} }: Manifest): string[] {
  return Object.entries(scripts)
    .filter(([name, script]) => name !== 'test' && !notOnce.test(`${name} ${script}`))
    .filter(([, script]) => script.split(/&&|;/).some(startsRunner))
    .map(([name]) => name)
    .slice(0, most);
}

function startsRunner(part: string): boolean {
  const words = part.trim().split(/\s+/);
  const program = words.find((word) => !around.test(word)) ?? '';
  return runners.test(program) || (program === 'node' && words.includes('--test'));
}
