// What an agent must not do, what goes wrong with one, and how it is ended: a process each, so it takes its time.

import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFixing } from '../../src/config.ts';
import { looksAtFixers, spendingsInMemory } from '../../src/fixing.ts';
import type { FixerResult } from '../../src/ports.ts';
import {
  edit,
  fakeAgent,
  openStage,
  optionsFor,
  reasonOf,
  source,
  trusted,
  type Script,
  type Stage,
} from './agent-stage.ts';
import { quietLog, systemClock } from './store-world.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const fix = (script: Script): Promise<FixerResult> => stage.agent(script).fix(stage.task, stage.worktree);

describe('what it asks for', () => {
  it('is granted for an edit of its files, once, by kind; the mode is set in either way', async () => {
    for (const script of [{ terse: true }, { modes: 'old' }]) {
      writeFileSync(path.join(stage.worktree, 'src/cart.js'), source);
      const result = await fix({ ...script, turns: [[edit, { ...edit, from: 'null', to: 'undefined' }]] });
      expect(result.outcome).toBe('changed');
    }
    const asked = stage
      .transcript()
      .split('\n')
      .filter((line) => line.includes('"asked"'));
    expect(asked).toHaveLength(4);
    for (const line of asked) expect(JSON.parse(line)).toMatchObject({ content: { optionId: 'yes' } });
  });

  it.each([
    ['a file outside', { do: 'write', file: '../../../outside.txt', content: 'x' }],
    ['a protected file', { do: 'write', file: 'package-lock.json', content: '{}' }],
    ["the repository's own protected file", { do: 'write', file: 'src/payments/sum.js', content: 'x' }],
    ['a workflow', { do: 'write', file: '.github/workflows/ci.yml', content: 'x' }],
    ["an agent's configuration", { do: 'write', file: '.claude/settings.json', content: '{}' }],
    ['a deletion', { do: 'edit', kind: 'delete', file: 'src/cart.js', from: 'x', to: '' }],
    ['a command', { do: 'run', command: 'git push; touch pushed' }],
    ['the network', { do: 'fetch', url: 'http://127.0.0.1:1/' }],
    ['something unnamed', { do: 'edit', kind: 'other', file: 'src/cart.js', from: '.price', to: '' }],
  ])('is refused, and not done: %s', async (_, step) => {
    const open = await stage
      .agent({ turns: [[step, { do: 'say', text: 'done' }]] })
      .open?.(stage.task, stage.worktree, stage.work());
    const result = await open?.attempt(null);
    await open?.close();
    expect(result && reasonOf(result)).toMatch(/^It changed nothing\./);
    expect(stage.transcript()).toContain('"optionId":"no"');
    expect(existsSync(path.join(stage.dataDir, 'outside.txt'))).toBe(false);
    expect(readdirSync(stage.worktree).toSorted()).toEqual(['.git', 'src']);
    expect(readdirSync(path.join(stage.worktree, 'src'))).toEqual(['cart.js']);
  });
});

describe('what it did without asking', () => {
  it.each([
    ['configuration that programs obey', { do: 'write-unasked', file: '.husky/pre-commit', content: 'x' }],
    ['a repository inside', { do: 'write-unasked', file: 'src/.git/config', content: 'x' }],
    ['a link', { do: 'link', file: 'src/link.js', target: '/etc/passwd' }],
    [
      'a file of a size nobody reads',
      { do: 'write-unasked', file: 'src/a.js', content: 'x', times: 1_100_000 },
    ],
  ])('is carried over nowhere: %s', async (_, step) => {
    const result = await fix({ turns: [[edit, step]] });
    expect(reasonOf(result)).toMatch(/^It left what no fix needs: `.+`/);
    expect(stage.read('src/cart.js')).toBe(source);
    expect(readdirSync(stage.worktree).toSorted()).toEqual(['.git', 'src']);
  });

  it('never reaches the installed packages, and leads through no link of the repository', async () => {
    stage.close();
    stage = await openStage({ 'node_modules/dep/index.js': 'module.exports = 1;\n' });
    symlinkSync('src', path.join(stage.worktree, 'lib'));
    const result = await fix({
      turns: [[edit, { do: 'write-unasked', file: 'lib/new.js', content: 'x\n' }]],
    });
    expect(result.outcome).toBe('changed');
    expect(stage.read('src/new.js')).toBe('x\n');
    expect(stage.read('node_modules/dep/index.js')).toBe('module.exports = 1;\n');
  });
});

