// What the policy lets through and what it stops, row by row.

import { describe, expect, it } from 'vitest';
import { matchesPath } from '../../src/domain/proof/path-rules.ts';
import { checkPolicy } from '../../src/domain/proof/policy.ts';
import type { PolicyInput } from '../../src/domain/proof/policy.ts';
import { parseDiff } from '../../src/domain/proof/unified-diff.ts';

/** A diff of one hunk; lines carry their sign. */
function diffOf(
  path: string,
  lines: readonly string[],
  header: readonly string[] = ['index 1111111..2222222 100644'],
): string {
  const old = lines.filter((line) => !line.startsWith('+')).length;
  const added = lines.filter((line) => !line.startsWith('-')).length;
  const names = [`--- a/${path}`, `+++ b/${path}`];
  return [
    `diff --git a/${path} b/${path}`,
    ...header,
    ...names,
    `@@ -10,${old} +10,${added} @@`,
    ...lines,
    '',
  ].join('\n');
}

function judge(path: string, lines: readonly string[], change: Partial<PolicyInput> = {}) {
  return checkPolicy({
    diff: diffOf(path, lines),
    changes: [{ path, kind: 'modified' }],
    limits: { files: 5, lines: 100 },
    protectedPaths: [],
    ...change,
  });
}

describe('forbidden constructs on added lines', () => {
  it.each([
    ['src/a.ts', ['+  } catch {}'], 10, 'an empty catch'],
    ['src/a.ts', ['+  } catch (error) {', '+    // never mind', '+  }'], 10, 'an empty catch'],
    [
      'src/a.ts',
      ['   try {', '     go();', '   } catch (error) {', '-    report(error);', '   }', '+  done();'],
      0,
      '',
    ],
    ['src/a.ts', ['+  } catch (error) {', '   }'], 10, 'an empty catch'],
    ['src/a.js', ['+go().catch(() => {});'], 10, 'a discarded rejection'],
    ['src/a.js', ['+go().catch(noop);'], 10, 'a discarded rejection'],
    ['src/a.ts', [' x();', '+const y: any = x;'], 11, 'the type `any`'],
    ['src/a.ts', ['+const y = new Map<string, any>();'], 10, 'the type `any`'],
    ['src/a.ts', ['+const y = x as User;'], 10, 'a type assertion with `as`'],
    ['src/a.ts', ['+const y = load() as unknown as { id: string };'], 10, 'a type assertion with `as`'],
    ['src/a.tsx', ['+  const y = x as User;'], 10, 'a type assertion with `as`'],
    ['src/a.ts', ['+const y = <User>x;'], 10, 'a type assertion with `<>`'],
    ['src/a.ts', ['+const y = rows.find(isOpen)!;'], 10, 'a non-null assertion (`!`)'],
    ['src/a.tsx', ['+  return <b>{user!.name}</b>;'], 10, 'a non-null assertion (`!`)'],
    ['src/a.ts', ['+  // @ts-ignore'], 10, 'a comment that switches off the type checker'],
    [
      'src/a.ts',
      ['+  /* @ts-expect-error later */ go(1);'],
      10,
      'a comment that switches off the type checker',
    ],
    ['src/a.ts', ['+// @ts-nocheck'], 10, 'a comment that switches off the type checker'],
    ['src/a.py', ['+x = load()  # type: ignore'], 10, 'a comment that switches off the type checker'],
    ['src/a.ts', ['+// eslint-disable-next-line no-console'], 10, 'a comment that switches off a lint rule'],
    ['src/a.ts', ['+// oxlint-disable-next-line'], 10, 'a comment that switches off a lint rule'],
    ['src/a.ts', ['+/* v8 ignore next */'], 10, 'a comment that hides code from the coverage'],
    ['src/a.rs', ['+#[allow(dead_code)]'], 10, 'an attribute that switches off a lint'],
    [
      'src/a.rs',
      ['+    let user_id = row.id.unwrap_or_default();'],
      10,
      'a default for something that must not have one',
    ],
    [
      'src/a.rs',
      ['+    let total = amount(&row).unwrap_or_default();'],
      10,
      'a default for something that must not have one',
    ],
    ['src/a.rs', ['+    let _ = file.sync_all();'], 10, 'a discarded result'],
    ['src/a.rs', ['+        Err(_) => {}'], 10, 'an empty catch'],
    ['src/sentry.ts', ['+  beforeSend: () => null,'], 10, 'a filter of reported errors'],
    ['src/sentry.ts', ["+  ignoreErrors: ['TypeError'],"], 10, 'a filter of reported errors'],
    ['src/a.py', ['+except Exception as error:'], 10, 'a catch that takes every error'],
    ['src/a.py', ['+except ValueError:', '+    pass'], 10, 'an empty catch'],
    [
      'src/a.ts',
      ['+  try {', '   const a = one();', '-  try {', '   two(a);', '   } catch (error) { report(error); }'],
      10,
      'a wider catch',
    ],
    [
      'src/a.ts',
      ['   } catch (error) {', '     report(error);', '-    throw error;', '   }'],
      12,
      'a wider catch',
    ],
    ['src/a.py', ['+except (KeyError, Exception):'], 10, 'a catch that takes every error'],
    ['src/a.py', ['+def load(row: Any) -> str:'], 10, 'the type `Any`'],
    ['src/a.py', ['+    row: dict[str, Any] = {}'], 10, 'the type `Any`'],
    ['src/a.py', ["+user = cast('User', row)"], 10, 'a type assertion with `cast`'],
    ['src/a.py', ['+with contextlib.suppress(Exception):'], 10, 'a discarded error'],
    ['src/a.rs', ['+    if let Err(error) = save() {}'], 10, 'an empty catch'],
    ['src/a.rs', ['+        Err(error) => {}'], 10, 'an empty catch'],
    ['src/a.rs', ['+    let row = std::panic::catch_unwind(|| row_of(id));'], 10, 'a panic that is caught'],
    ['src/a.rs', ['+    let row = unsafe { rows.get_unchecked(at) };'], 10, 'unchecked memory access'],
    ['src/a.rs', ['+    save().map_err(|_| ())?;'], 10, 'a discarded result'],
    ['src/a.rs', ['+    let row = rows.first().unwrap();'], 10, 'another `unwrap` or `expect`'],
    [
      'src/a.ts',
      ['-export function read(row: Row): string {', '+export function read(row: unknown): string {'],
      10,
      'a wider type',
    ],
    ['src/a.ts', ['-  fields: Record<string, string>;', '+  fields: object;'], 10, 'a wider type'],
    ['src/a.ts', ['-  timeout: 5_000,', '+  timeout: 5 * 60_000,'], 10, 'a longer time-out'],
    ['src/a.ts', ['-  retries: 2,', '+  retries: 5,'], 10, 'more retries'],
    ['src/a.ts', ['+  maxRetries: 3,'], 10, 'more retries'],
  ])('%s %j', (path, lines, line, what) => {
    const { violations } = judge(path, lines);
    expect(violations).toEqual(what === '' ? [] : [`\`${path}:${line}\` has ${what}.`]);
  });
});

