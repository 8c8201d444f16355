// Follows the fixers that take their time: one comment per attempt, made when the first of them begins and updated as it goes on.
// It must not fail a fix: what cannot be written is logged, and the triage issue's own line tells the step anyway.

import { Refusal } from '../domain/failure.ts';
import type { Fix, Rework } from '../domain/fix.ts';
import { fixMark, readFixMark, type FixMark } from '../domain/marker.ts';
import type { Binding } from '../domain/problem.ts';
import type { Budget } from '../domain/agent/spending.ts';
import { triedNote, workComment, type WorkNote } from '../domain/triage/work-comment.ts';
import type { Fixer, FixerTries, Ports } from '../ports.ts';
import { Withdrawn } from './fix-facts.ts';
import type { RepairResult } from './repair.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'signer' | 'log'>;
type DiaryOf = {
  binding: Binding;
  fix: Fix;
  /** Another attempt on an open pull request, which people follow there. */
  again?: Rework;
};

/** Runs `work` with fixers that are followed, and writes down how it went. */
export async function withDiary(
  ports: Needs,
  of: DiaryOf & { fixers: readonly Fixer[] },
  work: (fixers: readonly Fixer[]) => Promise<RepairResult>,
): Promise<RepairResult> {
  const diary = new WorkDiary(ports, of);
  try {
    const repaired = await work(of.fixers.map((fixer) => diary.follow(fixer)));
    await diary.end(repaired.outcome === 'fixed' ? ends.fixed(of) : ends.unfixed(of));
    return repaired;
  } catch (error) {
    await diary.end(endOf(error, of));
    throw error;
  }
}

const ends = {
  fixed: ({ again }: DiaryOf) =>
    again ? 'done; the new commit comes next' : 'done; the pull request comes next',
  unfixed: ({ again }: DiaryOf) =>
    again
      ? 'ended without a better change; this one stays as it is'
      : 'ended without a change that holds; why is told under **Needs a person**',
  withdrawn: ({ again }: DiaryOf) =>
    again ? 'stopped, because nobody waits for it any more' : 'stopped, because it was withdrawn',
};

function endOf(error: unknown, of: DiaryOf): string {
  if (error instanceof Withdrawn) return ends.withdrawn(of);
  return error instanceof Refusal ? ends.unfixed(of) : 'interrupted; I try again by myself';
}

const purpose = 'work';

class WorkDiary {
  readonly #ports: Needs;
  readonly #of: DiaryOf;
  readonly #notes: WorkNote[] = [];
  #budget: Budget | null = null;
  #end: string | null = null;
  #comment: number | null = null;
  #written = '';
  #writing: Promise<void> = Promise.resolve();

  constructor(ports: Needs, of: DiaryOf) {
    this.#ports = ports;
    this.#of = of;
  }

  /** The same fixer, followed. One that is done at once needs nobody to follow it. */
  follow(fixer: Fixer): Fixer {
    const open = fixer.open?.bind(fixer);
    if (!open) return fixer;
    return {
      ...fixer,
      open: async (task, dir, work) => {
        this.#budget = (await fixer.budget?.()) ?? this.#budget;
        this.note(`the ${fixer.name} begins`);
        const progress = async (step: string): Promise<void> => {
          this.note(step);
          await work.progress(step);
        };
        return this.#followTries(fixer.name, await open(task, dir, { ...work, progress }));
      },
    };
  }

  #followTries(name: string, tries: FixerTries): FixerTries {
    return {
      attempt: async (previousFailure) => {
        if (previousFailure !== null) this.note(`the ${name} is told what failed`);
        const result = await tries.attempt(previousFailure);
        this.note(triedNote(name, result.outcome, result.spent));
        return result;
      },
      close: () => tries.close(),
    };
  }

  note(text: string): void {
    this.#notes.push({ at: this.#ports.clock.now(), text });
    this.#write();
  }

  /** How it went. Resolves when it stands there; nothing is said of what was never followed. */
  async end(how: string): Promise<void> {
    if (this.#notes.length === 0) return;
    this.#end = how;
    this.#write();
    await this.#writing;
  }

  /** One at a time, each with all that is known by then. */
  #write(): void {
    this.#writing = this.#writing
      .then(() => this.#writeNow())
      .catch((error: unknown) => this.#ports.log.warn({ err: error }, 'the comment on a fix at work waits'));
  }

  async #writeNow(): Promise<void> {
    const { host, signer } = this.#ports;
    const { binding, fix, again } = this.#of;
    const asked = { shortId: fix.shortId, by: (again ?? fix.facts.approval).by, again: again !== undefined };
    const text = workComment({ ...asked, budget: this.#budget, notes: this.#notes, end: this.#end });
    const number = await this.#number();
    if (number === null || text === this.#written) return;
    const body = `${text}\n\n${fixMark(signer, purpose, this.#mark())}`;
    this.#comment ??= await this.#find(number);
    if (this.#comment === null) this.#comment = (await host.comment(binding.repo, number, body)).id;
    else await host.updateComment(binding.repo, this.#comment, body);
    this.#written = text;
  }

  /** Of the issue or pull request that it stands on; null before there is one. */
  async #number(): Promise<number | null> {
    const { binding, fix, again } = this.#of;
    if (again) return fix.facts.pull?.number ?? null;
    return (await this.#ports.store.readIssue(binding.id))?.number ?? null;
  }

  #mark(): FixMark {
    const { binding, fix, again } = this.#of;
    const problemId = again ? `${fix.problemId}:${again.at}` : fix.problemId;
    return { bindingId: binding.id, problemId, attempt: fix.attempt };
  }

  /** What a run before this one left. */
  async #find(number: number): Promise<number | null> {
    const { host, signer } = this.#ports;
    const own = this.#mark();
    const { login } = await host.readSelf();
    const comments = await host.listComments(this.#of.binding.repo, number);
    const left = comments.findLast(({ author, body }) => {
      const found = author.login === login ? readFixMark(signer, purpose, body) : null;
      return (
        found?.bindingId === own.bindingId &&
        found.problemId === own.problemId &&
        found.attempt === own.attempt
      );
    });
    return left?.id ?? null;
  }
}
