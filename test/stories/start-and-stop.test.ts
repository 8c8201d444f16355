// How the server starts, refuses to start, and ends.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, pullsOf, tick } from './steps.ts';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

type Ended = { code: number | null; output: string; error: string };

/** Runs the server with these settings only, in an empty folder, until it ends by itself. */
async function serve(settings: Readonly<Record<string, string>>): Promise<Ended> {
  const cwd = await mkdtemp(path.join(tmpdir(), 'suture-start-'));
  const env = { PATH: process.env['PATH'], ...settings };
  const child = spawn(process.execPath, [program, 'serve'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, error] = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray());
  await once(child, 'close');
  await rm(cwd, { recursive: true, force: true });
  return {
    code: child.exitCode,
    output: ((await output) ?? []).join(''),
    error: ((await error) ?? []).join(''),
  };
}

describe('starting', () => {
  let world: World;

  beforeAll(async () => {
    world = await startKiosk();
  });
  afterAll(() => world.close());

  it('lists every missing setting in one message, and listens to nothing', async () => {
    const { code, output, error } = await serve({});
    expect(code).toBe(1);
    expect(output).toBe('');
    for (const name of [
      'APP_ID',
      'PRIVATE_KEY',
      'WEBHOOK_SECRET',
      'SENTRY_TOKEN',
      'SENTRY_WEBHOOK_SECRET',
      'BINDINGS',
    ])
      expect(error).toContain(`\n  - ${name}: `);
    expect(error).toMatch(/^Suture cannot start: 6 settings need attention\.\n/);
    expect(error).not.toMatch(/^\s+at /m);
  });

  it('refuses an empty webhook secret', async () => {
    const { code, error } = await serve({ ...world.settings, WEBHOOK_SECRET: '' });
    expect(code).toBe(1);
    expect(error).toContain('- WEBHOOK_SECRET: is missing. An empty secret would let anyone send events');
  });

  it('names every mistake, and shows no secret', async () => {
    const wrong = { PORT: 'eighty', BINDINGS: 'shop', PRIVATE_KEY: 'no key', FETCH_MINUTES: '0' };
    const { code, error } = await serve({ ...world.settings, ...wrong });
    expect(code).toBe(1);
    for (const name of Object.keys(wrong)) expect(error).toContain(`\n  - ${name}: `);
    for (const name of ['WEBHOOK_SECRET', 'SENTRY_TOKEN']) expect(error).not.toContain(world.settings[name]);
  });

  it('refuses a data folder that another Suture uses', async () => {
    const first = await world.start();
    const { code, output, error } = await serve(world.settings);
    expect(code).toBe(1);
    expect(error).toMatch(/^Another Suture \(pid \d+\) uses DATA_DIR .* Stop it first/);
    expect(error).not.toMatch(/^\s+at /m);
    expect(output).not.toContain('Suture listens');
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
    expect(await first.stop()).toBe(0);
  });
});

describe('stopping', () => {
  let world: World;

  afterEach(() => world.close());

  it('ends with 0 within seconds, also in the middle of a fix, which goes on at the next start', async () => {
    const slow =
      "import { test } from 'node:test';\ntest('takes its time', () => new Promise((done) => setTimeout(done, 5000)));\n";
    world = await startKiosk({ files: { 'test/slow.test.ts': slow } });
    const suture = await world.start();
    const shortId = await crashAt(world, 1);
    await tick(world, shortId);
    await until('the checks to run', () =>
      world.github.requests.some(({ path: asked }) => asked.endsWith('git-upload-pack')),
    );
    const asked = performance.now();
    expect(await suture.stop()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(15_000);
    expect(suture.log().at(-1)?.['msg']).toBe('Suture has stopped');
    await world.start();
    await pullOf(world, shortId);
    expect(await pullsOf(world, shortId)).toHaveLength(1);
  });
});