describe('lines that only look like it', () => {
  it.each([
    ['src/a.ts', '+const size = [1, 2] as const;'],
    ['src/a.ts', "+import { read as readFile } from './io.ts';"],
    ['src/a.ts', '+  readFile as read,'],
    ['src/a.ts', "+export * as io from './io.ts';"],
    ['src/a.ts', '+if (a !== b && !c) return;'],
    ['src/a.ts', "+const text = 'Hello! as User // @ts-ignore';"],
    ['src/a.ts', '+const any = rows.some(isOpen);'],
    ['src/a.ts', '+// as any reader sees, this never throws!'],
    ['src/a.ts', '+const found = /any|as x/.test(text);'],
    ['src/a.tsx', '+  <p>Saved! Thank you.</p>'],
    ['src/a.tsx', "+  <p>Don't treat it as spam</p>"],
    ['src/a.js', '+const x = y as z;'],
    ['src/a.ts', '+} catch (error) { report(error); }'],
    ['src/a.ts', '+  return items satisfies Item[];'],
    ['src/a.rs', "+fn name<'a>(row: &'a Row) -> &'a str { &row.name }"],
    ['src/a.rs', '+    let label = row.label.unwrap_or_default();'],
    ['src/a.ts', '+const name = user?.name;'],
    ['src/a.ts', '+const timeout = settings.timeout;'],
    ['src/a.py', '+except KeyError as error:'],
    ['src/a.py', '+if Any in (row, column): cast(row)'],
    ['src/a.py', '+except (KeyError, ValueError) as error:'],
    ['src/a.rs', '+        Err(error) => return Err(error.into()),'],
    ['src/a.ts', '+export function read(row: unknown): string {'],
    ['src/a.ts', '+const shape = { id: unknown, name };'],
    ['docs/a.md', '+Use `as any` and `// @ts-ignore` never.'],
  ])('%s %s', (path, line) => {
    expect(judge(path, [line])).toMatchObject({ ok: true, violations: [] });
  });

  it('says nothing about lines that go', () => {
    expect(judge('src/a.ts', ['-const a = b!.c as any; // @ts-ignore', '+const a = c;']).violations).toEqual(
      [],
    );
  });

  it('forbids `?.` to templates only', () => {
    const lines = ['-const name = user!.name;', '+const name = user?.name;'];
    expect(judge('src/a.ts', lines, { fixer: 'agent' }).ok).toBe(true);
    expect(judge('src/a.ts', lines, { fixer: 'templates' }).violations).toEqual([
      '`src/a.ts:10` has an optional chain (`?.`).',
    ]);
  });
});

