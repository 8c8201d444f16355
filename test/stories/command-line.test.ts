// The command line as people run it: real processes on an event of Sentry's and a clone of the shop.

import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CrashName } from '../world/sentry/crashes.ts';
import { startWorld, until, type World } from '../world/world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

type Ended = { code: number; output: string; error: string };

/** `npm run -s suture -- …`, as a person who stands in `from` types it. */
function suture(
  args: readonly string[],
  options: { from?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const env = {
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`,
    HOME: process.env['HOME'],
    ...registry(),
    ...options.env,
  };
  const cwd = options.from ?? root;
  return new Promise((resolve) => {
    execFile('npm', ['run', '-s', 'suture', '--', ...args], { cwd, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? -1);
      resolve({ code, output: stdout, error: stderr });
    });
  });
}

function registry(): Record<string, string | undefined> {
  const wanted =
    /^(?:npm_config_(?:cache|registry|cafile|globalconfig)|https?_proxy|no_proxy|node_extra_ca_certs)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => wanted.test(name)));
}

const located = z.strictObject({
  frames: z.array(
    z.strictObject({
      index: z.number(),
      function: z.string().nullable(),
      reported: z.strictObject({
        path: z.string().nullable(),
        line: z.number().nullable(),
        column: z.number().nullable(),
      }),
      inApp: z.boolean(),
      path: z.string().nullable(),
      line: z.number().nullable(),
      rule: z.string(),
      confidence: z.number().min(0).max(1),
      contextMatches: z.boolean().nullable(),
    }),
  ),
  suspect: z.looseObject({ path: z.string(), line: z.number(), function: z.string().nullable() }).nullable(),
  candidates: z.array(z.string()),
  refusal: z.string().nullable(),
});

const fixed = z.strictObject({
  outcome: z.enum(['fixed', 'refused', 'not-actionable', 'failed']),
  fixer: z.string().nullable(),
  diagnosis: z.array(z.string()),
  files: z.array(z.string()),
  diff: z.string(),
  ladder: z.array(
    z.strictObject({
      step: z.string(),
      result: z.enum(['passed', 'failed', 'skipped']),
      detail: z.string(),
      output: z.string().optional(),
    }),
  ),
  reproduced: z.boolean(),
  reason: z.string().nullable(),
});

describe('the command line', () => {
  let world: World;
  let dir: string;
  let clone: string;
  const events = new Map<CrashName, string>();

  beforeAll(async () => {
    world = await startWorld();
    dir = await mkdtemp(path.join(tmpdir(), 'suture-command-line-'));
    clone = path.join(dir, 'clone');
    execFileSync('git', ['clone', '--quiet', world.github.repositoryDirectory('lantern/shop'), clone]);
    for (const name of ['related-product', 'payment-down', 'no-shipping-rate'] as const) {
      const known = world.problems().length;
      await world.crash(name);
      const problem = await until('the problem', () => world.problems()[known]);
      events.set(name, await saveEvent(name, problem.id));
    }
  });
  afterAll(async () => {
    await world.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** As the REST API returns it. */
  async function saveEvent(name: string, problemId: string): Promise<string> {
    const url = `${world.sentry.url}/api/0/organizations/lantern/issues/${problemId}/events/latest/`;
    const headers = { authorization: `Bearer ${world.settings['SENTRY_TOKEN'] ?? ''}` };
    const response = await fetch(url, { headers });
    const file = path.join(dir, `${name}.json`);
    await writeFile(file, await response.text());
    return file;
  }

  function about(name: CrashName): string[] {
    return ['--event', events.get(name) ?? '', '--repo', clone];
  }

  it('locates a crash, as JSON and for people', async () => {
    const json = await suture(['locate', ...about('related-product'), '--json']);
    expect(json.code).toBe(0);
    const location = located.parse(JSON.parse(json.output));
    expect(location.suspect).toMatchObject({
      path: 'src/catalogue.ts',
      line: 29,
      function: 'relatedProduct',
    });
    expect(location.candidates[0]).toBe('src/catalogue.ts');
    expect(location.refusal).toBeNull();
    const text = await suture(['locate', ...about('related-product')]);
    expect(text.code).toBe(0);
    expect(text.output).toMatch(/^src\/catalogue\.ts:29 in relatedProduct\n/);
  });

  it('understands paths from where the person stands, and a revision', async () => {
    const from = path.join(root, 'test');
    const args = about('related-product').map((arg) =>
      arg.startsWith('--') ? arg : path.relative(from, arg),
    );
    const { code, output } = await suture(['locate', ...args, '--rev', 'main', '--json'], { from });
    expect(code).toBe(0);
    expect(located.parse(JSON.parse(output)).suspect?.path).toBe('src/catalogue.ts');
  });

  it('fixes in a place of its own, and leaves the repository as it was', async () => {
    await writeFile(path.join(clone, 'notes.txt'), 'mine');
    const before = stateOf(clone);
    const { code, output, error } = await suture(['fix', ...about('related-product'), '--json']);
    expect(code).toBe(0);
    const result = fixed.parse(JSON.parse(output));
    expect(result).toMatchObject({
      outcome: 'fixed',
      fixer: 'templates',
      files: ['src/catalogue.ts', 'test/catalogue.test.ts'],
      reproduced: true,
      reason: null,
    });
    expect(result.diff).toMatch(/^diff --git a\/src\/catalogue\.ts b\/src\/catalogue\.ts\n/);
    expect(result.diagnosis.length).toBeGreaterThanOrEqual(4);
    expect(result.diagnosis.length).toBeLessThanOrEqual(6);
    expect(result.ladder.map(({ step }) => step)).toContain('npm test');
    expect(error).toContain('"step"');
    expect(stateOf(clone)).toEqual(before);
  });

  it.each([
    { name: 'payment-down', outcome: 'not-actionable' },
    { name: 'no-shipping-rate', outcome: 'refused' },
  ] as const)('refuses $name with status 3 and a reason', async ({ name, outcome }) => {
    const before = stateOf(clone);
    const { code, output } = await suture(['fix', ...about(name), '--json']);
    const result = fixed.parse(JSON.parse(output));
    expect([code, result.outcome]).toEqual([3, outcome]);
    expect(result.reason).toMatch(/.{20,}/);
    expect([result.files, result.diff]).toEqual([[], '']);
    expect(stateOf(clone)).toEqual(before);
  });

  it('tells wrong use (2) from an error (1)', async () => {
    const event = events.get('related-product') ?? '';
    const cases: [string[], number, RegExp][] = [
      [['dance'], 2, /There is no command dance\.[\s\S]*Usage:/],
      [['fix', '--event', event], 2, /Give --event FILE and --repo DIR\.[\s\S]*Usage:/],
      [['locate', '--colour'], 2, /--colour[\s\S]*Usage:/],
      [
        ['locate', '--event', `${event}.gone`, '--repo', clone],
        1,
        /\.gone: it cannot be read\. --event takes a Sentry event/,
      ],
      [['locate', '--event', path.join(root, 'README.md'), '--repo', clone], 1, /it is not JSON/],
      [['locate', ...about('related-product'), '--rev', 'gone'], 1, /has no commit named gone/],
      [
        ['locate', '--event', event, '--repo', dir],
        1,
        /not a git repository|no git repository|not.*repository/i,
      ],
      [
        ['fix', ...about('related-product'), '--fixer', 'magic'],
        1,
        /There is no fixer magic; there is: templates/,
      ],
    ];
    for (const [args, status, message] of cases) {
      const { code, output, error } = await suture(args);
      expect([args, code, output]).toEqual([args, status, '']);
      expect(error).toMatch(message);
      expect(error).not.toMatch(/^\s+at /m);
    }
  });

  it('examines the settings', async () => {
    const good = await suture(['doctor', '--json'], { env: { ...world.settings } });
    const finding = z.strictObject({ check: z.string(), ok: z.boolean(), detail: z.string() });
    const report = z.strictObject({ ok: z.boolean(), findings: z.array(finding) });
    expect(good.code).toBe(0);
    expect(report.parse(JSON.parse(good.output)).ok).toBe(true);
    const text = await suture(['doctor'], { env: { ...world.settings } });
    expect(
      text.output
        .trim()
        .split('\n')
        .every((line) => line.startsWith('✓ ')),
    ).toBe(true);
    const bad = await suture(['doctor'], {
      env: { ...world.settings, SENTRY_TOKEN: 'a-wrong-token', BINDINGS: 'lantern/shop=lantern/gone' },
    });
    expect(bad.code).toBe(1);
    expect(bad.output).toMatch(/✗ Sentry project lantern\/shop\n {4}Sentry does not accept the token/);
    expect(bad.output).toMatch(/✗ repository lantern\/gone\n {4}.*install/i);
    const none = await suture(['doctor', '--json']);
    expect(none.code).toBe(1);
    expect(
      report.parse(JSON.parse(none.output)).findings.filter(({ ok }) => !ok).length,
    ).toBeGreaterThanOrEqual(6);
  });
});

/** What git says of a repository: changes, worktrees, branches and the commit. */
function stateOf(repository: string): string[] {
  const asked = [
    ['status', '--porcelain', '--ignored'],
    ['worktree', 'list'],
    ['branch', '--all'],
    ['rev-parse', 'HEAD'],
    ['stash', 'list'],
  ];
  return asked.map((args) => execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' }));
}
