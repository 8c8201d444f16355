// What every alert source promises, whoever stands behind it: run it on each implementation and on the fake.
// It must not know an API; what it needs of the world is `SourceWorld`.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Later, Refusal } from '../../src/domain/failure.ts';
import type { ProjectRef, RepoRef } from '../../src/domain/problem.ts';
import type { AlertSource } from '../../src/ports.ts';

/** An alert source and the server behind it, without any problem yet and without a release. */
export type SourceWorld = {
  source: AlertSource;
  /** The same server asked with a token that it does not know. */
  stranger: AlertSource;
  /** Two projects of one organisation; `source` may do everything in both. */
  project: ProjectRef;
  elsewhere: ProjectRef;
  /** Makes one more unresolved problem with that many events, the last one now; gives its id. */
  raise(where: ProjectRef, events: number): Promise<string>;
  /** Gives the project a release. */
  release(where: ProjectRef): Promise<void>;
  /** The source hears of a commit of that repository, in no release yet. */
  push(where: ProjectRef, repo: RepoRef, commit: string): Promise<void>;
  /** From now on every call is answered so. */
  trouble(kind: 'failing' | 'rate-limited'): Promise<void>;
  /** How often a problem was asked to change, successfully or not. */
  writes(): number;
  /** The server goes away. */
  stop(): Promise<void>;
  close(): Promise<void>;
};

const unknownId = '999999999';

/** Each test gets a world of its own. */
export function alertSourceContract(name: string, setup: () => Promise<SourceWorld>): void {
  describe(`alert source: ${name}`, () => {
    let world: SourceWorld;
    beforeEach(async () => {
      world = await setup();
    });
    afterEach(() => world.close());

    reading(() => world);
    resolving(() => world);
    committing(() => world);
    noting(() => world);
    archiving(() => world);
    failing(() => world);
  });
}

function reading(world: () => SourceWorld): void {
  test('a token that may do everything passes the smoke test, which writes nothing', async () => {
    const { source, project } = world();
    await world().raise(project, 1);
    const report = await source.checkAccess(project);
    expect(report).toEqual({ ok: true, projectId: expect.stringMatching(/.+/) });
    expect(await source.checkAccess(world().elsewhere)).not.toEqual(report);
    expect(world().writes()).toBe(0);
  });

  test('an unknown project and a bad token are reports, not exceptions', async () => {
    const { source, stranger, project } = world();
    const wrong = await source.checkAccess({ ...project, project: 'no-such-project' });
    expect(wrong).toEqual({ ok: false, problem: expect.stringContaining('no-such-project') });
    expect(await stranger.checkAccess(project)).toEqual({
      ok: false,
      problem: expect.stringMatching(/token/),
    });
  });

  test('lists the unresolved problems of the project only, most frequent first', async () => {
    const { source, project, elsewhere } = world();
    expect(await source.readUnresolved(project, { days: 14, narrow: '' })).toEqual([]);
    const few = await world().raise(project, 1);
    const many = await world().raise(project, 3);
    const some = await world().raise(project, 2);
    const other = await world().raise(elsewhere, 4);
    const problems = await source.readUnresolved(project, { days: 14, narrow: '' });
    expect(problems.map(({ id, count, status }) => [id, count, status])).toEqual([
      [many, 3, 'unresolved'],
      [some, 2, 'unresolved'],
      [few, 1, 'unresolved'],
    ]);
    expect((await source.readUnresolved(elsewhere, { days: 14, narrow: '' })).map(({ id }) => id)).toEqual([
      other,
    ]);
  });

  test('reads one problem, the same as the list shows', async () => {
    const { source, project } = world();
    const id = await world().raise(project, 2);
    const [listed] = await source.readUnresolved(project, { days: 14, narrow: '' });
    const read = await source.readProblem(project, id);
    expect(read).toMatchObject({ id, status: 'unresolved', projectId: listed?.projectId });
    expect([read?.title, read?.shortId, read?.permalink]).toEqual([
      listed?.title,
      listed?.shortId,
      listed?.permalink,
    ]);
  });

  test('a problem that is unknown or of another project is null', async () => {
    const { source, project, elsewhere } = world();
    const other = await world().raise(elsewhere, 1);
    expect(await source.readProblem(project, unknownId)).toBeNull();
    expect(await source.readProblem(project, other)).toBeNull();
    expect(await source.readLatestEvent(project, unknownId)).toBeNull();
  });

  test('reads the newest event, oldest frame first', async () => {
    const { source, project } = world();
    const id = await world().raise(project, 2);
    const problem = await source.readProblem(project, id);
    const event = await source.readLatestEvent(project, id);
    expect(event?.title).toBe(problem?.title);
    expect(event?.exceptions.at(-1)?.type).toBe(problem?.exception.type);
    expect(event?.exceptions.at(-1)?.frames.length).toBeGreaterThan(0);
  });
}

