// Reads out of a package's script which runner it starts, and with what, so that the runner can be started for some
// files only. It must not guess: where a shell, a build or a second runner has a part in it, nobody can say.

import type { TestRunner } from '../../ports.ts';
import type { Manifest } from '../project.ts';
import { optionsOf, type OptionRules } from './runner-options.ts';

export type RunnerCall = {
  runner: Exclude<TestRunner, 'cargo'>;
  /** What starts it: `vitest`, `jest`, `node` or `tsx`. */
  program: string;
  /** The script's own, without those that choose files, report or measure. */
  options: readonly string[];
  /** What it names as test files; the runner's own choice when empty. */
  patterns: readonly string[];
  env: Readonly<Record<string, string>>;
};

/** Null when the script of that name does more, or something else, than to start one known runner. */
export function runnerCall(manifest: Manifest, name: string): RunnerCall | null {
  const scripts = new Map(Object.entries(manifest.scripts ?? {}));
  const parts = partsOf(scripts, name)?.filter((words) => !onlyLooks(words)) ?? [];
  const [only = []] = parts;
  return parts.length === 1 ? callIn(only) : null;
}

const deepest = 3;

/** Every command that `npm run` starts for it, scripts within scripts included; null when a shell is needed. */
function partsOf(scripts: ReadonlyMap<string, string>, name: string, depth = 0): string[][] | null {
  if (depth > deepest) return null;
  const all: string[][] = [];
  for (const script of [`pre${name}`, name, `post${name}`].flatMap((one) => scripts.get(one) ?? [])) {
    for (const part of script.split(/&&|;/)) {
      const words = wordsOf(part);
      if (words === null) return null;
      const inner = innerScript(words);
      const found = inner !== null && scripts.has(inner) ? partsOf(scripts, inner, depth + 1) : [words];
      if (found === null) return null;
      all.push(...found);
    }
  }
  return all;
}

const word = /(?:[\w@%+=:,./*?{}!^~-]|"[^"$`\\]*"|'[^']*')+/g;

/** Null when anything in it is for a shell; patterns of file names are for the runner as well. */
function wordsOf(part: string): string[] | null {
  const words = part.match(word) ?? [];
  if (words.length === 0 || part.replace(word, '').trim() !== '') return null;
  return words.map((one) => one.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/** `npm run test:unit`, with nothing handed on to it. */
function innerScript(words: readonly string[]): string | null {
  const [manager = '', ...rest] = words.filter((one) => !/^(?:-s|--silent)$/.test(one));
  if (!/^(?:npm|pnpm|yarn)$/.test(manager)) return null;
  const [name, ...more] = rest[0] === 'run' ? rest.slice(1) : rest;
  return more.length === 0 ? (name ?? null) : null;
}

const lookers =
  /^(?:eslint|oxlint|biome|stylelint|prettier|oxfmt|standard|xo|knip|publint|attw|cspell|echo)$/;

/** What changes nothing that a test could see. */
function onlyLooks([program = '', ...args]: readonly string[]): boolean {
  return lookers.test(program) || (/^(?:vue-)?tsc$/.test(program) && args.includes('--noEmit'));
}

function callIn(words: readonly string[]): RunnerCall | null {
  const env: Record<string, string> = {};
  let at = 0;
  for (; at < words.length; at += 1) {
    const [, name, value] = /^([A-Z_][A-Z0-9_]*)=(.*)$/.exec(words[at] ?? '') ?? [];
    if (name !== undefined) env[name] = value ?? '';
    else if (!/^(?:cross-env|npx|c8|nyc)$/.test(words[at] ?? '')) break;
  }
  const [program = '', ...rest] = words.slice(at);
  const known = runners.find((one) => one.programs.includes(program));
  const given = known ? optionsOf(known.argsOf(rest), known.rules) : null;
  if (!known || given === null) return null;
  if (known.runner === 'node:test' ? !isTestRun(rest, known.rules) : given.others.length > 0) return null;
  return { runner: known.runner, program, options: given.options, patterns: given.others, env };
}

/** What stands before `--test` is no program of the project's own that has such an option. */
function isTestRun(args: readonly string[], rules: OptionRules): boolean {
  const at = args.indexOf('--test');
  return at >= 0 && optionsOf(args.slice(0, at), rules)?.others.length === 0;
}

type Known = {
  runner: RunnerCall['runner'];
  programs: readonly string[];
  /** Its arguments without its command. */
  argsOf: (rest: readonly string[]) => readonly string[];
  rules: OptionRules;
};

const runners: readonly Known[] = [
  {
    runner: 'vitest',
    programs: ['vitest'],
    argsOf: (rest) => (rest[0] === 'run' ? rest.slice(1) : rest),
    rules: {
      valued:
        /^(?:-[ct]|--(?:config|dir|project|environment|mode|pool|reporter|outputFile|maxWorkers|minWorkers|testTimeout|hookTimeout|bail|retry|testNamePattern|exclude|coverage\.[\w.]+))$/,
      dropped: /^--(?:run|(?:no-)?(?:coverage|watch|passWithNoTests|ui|open)|reporter|outputFile)(?:[.=]|$)/,
      refused: /^(?:-[ruw]|--(?:root|update|changed|standalone|mergeReports|shard|help|version))(?:=|$)/,
      strict: true,
    },
  },
  {
    runner: 'jest',
    programs: ['jest'],
    argsOf: (rest) => rest,
    rules: {
      valued:
        /^(?:-[ctw]|--(?:config|maxWorkers|env|testEnvironment|testTimeout|testNamePattern|reporters|seed|coverageDirectory|coverageProvider|coverageReporters|collectCoverageFrom|outputFile))$/,
      dropped:
        /^--(?:ci|(?:no-)?coverage\w*|collectCoverage\w*|watch(?:All)?|passWithNoTests|json|outputFile)(?:=|$)/,
      refused:
        /^(?:-[fou]|--(?:only\w+|changed\w+|lastCommit|root(?:Dir|s)|projects|testPathPatterns?|findRelatedTests|runTestsByPath|listTests|filter|shard|update\w+|(?!no-)\w+-[\w-]+))(?:=|$)/,
      strict: true,
    },
  },
  {
    runner: 'node:test',
    programs: ['node', 'tsx'],
    argsOf: (rest) => rest,
    rules: {
      valued:
        /^(?:-[Cr]|--(?:import|require|(?:experimental-)?loader|conditions|env-file(?:-if-exists)?|tsconfig|disable-warning|test-(?:reporter|reporter-destination|name-pattern|skip-pattern|timeout|concurrency|isolation|global-setup|coverage-[\w-]+)))$/,
      dropped:
        /^--(?:test|test-reporter(?:-destination)?|watch|experimental-test-coverage|test-coverage-[\w-]+)(?:=|$)/,
      refused: /^--(?:test-shard|eval|print|check|run)(?:=|$)/,
      strict: false,
    },
  },
];
