// The walls between the folders of src/ stand only as long as the lint notices every breach.
// Plants one of each kind in a copy of the tree; the only complaints must be about what was planted.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));

const report = z.object({
  diagnostics: z.array(
    z.object({
      filename: z.string(),
      code: z.string(),
      message: z.string(),
      help: z.string().optional(),
    }),
  ),
});
type Complaint = z.infer<typeof report>['diagnostics'][number];

const entries = readdirSync(path.join(root, 'src'), { withFileTypes: true });
const files = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
/** `run/` is part of run.ts, `ports/` of ports.ts; every other folder is a room. */
const rooms = folders.filter((name) => !['domain', 'jobs', 'ports', 'run'].includes(name));

const walls = [
  {
    of: 'domain',
    sees: [] as string[],
    says: 'The domain imports its own files and zod only.',
  },
  { of: 'jobs', sees: ['domain', 'ports.ts', 'ports'], says: 'Jobs see domain/ and ports.ts only.' },
  ...rooms.map((room) => ({
    of: room,
    sees: ['domain', 'ports.ts', 'ports', 'run.ts', 'run'],
    says: 'A room sees itself, domain/, ports.ts and run.ts; rooms never import each other.',
  })),
].map((wall) => ({
  ...wall,
  hidden: [...folders, ...files].filter((name) => name !== wall.of && !wall.sees.includes(name)),
}));

const promiseOfNothing = 'const later = async (): Promise<void> => {};';

/** Each a file that must not pass, with what the lint must say about it. */
const breaches = [
  {
    what: 'the domain reads the clock',
    file: 'domain/planted-clock.ts',
    text: 'export const now = (): number => Date.now();',
    says: 'Times are numbers passed in (milliseconds).',
  },
  {
    what: 'the domain calls out',
    file: 'domain/locate/planted-call.ts',
    text: "export const call = (): Promise<Response> => fetch('https://example.org');",
    says: 'The domain does no I/O.',
  },
  {
    what: 'the domain imports a package',
    file: 'domain/planted-package.ts',
    text: "import { readFileSync } from 'node:fs';\nexport const text = readFileSync('x', 'utf8');",
    says: 'The domain imports its own files and zod only.',
  },
  {
    what: 'the domain imports only a type from a deeper folder',
    file: 'domain/locate/planted-type.ts',
    text: "import type { Ports } from '../../ports.ts';\nexport type Mine = Ports;",
    says: 'The domain imports its own files and zod only.',
  },
  {
    what: 'a job imports a package',
    file: 'jobs/planted-package.ts',
    text: "import { z } from 'zod';\nexport const word = z.string();",
    says: 'Jobs see domain/ and ports.ts only.',
  },
  {
    what: 'a job passes a room on',
    file: 'jobs/planted-export.ts',
    text: "export { createSentry } from '../sentry/client.ts';",
    says: 'Jobs see domain/ and ports.ts only.',
  },
  {
    what: 'a job goes round by its own folder',
    file: 'jobs/planted-detour.ts',
    text: "export { createSentry } from './../sentry/client.ts';",
    says: 'Go the straight way.',
  },
  {
    what: 'a deeper folder of a room imports another room',
    file: 'fixers/templates/planted-room.ts',
    text: "export { createSentry } from '../../sentry/client.ts';",
    says: 'A room sees itself, domain/, ports.ts and run.ts; rooms never import each other.',
  },
  ...['config-like.ts', 'jobs/x.ts', 'domain/x.ts', 'git/x.ts', 'checks/deep/x.ts'].map((file) => ({
    what: `${path.dirname(file) === '.' ? 'a top-level file' : path.dirname(file)} starts a program`,
    file: file.replace(/([\w-]+)\.ts$/, 'planted-program.ts'),
    text: "import { spawn } from 'node:child_process';\nexport const start = spawn;",
    says: 'Only src/run.ts starts programs.',
  })),
  {
    what: 'nobody waits for a promise',
    file: 'planted-promise.ts',
    text: `${promiseOfNothing}\nexport function go(): void {\n  later();\n}`,
    says: 'Promises must be awaited',
  },
  {
    what: 'a promise is taken for a yes',
    file: 'planted-yes.ts',
    text: `${promiseOfNothing}\nexport function go(): number {\n  return later() ? 1 : 2;\n}`,
    says: 'Expected non-Promise value in a boolean conditional.',
  },
  {
    what: 'a switch forgets a case',
    file: 'planted-switch.ts',
    text: "export function go(way: 'left' | 'right'): number {\n  switch (way) {\n    case 'left':\n      return 1;\n  }\n  return 2;\n}",
    says: 'Switch is not exhaustive',
  },
  {
    what: 'two files import each other',
    file: 'planted-circle.ts',
    text: "import { two } from './planted-other.ts';\nexport const one = (): number => two();",
    says: 'cycle',
  },
  {
    what: 'two files import each other, from the other side',
    file: 'planted-other.ts',
    text: "import { one } from './planted-circle.ts';\nexport const two = (): number => one();",
    says: 'cycle',
  },
  {
    what: 'a value is of any type',
    file: 'planted-any.ts',
    text: 'export const anything = (value: any): number => value.length;',
    says: 'Unexpected `any`',
  },
];