function resolving(world: () => SourceWorld): void {
  test('without a release, "in the next release" is an outcome and changes nothing', async () => {
    const { source, project } = world();
    const id = await world().raise(project, 1);
    expect(await source.resolve(project, id, 'in-next-release')).toEqual({ done: false, why: 'no-release' });
    expect(await source.readProblem(project, id)).toMatchObject({ status: 'unresolved' });
    expect(await source.resolve(project, id, 'now')).toEqual({ done: true });
    expect(await source.readProblem(project, id)).toMatchObject({ status: 'resolved' });
  });

  test('resolves that one problem once, however often it is asked', async () => {
    const { source, project } = world();
    await world().release(project);
    const id = await world().raise(project, 1);
    const other = await world().raise(project, 2);
    expect(await source.resolve(project, id, 'in-next-release')).toEqual({ done: true });
    expect(await source.resolve(project, id, 'in-next-release')).toEqual({ done: true });
    expect(await source.resolve(project, id, 'now')).toEqual({ done: true });
    expect(world().writes()).toBe(1);
    expect(
      (await source.readUnresolved(project, { days: 14, narrow: '' })).map((problem) => problem.id),
    ).toEqual([other]);
  });

  test('refuses what is unknown or of another project, and writes nothing', async () => {
    const { source, project, elsewhere } = world();
    const other = await world().raise(elsewhere, 1);
    await expect(source.resolve(project, unknownId, 'now')).rejects.toThrow(Refusal);
    await expect(source.resolve(project, other, 'now')).rejects.toThrow(Refusal);
    expect(world().writes()).toBe(0);
    expect(await source.readProblem(elsewhere, other)).toMatchObject({ status: 'unresolved' });
  });
}

function committing(world: () => SourceWorld): void {
  const repo = { owner: 'acme', name: 'shop' };
  const [known, unknown] = ['a', 'b'].map((digit) => digit.repeat(40)) as [string, string];

  test('resolves in a commit that the source has heard of', async () => {
    const { source, project } = world();
    await world().push(project, repo, known);
    const id = await world().raise(project, 1);
    expect(await source.resolve(project, id, { commit: known, repo })).toEqual({ done: true });
    expect(await source.readProblem(project, id)).toMatchObject({ status: 'resolved' });
  });

  test('a repository or a commit that the source does not know is an outcome and changes nothing', async () => {
    const { source, project } = world();
    const id = await world().raise(project, 1);
    const resolve = (commit: string) => source.resolve(project, id, { commit, repo });
    expect(await resolve(known)).toEqual({ done: false, why: 'unknown-repository' });
    await world().push(project, repo, known);
    expect(await resolve(unknown)).toEqual({ done: false, why: 'unknown-commit' });
    expect(await source.readProblem(project, id)).toMatchObject({ status: 'unresolved' });
    expect(await resolve(known)).toEqual({ done: true });
  });

  test('tells the newest release, once there is one', async () => {
    const { source, project, elsewhere } = world();
    expect(await source.readRelease(project)).toBeNull();
    await world().release(project);
    expect(await source.readRelease(project)).toMatch(/.+/);
    expect(await source.readRelease(elsewhere)).toBeNull();
  });
}

