// How a merged fix is resolved in Sentry where the repository wants it in its commit, and what is done when Sentry
// refuses: each refusal has a way out that people are told of.

import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningSuture } from '../world/suture.ts';
import { place, type PullRequest, type World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { changesInSentry, pullOf, quiet, resolved, statusOf, tick, triageIssueWith } from './steps.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const repository = `${place.owner}/${place.repo}`;

describe('resolving in the commit', () => {
  let world: World;
  let suture: RunningSuture;

  beforeAll(async () => {
    world = await startKiosk({ files: { '.github/sentry.yml': 'resolve: in-commit\n' } });
    suture = await world.start();
  });
  afterAll(() => world.close());

  /** Merged, with CI still silent: nothing is resolved yet. */
  async function mergedAt(shelf: number): Promise<{ shortId: string; pull: PullRequest; commit: string }> {
    world.ci.hold();
    const shortId = await crashAt(world, shelf);
    await tick(world, shortId);
    const pull = await pullOf(world, shortId);
    await world.merge(pull.number);
    await triageIssueWith(world, 'merged, waiting for the checks of the merged change');
    const dir = world.github.repositoryDirectory(repository);
    const commit = execFileSync('git', ['-C', dir, 'rev-parse', 'main'], { encoding: 'utf8' }).trim();
    return { shortId, pull, commit };
  }

  function problemOf(shortId: string) {
    const found = world.problems().find((problem) => problem.shortId === shortId);
    if (!found) throw new Error(`there is no ${shortId}`);
    return found;
  }

  it('falls back to the next release where Sentry does not know the repository', async () => {
    const { shortId } = await mergedAt(1);
    world.ci.release();
    await resolved(world, shortId);
    const issue = await triageIssueWith(world, `**${shortId}** · fixed ✅`);
    expect(issue.body).toContain(
      '  - Sentry: resolved in the next release (Sentry does not know this repository, so it could not be resolved in its commit; add the repository in Sentry to change that)',
    );
    expect(changesInSentry(world)).toBe(1);
  });

  it('resolves in the merged commit, with one note that names the pull request', async () => {
    world.sentry.addRepository({ org: 'lantern', name: repository });
    const { shortId, pull, commit } = await mergedAt(2);
    world.sentry.pushCommit({ org: 'lantern', repository, commit });
    world.ci.release();
    await resolved(world, shortId);
    const last = world.sentry.requests.findLast(({ method }) => method === 'PUT');
    expect(last?.body).toEqual({
      status: 'resolved',
      statusDetails: { inCommit: { commit, repository } },
    });
    await triageIssueWith(world, '  - Sentry: resolved in the merged commit\n');
    await quiet(world);
    const note = `Fixed by pull request ${pull.number}, merged with CI green (${commit.slice(0, 10)}): ${pull.url}`;
    expect(problemOf(shortId).notes).toEqual([note]);
    await suture.stop();
    suture = await world.start();
    await quiet(world);
    expect(problemOf(shortId).notes).toEqual([note]);
  });

  it('says what the token lacks, and resolves by itself once it has it', async () => {
    const { shortId, commit } = await mergedAt(3);
    const token = world.settings['SENTRY_TOKEN'] ?? '';
    world.sentry.pushCommit({ org: 'lantern', repository, commit });
    world.sentry.dropScope(token, 'event:write');
    world.ci.release();
    const issue = await triageIssueWith(world, 'merged, but not resolved yet: ');
    expect(issue.body).toContain('it lacks the scope event:write');
    expect(statusOf(world, shortId)).toBe('unresolved');
    world.sentry.grantScope(token, 'event:write');
    await suture.stop();
    suture = await world.start();
    await resolved(world, shortId);
    await triageIssueWith(world, `**${shortId}** · fixed ✅`);
  });

  it('resolves though it may write no note', async () => {
    const { shortId, commit } = await mergedAt(4);
    world.sentry.pushCommit({ org: 'lantern', repository, commit });
    world.sentry.fail({ method: 'GET', path: /\/notes\//, status: 403, times: 99, body: {} });
    world.ci.release();
    await resolved(world, shortId);
    await triageIssueWith(world, `**${shortId}** · fixed ✅`);
    await quiet(world);
    expect(problemOf(shortId).notes).toEqual([]);
  });

  it('says so when Sentry does not show the problem any more', async () => {
    const { shortId } = await mergedAt(5);
    const before = changesInSentry(world);
    const path = new RegExp(`/issues/${problemOf(shortId).id}/$`);
    world.sentry.fail({ method: 'GET', path, status: 404, times: 99, body: {} });
    world.ci.release();
    const issue = await triageIssueWith(world, `**${shortId}** · fixed ✅`);
    expect(issue.body).toContain(
      '  - Sentry: untouched (Sentry does not show it any more (deleted, merged into another one, or moved), so there was nothing to resolve)',
    );
    expect(changesInSentry(world)).toBe(before);
  });
});