describe('tests', () => {
  it.each([
    [['-  expect(total).toBe(3);'], 10, 'a deleted assertion'],
    [
      ['-  expect(total).toBe(3);', '-  expect(count).toBe(1);', '+  expect(total).toBe(4);'],
      10,
      'a deleted assertion',
    ],
    [['+it.skip("adds", () => {});'], 10, 'a test that is skipped or singled out'],
    [['+describe.only("cart", () => {'], 10, 'a test that is skipped or singled out'],
    [['+test.todo("adds");'], 10, 'a test that is skipped or singled out'],
    [['+xit("adds", () => {'], 10, 'a test that is skipped or singled out'],
    [["-it('adds', () => {", '-});'], 10, 'a deleted test'],
    [['-  expect(sum).toBeCloseTo(1.5, 5);', '+  expect(sum).toBeCloseTo(1.5, 1);'], 10, 'a wider tolerance'],
    [['-  expect(ms).toBeLessThan(50);', '+  expect(ms).toBeLessThan(500);'], 10, 'a wider tolerance'],
    [
      ['-  expect(row).toEqual({ id: 1 });', '+  expect(row).toBeDefined();'],
      10,
      'an assertion that asserts less',
    ],
    [
      ['-  expect(row).toEqual({ id: 1 });', '+  expect(true).toBe(true);'],
      10,
      'an assertion that asserts less',
    ],
  ])('%j', (lines, line, what) => {
    expect(judge('src/cart.test.ts', lines).violations).toContain(
      `\`src/cart.test.ts:${line}\` has ${what}.`,
    );
  });

  it.each([
    ['a new test', ["+it('adds nothing', () => {", '+  expect(total([])).toBe(0);', '+});']],
    [
      'an assertion that moved',
      ['-  expect(total).toBe(3);', '   const more = 1;', '+  expect(total).toBe(3);'],
    ],
    [
      'an assertion that was made stricter',
      ['-  expect(row).toBeDefined();', '+  expect(row).toEqual({ id: 1 });'],
    ],
    ['a comment about skip', ['+  // it.skip is not used here']],
  ])('lets through %s', (_, lines) => {
    expect(judge('src/cart.test.ts', lines).violations).toEqual([]);
  });

  it('knows tests of other languages', () => {
    expect(judge('tests/test_cart.py', ['-    assert total == 3']).violations).toEqual([
      '`tests/test_cart.py:10` has a deleted assertion.',
    ]);
    expect(judge('src/cart.rs', ['-        assert_eq!(total, 3);']).violations).toEqual([
      '`src/cart.rs:10` has a deleted assertion.',
    ]);
    expect(judge('src/cart.rs', ['+    #[ignore]']).violations).toEqual([
      '`src/cart.rs:10` has a test that is skipped or singled out.',
    ]);
  });

  it('takes another unwrap for one that moved, and for a test', () => {
    const moved = ['-    let row = rows.first().unwrap();', '+    let row = rows.last().unwrap();'];
    expect(judge('src/cart.rs', moved).violations).toEqual([]);
    const inTest = ['+    #[test]', '+    fn adds() {', '+        add(1).unwrap();', '+    }'];
    expect(judge('src/cart.rs', inTest).violations).toEqual([]);
  });

  it.each([
    ['src/cart.rs', '+    #[should_panic]'],
    ['tests/test_cart.py', '+    pytest.xfail("later")'],
    ['tests/test_cart.py', '+pytestmark = pytest.mark.skip'],
    ['tests/test_cart.py', '+        self.skipTest("later")'],
  ])('%s %s', (path, line) => {
    expect(judge(path, [line]).violations).toEqual([
      `\`${path}:10\` has a test that is skipped or singled out.`,
    ]);
  });

  it('says that a whole test went', () => {
    const diff = diffOf(
      'src/cart.test.ts',
      ["-it('adds', () => {});"],
      ['deleted file mode 100644', 'index 1..0'],
    );
    const { violations } = judge('src/cart.test.ts', [], { diff });
    expect(violations).toEqual(['`src/cart.test.ts:1` has a deleted test file.']);
  });
});