function noting(world: () => SourceWorld): void {
  const note = { text: 'Fixed by https://host.example/pull/7', key: 'https://host.example/pull/7' };

  test('writes a note on that one problem once, whatever else it says', async () => {
    const { source, project } = world();
    const id = await world().raise(project, 1);
    const other = await world().raise(project, 1);
    expect(await source.hasNote(project, id, note.key)).toBe(false);
    expect(await source.note(project, id, note)).toBe('written');
    expect(await source.note(project, id, note)).toBe('there');
    expect(await source.note(project, id, { ...note, text: `Again: ${note.key}` })).toBe('there');
    expect(world().writes()).toBe(1);
    expect(await source.hasNote(project, id, note.key)).toBe(true);
    expect(await source.hasNote(project, other, note.key)).toBe(false);
    expect(await source.readProblem(project, id)).toMatchObject({ status: 'unresolved' });
  });

  test('writes no note on what is unknown or of another project', async () => {
    const { source, project, elsewhere } = world();
    const other = await world().raise(elsewhere, 1);
    expect(await source.note(project, unknownId, note)).toBe('refused');
    expect(await source.note(project, other, note)).toBe('refused');
    expect(await source.hasNote(project, other, note.key)).toBe(false);
    expect(world().writes()).toBe(0);
  });
}

function archiving(world: () => SourceWorld): void {
  test('archives that one problem once, and leaves a resolved one alone', async () => {
    const { source, project } = world();
    const id = await world().raise(project, 1);
    const other = await world().raise(project, 2);
    await source.archive(project, id);
    await source.archive(project, id);
    expect(world().writes()).toBe(1);
    expect(await source.readProblem(project, id)).toMatchObject({
      status: 'ignored',
      substatus: 'archived_until_escalating',
    });
    expect(await source.readProblem(project, other)).toMatchObject({ status: 'unresolved' });
    await source.resolve(project, other, 'now');
    await source.archive(project, other);
    expect(await source.readProblem(project, other)).toMatchObject({ status: 'resolved' });
  });

  test('refuses to archive what is unknown or of another project, and writes nothing', async () => {
    const { source, project, elsewhere } = world();
    const other = await world().raise(elsewhere, 1);
    await expect(source.archive(project, unknownId)).rejects.toThrow(Refusal);
    await expect(source.archive(project, other)).rejects.toThrow(Refusal);
    expect(world().writes()).toBe(0);
  });
}

function failing(world: () => SourceWorld): void {
  const calls: [string, (world: SourceWorld, id: string) => Promise<unknown>][] = [
    ['checkAccess', ({ source, project }) => source.checkAccess(project)],
    ['readUnresolved', ({ source, project }) => source.readUnresolved(project, { days: 14, narrow: '' })],
    ['readProblem', ({ source, project }, id) => source.readProblem(project, id)],
    ['readLatestEvent', ({ source, project }, id) => source.readLatestEvent(project, id)],
    ['resolve', ({ source, project }, id) => source.resolve(project, id, 'now')],
    ['archive', ({ source, project }, id) => source.archive(project, id)],
    ['note', ({ source, project }, id) => source.note(project, id, { text: 'x', key: 'x' })],
    ['hasNote', ({ source, project }, id) => source.hasNote(project, id, 'x')],
    ['readRelease', ({ source, project }) => source.readRelease(project)],
  ];

  test.each(['failing', 'rate-limited'] as const)('a %s server means later, for every call', async (kind) => {
    const id = await world().raise(world().project, 1);
    await world().trouble(kind);
    for (const [name, call] of calls) {
      const error = await call(world(), id).catch((error: unknown) => error);
      expect([name, error instanceof Later]).toEqual([name, true]);
      expect((error as Later).retryAfterMs).toBeGreaterThan(0);
    }
  });

  test('a server that is gone means later, for every call', async () => {
    const id = await world().raise(world().project, 1);
    await world().stop();
    for (const [name, call] of calls) {
      const error = await call(world(), id).catch((error: unknown) => error);
      expect([name, error instanceof Later]).toEqual([name, true]);
    }
  });

  test('a stranger gets a refusal from every call but the smoke test', async () => {
    const id = await world().raise(world().project, 1);
    const strange = { ...world(), source: world().stranger };
    for (const [name, call] of calls.slice(1)) {
      const error = await call(strange, id).catch((error: unknown) => error);
      expect([name, error instanceof Refusal]).toEqual([name, true]);
    }
    expect(world().writes()).toBe(0);
  });
}
