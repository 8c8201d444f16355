import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/failure.ts';
import { createNoSandbox } from '../../src/run/no-sandbox.ts';
import type { Confinement } from '../../src/run/sandbox.ts';
import { confinement, findSandbox } from '../world/sandbox.ts';

const found = await findSandbox();
if (!found.sandbox) console.warn(`Skipped: no sandbox on this machine. ${found.why}`);
afterAll(() => {
  if (found.sandbox) found.close();
});
const kinds = [createNoSandbox(), ...(found.sandbox ? [found.sandbox] : [])];

let base: string;
let work: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'suture-sandboxed-'));
  work = path.join(base, 'work');
  mkdirSync(work);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const options = (more: Partial<Confinement> = {}) => ({
  cwd: work,
  env: { HOME: work },
  timeoutMs: 30_000,
  confine: confinement([work], more),
});

describe.each(kinds)('sandbox $kind', (sandbox) => {
  const node = (script: string, more: Partial<Confinement> = {}) =>
    sandbox.run(process.execPath, ['-e', script], options(more));

  it('runs a program in the folder it may write, with its streams and its status', async () => {
    const result = await node(
      `require('node:fs').writeFileSync('made', 'here'); console.log(process.cwd()); console.error('two'); process.exitCode = 3;`,
    );
    expect(result).toMatchObject({ exitCode: 3, stdout: `${work}\n`, stderr: 'two\n', timedOut: false });
    expect(readFileSync(path.join(work, 'made'), 'utf8')).toBe('here');
    expect(result.command).toContain(`${process.execPath} -e `);
  });

  it('says which program is missing', async () => {
    await expect(sandbox.run('suture-no-such-program', [], options())).rejects.toThrow(Refusal);
    await expect(sandbox.start('suture-no-such-program', [], options()).ended).rejects.toThrow(
      'The program suture-no-such-program was not found',
    );
  });

  it('holds a conversation and ends it', async () => {
    const running = sandbox.start(
      process.execPath,
      ['-e', `process.stdin.on('data', (text) => console.log('heard ' + text)); console.error('note');`],
      options(),
    );
    running.stdin.write('one');
    expect(await nextText(running.stdout)).toBe('heard one\n');
    await Promise.all([running.end(), running.end()]);
    expect(await running.ended).toMatchObject({ aborted: true, stdout: '', output: 'note\n' });
  });

  it('reaches a socket of ours as a port of its loopback', async () => {
    const socket = path.join(base, 'proxy.sock');
    const server = createServer((connection) =>
      connection.once('data', (text) => connection.end(`got ${text.toString()}`)),
    );
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const port = 41_000 + (process.pid % 1000);
    const running = sandbox.start(
      process.execPath,
      [
        '-e',
        `setTimeout(() => require('node:net').connect(${port}, '127.0.0.1').end('hello').pipe(process.stdout), 100)`,
      ],
      options({ forwards: [{ port, socket }] }),
    );
    expect(await allText(running.stdout)).toBe('got hello');
    expect(await running.ended).toMatchObject({ exitCode: 0, output: '' });
    server.close();
  });
});

describe.skipIf(!found.sandbox)('bubblewrap itself', () => {
  it('is not led by the environment of the program that it runs', async () => {
    const env = { HOME: work, LD_DEBUG: 'libs', LD_DEBUG_OUTPUT: path.join(base, 'loaded') };
    const confined = await found.sandbox?.run('true', [], { ...options(), env });
    expect(confined?.exitCode).toBe(0);
    expect(readdirSync(base)).toEqual(['work']);
    // The same variables lead a program that gets them.
    await createNoSandbox().run('true', [], { ...options(), env });
    expect(readdirSync(base).length).toBeGreaterThan(1);
  });
});

async function nextText(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => stream.once('data', (chunk: Buffer) => resolve(chunk.toString())));
}

async function allText(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk.toString();
  return text;
}
