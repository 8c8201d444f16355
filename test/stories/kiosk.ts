// A sample repository with many small places to crash, each mended by a guard. Its checks take a moment only:
// it is for stories about what happens round a fix. Events of it are sent as an SDK would.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sendEvent, type SentEvent } from '../world/sentry/send-envelope.ts';
import type { GitHubOptions } from '../world/github/start.ts';
import { startWorld, until, type World } from '../world/world.ts';

const places = 24;

export type KioskOptions = GitHubOptions & {
  /** Further files of the repository, by path. */
  files?: Readonly<Record<string, string>>;
};

/** The world whose repository is the kiosk, and where CI only says what it is told to. */
export async function startKiosk(options: KioskOptions = {}): Promise<World> {
  const sample = await mkdtemp(path.join(tmpdir(), 'suture-kiosk-'));
  try {
    await writeKiosk(sample, options.files ?? {});
    const world = await startWorld({ ...options, sample });
    world.ci.pretend('success');
    return world;
  } finally {
    await rm(sample, { recursive: true, force: true });
  }
}

/** Makes the place of that number crash once; gives the problem's short id when Sentry has it. */
export async function crashAt(
  world: World,
  place: number,
  sent: SentEvent = { release: 'kiosk@1.0.0' },
): Promise<string> {
  const id = await sendEvent(world.dsn, { ...eventAt(place), ...sent });
  const found = await until('the problem', () =>
    world.problems().find((problem) => problem.eventIds.includes(id)),
  );
  return found.shortId;
}

/** The event that the place of this number causes; without a release. */
export function eventAt(place: number): SentEvent {
  const lines = sourceOf(place).split('\n');
  const at = lines.findIndex((line) => line.includes('return item.label'));
  return {
    value: "Cannot read properties of undefined (reading 'label')",
    fingerprint: [`place ${place}`],
    frames: [
      {
        filename: `/app/src/${nameOf(place)}.ts`,
        function: `label${place}`,
        lineno: at + 1,
        colno: 15,
        in_app: true,
        pre_context: lines.slice(0, at),
        context_line: lines[at] ?? '',
        post_context: lines.slice(at + 1),
      },
    ],
  };
}

/** The file of that place, without its ending. */
export function nameOf(place: number): string {
  return `shelf-${place}`;
}

/** The file of that place as it is first. */
export function sourceOf(place: number): string {
  return [
    'export type Item = { id: string; label: string };',
    '',
    `export function label${place}(items: readonly Item[], id: string): string | undefined {`,
    '  const item = items.find((one) => one.id === id)!;',
    '  return item.label.trim();',
    '}',
    '',
  ].join('\n');
}

/** What makes the places a project: one type check and one test. */
export const kioskFiles: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'kiosk', type: 'module', scripts: { test: 'node --test' } }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'es2024',
      module: 'nodenext',
      types: [],
      strict: true,
      allowImportingTsExtensions: true,
      noEmit: true,
    },
    include: ['src'],
  }),
  'test/labels.test.ts': [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { label1 } from '../src/shelf-1.ts';",
    '',
    "test('names what is there', () => {",
    "  assert.equal(label1([{ id: 'a', label: ' Lamp ' }], 'a'), 'Lamp');",
    '});',
    '',
  ].join('\n'),
};

async function writeKiosk(dir: string, extra: Readonly<Record<string, string>>): Promise<void> {
  const shelves = Array.from({ length: places }, (_, index) => index + 1);
  const sources = Object.fromEntries(shelves.map((place) => [`src/${nameOf(place)}.ts`, sourceOf(place)]));
  for (const [file, text] of Object.entries({ ...sources, ...kioskFiles, ...extra })) {
    await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
    await writeFile(path.join(dir, file), text);
  }
}
