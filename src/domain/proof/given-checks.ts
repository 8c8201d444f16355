// The checks that a repository names itself in its settings, used in place of those that would be found.

import { z } from 'zod';
import { commandWords } from '../triage/command-words.ts';
import { matchesPath } from './path-rules.ts';

/** A check as the settings have it, each command as program and arguments, run at the root of the repository. */
export type GivenCheck = {
  name: string;
  run: string[];
  /** Paths of files that it is for; empty for all. */
  when: string[];
  /** What must have run before; null: what the repository's lock files ask for. */
  install: string[] | null;
  /** Files whose content decides whether an earlier install still holds; empty: none does. */
  cache: string[];
};

const line = (most: number) => z.string().trim().min(1).max(most);

const command = z
  .union([line(1000), z.array(z.string().min(1).max(1000)).min(1).max(50)])
  .superRefine((given, context) => {
    const words = typeof given === 'string' ? commandWords(given) : null;
    if (words && 'why' in words) context.addIssue({ code: 'custom', message: words.why });
  });

const fileName = line(300).refine(
  (name) => !name.startsWith('/') && !name.split('/').includes('..') && !/[*?\\]/.test(name),
  'this must be the path of a file of the repository, without a pattern',
);

/** It stands in tables as it is: nothing in it may be a mention, a link or a format. */
const checkName = line(60).regex(/^[\p{L}\p{N} .:/()+,-]+$/u);

const check = z.strictObject({
  name: checkName.describe('Shown in the pull request.'),
  run: command.describe('The program and its arguments. No shell reads it; [sh, -c, "…"] starts one.'),
  when: z
    .array(line(300))
    .max(50)
    .optional()
    .describe('Run it only for these files, as globs. Default: all.'),
  install: command
    .optional()
    .describe('Run once before it, with the package registries as its only network. Default: by lock files.'),
  cache: z
    .array(fileName)
    .max(50)
    .optional()
    .describe('Files that decide whether an earlier install is used again. Default: it never is.'),
});

/** Part of the settings file. */
export const givenChecksSchema = z
  .array(check)
  .min(1)
  .max(20)
  .superRefine((checks, context) => {
    checks.forEach(({ name }, index) => {
      if (checks.findIndex((one) => one.name === name) < index)
        context.addIssue({ code: 'custom', path: [index, 'name'], message: 'another check has this name' });
    });
  });

/** Takes what the schema has read; nothing for none. */
export function givenChecks(read: z.infer<typeof givenChecksSchema> = []): GivenCheck[] {
  return read.map(({ name, run, when, install, cache }) => ({
    name,
    run: wordsOf(run),
    when: when ?? [],
    install: install === undefined ? null : wordsOf(install),
    cache: cache ?? [],
  }));
}

function wordsOf(given: string | string[]): string[] {
  if (typeof given !== 'string') return given;
  const words = commandWords(given);
  return 'words' in words ? words.words : [];
}

/** Those that are for one of these files; for no file in particular, all. */
export function checksFor(given: readonly GivenCheck[], paths: readonly string[]): GivenCheck[] {
  return given.filter(
    ({ when }) =>
      when.length === 0 ||
      paths.length === 0 ||
      paths.some((path) => when.some((pattern) => matchesPath(pattern, path))),
  );
}
