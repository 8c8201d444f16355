// Every Rust template from an event to a proved change: real git, real cargo, the whole ladder.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createChecks } from '../../src/checks/checks.ts';
import { createToolchain } from '../../src/checks/toolchain.ts';
import { changeLimits } from '../../src/domain/proof/limits.ts';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import { openLocal } from '../../src/git/local.ts';
import { diagnoseCrash } from '../../src/jobs/diagnose-crash.ts';
import { repair } from '../../src/jobs/repair.ts';
import { parseEvent } from '../../src/sentry/parse-event.ts';
import { parseRust } from '../../src/syntax/parsers.ts';
import { createSourceMaps } from '../../src/syntax/source-maps.ts';
import { createSyntax } from '../../src/syntax/syntax.ts';
import { silentLog } from '../rooms/fixers-stage.ts';
import { createReproducer } from '../../src/fixers/reproduce/reproducer.ts';
import { hasCargo } from '../rooms/rust-stage.ts';
import { sandboxForChecks } from '../world/sandbox.ts';

vi.setConfig({ testTimeout: 180_000 });

const folder = mkdtempSync(join(tmpdir(), 'suture-rust-'));
const repo = join(folder, 'fleet');
cpSync(join(import.meta.dirname, '../fixtures/fixers/crate'), repo, { recursive: true });
git('init', '--quiet', '--initial-branch=main');
git('add', '--all');
git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'base');

const dataDir = join(folder, 'data');
const reading = { syntax: createSyntax(), sourceMaps: createSourceMaps() };
const { sandbox } = await sandboxForChecks();
const checks = createChecks({ dataDir, sandbox, installHosts: [], log: silentLog });
const rust = { parse: parseRust, toolchain: createToolchain({ sandbox, dataDir }) };
/** One worktree for all: what cargo has compiled in it stays. */
const opened = open();

async function open() {
  const repository = await openLocal(repo, silentLog);
  const base = await repository.resolveRevision('main');
  return { repository, worktree: await repository.openWorktree('rust', base ?? '') };
}

afterAll(async () => {
  await (await opened).repository.close();
  rmSync(folder, { recursive: true, force: true });
});

function git(...args: string[]): string {
  return execFileSync('git', ['-C', repo, ...args], { encoding: 'utf8' });
}

/** As the Rust SDK reports a panic: the message, and a stack that ends in the standard library. */
function eventOf(file: string, code: string, value: string): string {
  const lines = readFileSync(join(repo, file), 'utf8').split('\n');
  const lineNo = lines.findIndex((line) => line.includes(code)) + 1;
  const colNo = (lines[lineNo - 1]?.indexOf(code) ?? 0) + 1;
  const module = `fleet::${file.replace(/^src\/|\.rs$/g, '')}`;
  const std = { filename: 'library/core/src/panicking.rs', lineNo: 75, colNo: 14, inApp: false };
  const frames = [
    { filename: file, function: `${module}::run`, lineNo, colNo, inApp: true },
    { ...std, function: 'core::panicking::panic_fmt' },
    { ...std, function: 'rust_begin_unwind', filename: null, lineNo: null, colNo: null },
  ].map((frame) => ({ absPath: null, module: null, package: null, platform: null, context: [], ...frame }));
  const exception = {
    type: 'panic',
    value,
    mechanism: { type: 'panic', handled: false },
    stacktrace: { frames },
  };
  const event = {
    id: '1',
    eventID: '1',
    platform: 'native',
    title: `panic: ${value}`,
    message: '',
    entries: [{ type: 'exception', data: { values: [exception] } }],
    tags: [],
  };
  return JSON.stringify(event);
}

const err = (error: string) => `called \`Result::unwrap()\` on an \`Err\` value: ${error}`;
const none = 'called `Option::unwrap()` on a `None` value';
const cut = "byte index 240 is not a char boundary; it is inside 'é' (bytes 239..241) of `…`";
const utf8 = err('FromUtf8Error { bytes: [255], error: Utf8Error { valid_up_to: 0, error_len: Some(1) } }');

describe.skipIf(!hasCargo)('a panic becomes a proved change (needs cargo)', () => {
  const outOfBounds = 'index out of bounds: the len is 1 but the index is 1';
  const noFile = err('Os { code: 2, kind: NotFound, message: "No such file" }');
  it.each([
    ['R1', 'src/notes.rs', 'self.body[..240]', cut, 'note.preview()'],
    ['R2', 'src/tags.rs', 'fields[1]', outOfBounds, 'fleet::tags::host_of("1")'],
    ['R3', 'src/store.rs', 'unwrap();', noFile, 'Store::load(std::path::Path::new("missing"))'],
    ['R4', 'src/table.rs', 'self.width - text.len()', 'attempt to subtract with overflow', 'table.line("a")'],
    ['R5', 'src/tags.rs', 'colors[tag]', 'no entry found for key', 'color_of(&Default::default(), "")'],
    // What git answers is nothing that a test could pass in.
    ['R6', 'src/telemetry.rs', 'unwrap();', utf8, null],
    ['R8', 'src/menu.rs', 'number - 1', 'attempt to subtract with overflow', 'jump'],
    ['R9', 'src/menu.rs', 'self.by_key.get(key).unwrap()', none, 'show('],
    ['R10', 'src/steps.rs', 'todo!("reading', 'not yet implemented: reading failed', 'read('],
    ['R7', 'src/config.rs', 'unwrap())', err('ParseIntError { kind: InvalidDigit }'), 'port_of("")'],
  ])('%s in %s', async (name, file, code, message, shownBy) => {
    const event = parseEvent(JSON.parse(eventOf(file, code, message)));
    const { repository, worktree } = await opened;
    const found = await diagnoseCrash(reading, { event, repository, base: worktree.base });
    const problem = { shortId: 'FLEET-1', title: event.title };
    const fix = await repair(
      {
        checks,
        fixers: [createTemplates({ log: silentLog, scripts: workHere, rust })],
        reproducer: createReproducer({ scripts: workHere, rust }),
      },
      {
        task: { problem, event, ...found, hint: null, earlier: [], previousFailure: null },
        worktree,
        protectedPaths: [],
        limits: changeLimits,
        progress: async () => {},
      },
    );
    expect(fix).toMatchObject({ outcome: 'fixed', fixer: 'templates', files: [file] });
    expect(fix.ladder.find(({ step }) => step === 'change')?.detail).toContain(name);
    if (fix.outcome !== 'fixed') throw new Error(fix.reason);
    const told = fix.ladder.find(({ step }) => step === 'reproduced')?.detail;
    expect(fix.evidence?.text ?? null, told).toEqual(shownBy && expect.stringContaining(shownBy));
    const proved = fix.ladder.filter(({ step }) => step.startsWith('cargo '));
    expect(proved.map(({ step, result }) => [step, result])).toEqual([
      ['cargo check --all-targets', 'passed'],
      ['cargo test --no-fail-fast', 'passed'],
    ]);
  });
});
