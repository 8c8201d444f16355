// Where real histories are played: the world of the stories, a repository with many places to crash and one quick
// check, and Suture as a process that is killed and started again on PGlite or on Postgres.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { kioskFiles, nameOf, sourceOf } from '../../stories/kiosk.ts';
import type { RunningSuture } from '../../world/suture.ts';
import { startWorld, type World } from '../../world/world.ts';

/** A fresh database, for the beginning and for when one is lost; null: PGlite in the data folder. */
export type NewDatabase = (() => Promise<string>) | null;

export type Stage = {
  world: World;
  /** The next place that nobody has crashed at yet. */
  nextPlace(): number;
  /** Everything any process wrote. */
  output(): string;
  isRunning(): boolean;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Kills Suture when it runs; the next start finds an empty database. */
  loseDatabase(): Promise<void>;
  close(): Promise<void>;
};

/** So many places has one repository; a stage serves as many problems, and people stay below the host's limits. */
export const places = 20;

/** `compiled`: where Node keeps what it has compiled. */
export async function openStage(newDatabase: NewDatabase, compiled: string): Promise<Stage> {
  const sample = await mkdtemp(path.join(tmpdir(), 'suture-real-'));
  await writeSample(sample);
  const world = await startWorld({ sample });
  await rm(sample, { recursive: true, force: true });
  world.ci.pretend('success');
  let database = await newDatabase?.();
  let suture: RunningSuture | null = null;
  let port = '0';
  const outputs: string[] = [];
  let place = 0;
  const kill = async (): Promise<void> => {
    if (!suture) return;
    await suture.kill();
    outputs.push(suture.output());
    suture = null;
  };
  return {
    world,
    nextPlace: () => (place += 1),
    output: () => [...outputs, suture?.output() ?? ''].join('\n'),
    isRunning: () => suture !== null,
    kill,
    start: async () => {
      if (suture) return;
      const settings = { PORT: port, FETCH_MINUTES: '1', NODE_COMPILE_CACHE: compiled };
      suture = await world.start({ ...settings, ...(database ? { DATABASE_URL: database } : {}) });
      port = new URL(suture.url).port;
    },
    loseDatabase: async () => {
      await kill();
      database = await newDatabase?.();
      if (!newDatabase) await rm(path.join(world.dataDir, 'db'), { recursive: true, force: true });
    },
    close: () => world.close(),
  };
}

/** Real programs take real time: so long after a death before the next look. */
export async function moment(ms: number): Promise<void> {
  if (ms > 0) await pause(ms);
}

/** Pull requests of earlier histories stay open: no later one waits for them. */
const settings = [
  '.github/sentry.yml',
  `limits:\n  open-pull-requests: ${2 * places}\n  pull-requests-per-day: ${5 * places}\n`,
] as const;

async function writeSample(dir: string): Promise<void> {
  const numbers = Array.from({ length: places }, (_, index) => index + 1);
  const shelves = numbers.map((place) => [`src/${nameOf(place)}.ts`, sourceOf(place)] as const);
  for (const [file, text] of [...shelves, settings, ...Object.entries(kioskFiles)]) {
    await mkdir(path.join(dir, path.dirname(file)), { recursive: true });
    await writeFile(path.join(dir, file), text);
  }
}
