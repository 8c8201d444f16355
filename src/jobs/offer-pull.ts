// Offers a green pull request to people: no draft any more, and reviews asked of those it concerns.
// A refusal of the host stops nothing: the pull request is there, and the triage issue says where it stands.

import { Refusal } from '../domain/failure.ts';
import type { Fix } from '../domain/fix.ts';
import { codeOwnersPaths } from '../domain/locate/code-owners.ts';
import type { Binding } from '../domain/problem.ts';
import { chooseReviewers } from '../domain/pull/reviewers.ts';
import type { Ports } from '../ports.ts';
import { keepLife } from './keep-life.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'log'>;
type At = { binding: Binding; fix: Fix };

export async function offerForReview(ports: Needs, { binding, fix }: At): Promise<void> {
  const { pull } = fix.facts;
  if (!pull) return;
  const ready = pull.draft
    ? await unlessRefused(ports, async () => {
        await ports.host.markReady(binding.repo, pull.number);
        return true;
      })
    : true;
  const readyAt = ports.clock.now();
  await ports.store.updateFix(fix.id, ({ facts, ...known }) => {
    const shown = facts.pull && ready ? { ...facts.pull, draft: false } : facts.pull;
    return { ...known, facts: { ...facts, pull: shown, life: { ...facts.life, readyAt } } };
  });
}

/** 1. whose code it is, and who wrote the line  2. nobody twice  3. ask those the host takes. */
export async function askReviewers(ports: Needs, { binding, fix }: At): Promise<void> {
  const { repo } = binding;
  const pull = await ports.host.readPullRequest(repo, fix.facts.pull?.number ?? 0);
  if (pull?.state !== 'open') return keepLife(ports, fix, () => ({ asked: [] }));
  const who = chooseReviewers({
    owners: await readOwners(ports, binding),
    files: fix.facts.proposal?.files ?? [],
    author: await readAuthor(ports, { binding, fix }),
    not: [pull.author.login, ...pull.reviewers],
  });
  const asked = await unlessRefused(ports, () => ports.host.askForReview(repo, pull.number, who));
  await keepLife(ports, fix, () => ({ asked: asked ?? [] }));
}

async function readOwners({ host }: Needs, { repo }: Binding): Promise<string | null> {
  for (const path of codeOwnersPaths) {
    const text = await host.readFile(repo, path);
    if (text !== null) return text;
  }
  return null;
}

/** Whoever wrote the crash line last, when a human whom the repository knows. */
async function readAuthor({ host }: Needs, { binding: { repo }, fix }: At): Promise<string | null> {
  const { suspect } = fix.facts.life;
  if (suspect === null) return null;
  const author = await host.readAuthor(repo, suspect);
  if (author?.kind !== 'human') return null;
  return (await host.readRole(repo, author.login)) === 'none' ? null : author.login;
}

async function unlessRefused<T>(ports: Needs, act: () => Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    ports.log.warn({ refusal: error.message }, 'a pull request could not be offered as wished');
    return null;
  }
}