describe('paths', () => {
  it.each([
    ['.github/workflows/ci.yml', 'decides what CI runs'],
    ['.github/CODEOWNERS', 'decides who reviews'],
    ['packages/web/package-lock.json', 'is a lock file'],
    ['src-tauri/Cargo.lock', 'is a lock file'],
    ['.circleci/config.yml', 'decides what CI runs'],
    ['package.json', 'decides what is built and checked'],
    ['packages/web/tsconfig.build.json', 'decides what is built and checked'],
    ['vitest.config.ts', 'decides what is built and checked'],
    ['.eslintrc.cjs', 'decides what is built and checked'],
    ['crates/core/Cargo.toml', 'decides what is built and checked'],
    ['crates/core/build.rs', 'decides what is built and checked'],
    ['pyproject.toml', 'decides what is built and checked'],
    ['.pre-commit-config.yaml', 'runs or installs programs'],
    ['.claude/settings.json', 'instructs coding agents'],
    ['packages/web/.codex/config.toml', 'instructs coding agents'],
    ['.mcp.json', 'instructs coding agents'],
    ['opencode.json', 'instructs coding agents'],
    ['docs/AGENTS.md', 'instructs coding agents'],
    ['CLAUDE.md', 'instructs coding agents'],
    ['.gitattributes', 'is read by git itself'],
    ['web/.gitignore', 'is read by git itself'],
    ['third_party/zlib/inflate.c', 'is vendored or generated'],
    ['public/app.min.js', 'is vendored or generated'],
    ['src/__generated__/types.ts', 'is vendored or generated'],
    ['.github/sentry.yml', 'holds the settings of this bot'],
    ['src/core/money.ts', 'is protected by the setting `src/core/**`'],
  ])('%s', (path, why) => {
    expect(judge(path, ['+x'], { protectedPaths: ['src/core/**'] }).violations).toContain(
      `\`${path}\` ${why}, so only a person may change it.`,
    );
  });

  it.each([
    ['src/core/**', 'src/core/a/b.ts', true],
    ['src/core/**', 'lib/src/core/a.ts', false],
    ['*.sql', 'db/migrations/1.sql', true],
    ['/db/*.sql', 'db/migrations/1.sql', false],
    ['db/', 'db/migrations/1.sql', true],
    ['src/**/index.ts', 'src/index.ts', true],
    ['src/?.ts', 'src/ab.ts', false],
    ['{a,b}/c.ts', 'b/c.ts', true],
    ['SRC/*.TS', 'src/a.ts', true],
    ['*a*a*a*a*a*a*a*b', 'a'.repeat(4000), false],
  ])('%s covers %.40s: %s', (pattern, path, expected) => {
    expect(matchesPath(pattern, path)).toBe(expected);
  });

  it('checks the old name of a renamed file too', () => {
    const diff = [
      'diff --git a/yarn.lock b/notes.txt',
      'similarity index 100%',
      'rename from yarn.lock',
      'rename to notes.txt',
      '',
    ].join('\n');
    const changes = [
      { path: 'notes.txt', kind: 'added' as const },
      { path: 'yarn.lock', kind: 'deleted' as const },
    ];
    expect(judge('notes.txt', [], { diff, changes }).violations).toEqual([
      '`yarn.lock` is a lock file, so only a person may change it.',
    ]);
  });
});

