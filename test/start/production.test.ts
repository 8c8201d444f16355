// What `npm ci --omit=dev` leaves must be enough to run, and an old Node must say what to do.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));

type Ended = { code: number; stdout: string; stderr: string };

function runNode(args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

describe('what runs in production', () => {
  const named = z.array(z.object({ name: z.string() }));
  const report = z.object({
    issues: z.array(z.object({ file: z.string(), unlisted: named, unresolved: named })),
  });
  let copy = '';
  let found: { file: string; imports: string[] }[] = [];

  beforeAll(async () => {
    copy = await mkdtemp(path.join(tmpdir(), 'suture-production-'));
    for (const name of ['src', 'package.json', 'tsconfig.json', 'knip.json'])
      await cp(path.join(root, name), path.join(copy, name), { recursive: true });
    await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    await writeFile(
      path.join(copy, 'src/log.ts'),
      "import 'nock';\nimport 'not-there';\nexport { pino as createLog } from 'pino';\n",
    );
    const knip = path.join(root, 'node_modules/knip/bin/knip.js');
    const asked = ['--production', '--strict', '--include', 'unlisted,unresolved', '--reporter', 'json'];
    const ended = await runNode([knip, ...asked], copy);
    found = report.parse(JSON.parse(ended.stdout)).issues.map(({ file, unlisted, unresolved }) => ({
      file,
      imports: [...unlisted, ...unresolved].map(({ name }) => name),
    }));
  }, 60_000);

  afterAll(() => rm(copy, { recursive: true, force: true }));

  test('imports no development dependency, and nothing that is not declared, but for what is planted', () => {
    expect(found).toEqual([{ file: 'src/log.ts', imports: ['nock', 'not-there'] }]);
  });
});

describe('on an old Node', () => {
  const check = path.join(root, 'scripts/check-node.js');

  test('the check says which Node is needed and how to get it', async () => {
    const pretend = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.20.2'}})";
    const ended = await runNode(['--import', pretend, check], root);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/needs Node 24 or newer[\s\S]*`npm ci`/);
  });

  test('the check lets this Node pass without a word', async () => {
    expect(await runNode([check], root)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('every npm script that runs TypeScript is preceded by the check', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
    const running = Object.keys(scripts).filter((name) =>
      /^(?:node \S+\.ts|vitest)\b/.test(scripts[name] ?? ''),
    );
    expect(running).toContain('start');
    for (const name of running) expect(scripts[`pre${name}`]).toBe('node scripts/check-node.js');
  });
});
