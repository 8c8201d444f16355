// T4 and T5: promises used as their results, and rejections nobody handled.

import { describe, expect, it } from 'vitest';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import { answerOf, changeOf, silentLog, stage } from './fixers-stage.ts';
import type { CrashFacts } from './fixers-stage.ts';

const make = () => createTemplates({ log: silentLog, scripts: workHere });
const run = (facts: CrashFacts) => stage(make(), facts);

function used(at: string, message: string): CrashFacts {
  return { project: 'loose', file: 'src/api.js', at, message };
}

describe('T4 missing await', () => {
  it('waits where the promise is made', async () => {
    expect(changeOf(await run(used('users.^map', 'users.map is not a function')))).toMatchInlineSnapshot(`
      "T4 missing await
      wait for a promise before using its result

      @@ async function loadUsers() {
       }
       
       export async function names() {
      -  const users = loadUsers();
      +  const users = await loadUsers();
         return users.map((user) => user.name);
       }
       
      "
    `);
  });

  it('waits in the head of a loop', async () => {
    const message = 'loadUsers(...) is not a function or its return value is not iterable';
    expect(changeOf(await run(used('of ^loadUsers', message)))).toMatchInlineSnapshot(`
      "T4 missing await
      wait for a promise before using its result

      @@ export async function names() {
       }
       
       export async function printNames(print) {
      -  for (const user of loadUsers()) {
      +  for (const user of await loadUsers()) {
           print(user.name);
         }
       }
      "
    `);
  });

  it('waits inside an expression', async () => {
    const message = "Cannot read properties of undefined (reading 'toFixed')";
    expect(changeOf(await run(used('loadUsers().length.^toFixed', message)))).toMatchInlineSnapshot(`
      "T4 missing await
      wait for a promise before using its result

      @@ export async function printNames(print) {
       }
       
       export async function count() {
      -  return loadUsers().length.toFixed(0);
      +  return (await loadUsers()).length.toFixed(0);
       }
       
       export function namesNow() {
      "
    `);
  });

  it('waits before a list is spread', async () => {
    const message = 'Spread syntax requires ...iterable[Symbol.iterator] to be a function';
    expect(changeOf(await run(used('[...^loadUsers()', message)))).toMatchInlineSnapshot(`
      "T4 missing await
      wait for a promise before using its result

      @@ export async function plain(rows) {
       }
       
       export async function listed(print) {
      -  const all = [...loadUsers()];
      +  const all = [...(await loadUsers())];
         all.forEach((user) => print(user.name));
       }
      "
    `);
  });

  it.each([
    [
      'known.^map',
      'known.map is not a function',
      '`namesNow` is not `async`, so its callers would have to change too.',
    ],
    [
      '=> loadUsers().^slice',
      'loadUsers(...).slice is not a function',
      'The promise is used inside a callback that is not `async`, so it cannot wait there.',
    ],
    ['pending.^slice', 'pending.slice is not a function', '`pending` is also used as a promise in line 32.'],
    [
      'given.^flat',
      'given.flat is not a function',
      '`given` was not made in the function that uses it, so waiting for it there may not be meant.',
    ],
    [
      'rows.^filter',
      'rows.filter is not a function',
      'Nothing on the line is a promise that was used as its result.',
    ],
  ])('refuses %s', async (at, message, why) => {
    const staged = await run(used(at, message));
    expect(answerOf(staged)).toContain(`T4 missing await: ${why}`);
    expect(staged.diff).toBe('');
  });
});

function rejected(file: string, at: string): CrashFacts {
  return { project: 'strict', file, at, message: 'upload failed', type: 'Error', rejected: true };
}

describe('T5 floating promise', () => {
  it('waits inside a try that was meant to catch it', async () => {
    expect(changeOf(await run(rejected('src/jobs.ts', '^upload(name);')))).toMatchInlineSnapshot(`
      "T5 floating promise
      wait for a call whose failure is handled here

      @@ declare function index(name: string): Promise<void>;
       
       export async function publish(name: string): Promise<void> {
         try {
      -    upload(name);
      +    await upload(name);
         } catch (error) {
           report(error);
         }
      "
    `);
  });

  it('reports it the way the file does elsewhere', async () => {
    expect(changeOf(await run(rejected('src/jobs.ts', '^upload(name + ')))).toMatchInlineSnapshot(`
      "T5 floating promise
      report a rejection that nobody handled

      @@ export function start(name: string): void {
       }
       
       export function restart(name: string): void {
      -  upload(name + '!');
      +  upload(name + '!').catch(report);
       }
       
       export async function publishAll(names: string[]): Promise<void> {
      "
    `);
  });

  it('reports it from an async function without a catch', async () => {
    expect(changeOf(await run(rejected('src/jobs.ts', '^upload(first)')))).toMatchInlineSnapshot(`
      "T5 floating promise
      report a rejection that nobody handled

      @@ export function log(name: string): void {
       }
       
       export async function begin(first: string): Promise<void> {
      -  upload(first);
      +  upload(first).catch(report);
       }
      "
    `);
  });

  it.each([
    [
      'src/jobs.ts',
      '^upload(name.trim',
      'The call stands in a loop, and waiting there would run its rounds one after the other.',
    ],
    [
      'src/jobs.ts',
      'void ^index',
      "`void` says that nobody is meant to wait for the call; what its failure means is a person's decision.",
    ],
    ['src/jobs.ts', 'name.^toUpperCase', 'No call on the line gives a promise that nobody waits for.'],
    [
      'src/report.ts',
      "^send('flush')",
      'Waiting for the call would only pass the rejection to the callers, and no reporter is used in this file.',
    ],
    [
      'src/report.ts',
      "^send('now')",
      'The function is not `async`, and no reporter is used in this file the same way.',
    ],
  ])('refuses %s %s', async (file, at, why) => {
    const staged = await run(rejected(file, at));
    expect(answerOf(staged)).toBe(`T5 floating promise: ${why}`);
    expect(staged.diff).toBe('');
  });
});