describe('the lint', () => {
  let copy = '';
  let complaints: Complaint[] = [];

  beforeAll(async () => {
    copy = await mkdtemp(path.join(tmpdir(), 'suture-walls-'));
    for (const name of ['src', 'package.json', 'tsconfig.json', '.oxlintrc.json'])
      await cp(path.join(root, name), path.join(copy, name), { recursive: true });
    await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    for (const wall of walls) await plant(`${wall.of}/planted-wall.ts`, wall.hidden.map(importOf).join('\n'));
    for (const breach of breaches) await plant(breach.file, breach.text);
    complaints = await lint(copy);
  }, 120_000);

  afterAll(() => rm(copy, { recursive: true, force: true }));

  async function plant(file: string, text: string): Promise<void> {
    const at = path.join(copy, 'src', file);
    await mkdir(path.dirname(at), { recursive: true });
    await writeFile(at, `${text}\n`);
  }

  const about = (file: string): Complaint[] =>
    complaints.filter(({ filename }) => filename === `src/${file}`);

  test('has nothing to say about the tree as it is', () => {
    expect(complaints.filter(({ filename }) => !/\/planted-[\w-]+\.ts$/.test(filename))).toEqual([]);
  });

  test.each(walls)('keeps src/$of from everything it must not see', ({ of, hidden, says }) => {
    const stopped = about(`${of}/planted-wall.ts`).filter(({ help }) => help === says);
    expect(stopped.map(({ message }) => /'\.\.\/([\w.-]+)/.exec(message)?.[1])).toEqual(hidden);
  });

  test.each(breaches)('says no when $what', ({ file, says }) => {
    const said = about(file).flatMap(({ message, help }) => [message, help ?? '']);
    expect(said).toContainEqual(expect.stringContaining(says));
  });
});

/** A file of the folder stands for all of it; whether it is there makes no difference to the rule. */
function importOf(name: string, index: number): string {
  return `export * as hidden${index} from '../${name}${name.endsWith('.ts') ? '' : '/any.ts'}';`;
}

/** Ends with status 1 whenever it complains, so only its report tells. */
async function lint(cwd: string): Promise<Complaint[]> {
  const program = path.join(root, 'node_modules/oxlint/bin/oxlint');
  const text = await new Promise<string>((resolve) => {
    execFile(process.execPath, [program, '--format', 'json', 'src'], { cwd, maxBuffer: 2 ** 26 }, (_, out) =>
      resolve(out),
    );
  });
  return report.parse(JSON.parse(text)).diagnostics;
}

/**
 * What the lint cannot follow. git/quiet.ts needs the very copy of a package that another package loads;
 * syntax/parsers.ts loads the grammars, which are CommonJS, when the first file is parsed.
 */
test('nothing in src/ loads a module in a way that the lint does not see', () => {
  const src = path.join(root, 'src');
  const loading = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) =>
      /\bimport\(|createRequire|getBuiltinModule/.test(readFileSync(path.join(src, name), 'utf8')),
    );
  expect(new Set(loading)).toEqual(new Set(['git/quiet.ts', 'syntax/parsers.ts']));
});