/** The lines git prints for a file, without a hunk. */
function head(path: string, ...lines: string[]): string {
  return [`diff --git a/${path} b/${path}`, ...lines, ''].join('\n');
}

describe('form', () => {
  it.each([
    [
      'logo.png',
      head('logo.png', 'index 1..2 100644', 'Binary files a/logo.png and b/logo.png differ'),
      '`logo.png` is binary, so nobody can read the change.',
    ],
    [
      'run.sh',
      head('run.sh', 'old mode 100644', 'new mode 100755'),
      '`run.sh` changes its mode from 100644 to 100755.',
    ],
    ['run.sh', head('run.sh', 'new file mode 100755', 'index 0..1'), '`run.sh` is new and executable.'],
    [
      'link',
      head('link', 'new file mode 120000', 'index 0..1'),
      '`link` is a symbolic link, which no fix needs.',
    ],
    ['sub', head('sub', 'new file mode 160000', 'index 0..1'), '`sub` is a submodule, which no fix needs.'],
    ['gone.ts', '', '`gone.ts` changed, but the diff does not show how.'],
  ])('%s', (path, diff, sentence) => {
    expect(judge(path, [], { diff }).violations).toEqual([sentence]);
  });

  it('refuses a diff of files that did not change', () => {
    expect(judge('src/a.ts', ['+x()'], { changes: [] }).violations).toEqual([
      'The diff changes `src/a.ts`, which is not among the files that changed.',
    ]);
  });

  it('refuses a line that nobody can read', () => {
    expect(judge('src/a.ts', [`+const a = "${'x'.repeat(3_000)}";`]).violations).toEqual([
      '`src/a.ts:10` has a line of 3013 characters, which nobody can read.',
    ]);
  });

  it('refuses an empty change', () => {
    expect(judge('a', [], { diff: '', changes: [] }).violations).toEqual([
      'The diff is empty, so there is nothing to propose.',
    ]);
  });

  it('counts files and lines', () => {
    const limits = { files: 0, lines: 1 };
    expect(judge('src/a.ts', ['+a()', '-b()'], { limits }).violations).toEqual([
      'The change touches 1 files, and the limit is 0.',
      'The change has 2 added and removed lines, and the limit is 1.',
    ]);
  });

  it('sums up for the proof table', () => {
    expect(judge('src/a.ts', ['-a()', '+b()'])).toEqual({
      ok: true,
      violations: [],
      summary: 'no protected file, nothing loosened, 2 lines',
    });
    expect(judge('yarn.lock', ['+a']).summary).toBe('1 rule broken');
  });
});

describe('reading a diff', () => {
  it('takes text that looks like a header for text', () => {
    const diff = diffOf('notes.txt', ['--- a/yarn.lock', '+++ b/yarn.lock', '+diff --git a/x b/x']);
    expect(parseDiff(diff).map((file) => [file.path, file.hunks[0]?.map((line) => line.text)])).toEqual([
      ['notes.txt', ['-- a/yarn.lock', '++ b/yarn.lock', 'diff --git a/x b/x']],
    ]);
  });

  it('reads quoted and blank-bearing names', () => {
    const diff = [
      'diff --git "a/\\303\\251t\\303\\251.ts" "b/\\303\\251t\\303\\251.ts"',
      'new file mode 100644',
      '',
      'diff --git a/my file.ts b/my file.ts',
      'new file mode 100644',
      '',
    ].join('\n');
    expect(parseDiff(diff).map((file) => file.path)).toEqual(['été.ts', 'my file.ts']);
  });
});