describe('its models', () => {
  it('are reached with a throw-away key; what they cost is told', async () => {
    const result = await stage
      .agent(
        { turns: [[{ do: 'model', times: 3 }, edit]] },
        {},
        { prices: { input: 10, output: 100, cacheRead: 1, cacheWrite: 1 } },
      )
      .fix(stage.task, stage.worktree);
    expect(result.spent).toEqual({ requests: 3, tokens: 300, money: expect.closeTo(0.0057, 8) as number });
    expect(stage.models.seen[0]).toMatch(/^the-operators-real-key /);
    expect(stage.transcript()).not.toContain('the-operators-real-key');
    expect([...stage.spendings.values()]).toEqual([result.spent]);
  });

  it('stop it at the cap, with what that is', async () => {
    const cap = { requests: 2, tokens: null, money: null };
    const result = await stage
      .agent({ turns: [[edit, { do: 'model', times: 5 }]] }, {}, { fixCap: cap })
      .fix(stage.task, stage.worktree);
    expect(reasonOf(result)).toBe('The cap of one fix is reached: 2 requests (MODEL_CAP_FIX: 2 requests).');
    expect(stage.models.seen).toHaveLength(2);
    expect(stage.read('src/cart.js')).toBe(source);
  });

  it.each([
    [401, 'model: 401'],
    [429, 'model: 429'],
    [500, 'model: 500'],
    [0, 'model: 502'],
  ])('may answer %i: said, and nothing changed', async (status, said) => {
    stage.models.answer = { status, body: '{"error":"no"}' };
    const result = await fix({ turns: [[{ do: 'model' }, edit]] });
    expect(reasonOf(result)).toContain(`The agent failed: ${said}`);
    expect(stage.read('src/cart.js')).toBe(source);
  });
});

describe('what goes wrong', () => {
  it('is told when it dies, without the secret in its last words', async () => {
    const result = await fix({ turns: [[edit, { do: 'crash' }]] });
    expect(reasonOf(result)).toMatch(
      /^The agent failed: it ended by itself \(status 3\)\. Its last words: fatal: out of cheese/,
    );
    expect(reasonOf(result)).not.toContain('ghp_');
    expect(stage.read('src/cart.js')).toBe(source);
  });

  it('is passed over when it is only noise', async () => {
    expect((await fix({ turns: [[{ do: 'noise' }, edit]] })).outcome).toBe('changed');
  });

  it.each([
    ['not signed in', { signedOut: true }, /^The agent failed: it is not signed in/],
    [
      'another protocol',
      { protocolVersion: 2 },
      /^The agent speaks version 2 of the Agent Client Protocol; I speak 1\.$/,
    ],
  ])('stops before it begins: %s', async (_, script, reason) => {
    await expect(stage.agent(script).fix(stage.task, stage.worktree)).rejects.toThrow(reason);
    expect(readdirSync(path.join(stage.dataDir, 'agents'))).toEqual([]);
  });

  it('is an error of its own, in its own words', async () => {
    const result = await fix({ turns: [[{ do: 'error', code: -32603, message: 'Reached maximum budget' }]] });
    expect(reasonOf(result)).toBe('The agent failed: Reached maximum budget.');
  });

  it('is a program that is not there, or a machine without a sandbox', async () => {
    const missing = stage.agent({}, { settings: { ...optionsFor({}).settings, command: ['no-such-agent'] } });
    await expect(missing.fix(stage.task, stage.worktree)).rejects.toThrow(
      'The program no-such-agent was not found',
    );
    const detail = 'bubblewrap is missing.';
    const open = stage.agent({}, { sandbox: { ...trusted, trusted: false, detail } });
    await expect(open.fix(stage.task, stage.worktree)).rejects.toThrow(
      /in a sandbox only, and there is none: bubblewrap/,
    );
  });
});

it('is greeted by doctor without a word to a model', async () => {
  const fixing = readFixing({
    AGENT_COMMAND: JSON.stringify([process.execPath, fakeAgent, '{}']),
    AGENT_MODE: 'ask',
    COMMAND_FIXER: 'no-such-command',
    MODEL_URL: 'http://127.0.0.1:1/v1',
  });
  const { dataDir } = stage;
  const looks = looksAtFixers({
    fixing,
    dataDir,
    sandbox: trusted,
    spendings: spendingsInMemory(),
    clock: systemClock,
    log: quietLog,
  });
  const said = await Promise.all(
    looks.map(async ({ check, look }) => [check, await look().catch((error: Error) => error.message)]),
  );
  expect(Object.fromEntries(said)).toEqual({
    models: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/v1 does not answer \(/) as string,
    agent: 'fake-agent 1.2.3',
    command: expect.stringContaining('The program no-such-command was not found') as string,
  });
  expect(stage.transcript()).not.toContain('"prompt"');
});

describe('how it ends', () => {
  it.each([
    ['asked', {}],
    ['deaf', { deaf: true }],
  ])('when time is up, with everything it started: %s', async (_, script) => {
    const turns = [[edit, { do: 'child' }, { do: 'hang' }]];
    const result = await stage
      .agent({ ...script, turns }, { minutes: 1 / 60 })
      .fix(stage.task, stage.worktree);
    expect(reasonOf(result)).toMatch(/^It took longer than /);
    const child = Number(/child (\d+)/.exec(stage.transcript())?.[1]);
    expect(child).toBeGreaterThan(1);
    expect(isRunning(child)).toBe(false);
    expect(stage.read('src/cart.js')).toBe(source);
  });

  it('when nobody wants it any more', async () => {
    const wish = new AbortController();
    const tries = await stage
      .agent({ turns: [[{ do: 'hang' }]] })
      .open?.(stage.task, stage.worktree, stage.work({ signal: wish.signal }));
    const attempt = tries?.attempt(null);
    wish.abort(new Error('withdrawn'));
    await expect(attempt).rejects.toThrow('withdrawn');
    await tries?.close();
    expect(readdirSync(path.join(stage.dataDir, 'agents'))).toEqual([]);
  });
});

/** A dead one may wait for whoever reaps it. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
