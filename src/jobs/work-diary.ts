// Follows the fixers that take their time: one comment per fix, made when the first of them begins and updated as it goes on.
// It must not fail a fix: what cannot be written is logged, and the triage issue's own line tells the step anyway.

import { Refusal } from '../domain/failure.ts';
import type { Fix } from '../domain/fix.ts';
import { fixMark, readFixMark } from '../domain/marker.ts';
import type { Binding } from '../domain/problem.ts';
import type { Budget } from '../domain/spending.ts';
import { triedNote, workComment, type WorkNote } from '../domain/work-comment.ts';
import type { Fixer, FixerTries, Ports } from '../ports.ts';
import { Withdrawn } from './fix-facts.ts';
import type { RepairResult } from './repair.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'signer' | 'log'>;
type DiaryOf = { binding: Binding; fix: Fix };

/** Runs `work` with fixers that are followed, and writes down how it went. */
export async function withDiary(
  ports: Needs,
  of: DiaryOf & { fixers: readonly Fixer[] },
  work: (fixers: readonly Fixer[]) => Promise<RepairResult>,
): Promise<RepairResult> {
  const diary = new WorkDiary(ports, of);
  try {
    const repaired = await work(of.fixers.map((fixer) => diary.follow(fixer)));
    await diary.end(repaired.outcome === 'fixed' ? 'done; the pull request comes next' : leftToPerson);
    return repaired;
  } catch (error) {
    await diary.end(endOf(error));
    throw error;
  }
}

const leftToPerson = 'ended without a change that holds; why is told under **Needs a person**';

function endOf(error: unknown): string {
  if (error instanceof Withdrawn) return 'stopped, because it was withdrawn';
  return error instanceof Refusal ? leftToPerson : 'interrupted; I try again by myself';
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
    const { host, store, signer } = this.#ports;
    const { binding, fix } = this.#of;
    const { shortId, facts } = fix;
    const state = { budget: this.#budget, notes: this.#notes, end: this.#end };
    const text = workComment({ shortId, by: facts.approval.by, ...state });
    const issue = await store.readIssue(binding.id);
    if (!issue || text === this.#written) return;
    const mark = { bindingId: binding.id, problemId: fix.problemId, attempt: fix.attempt };
    const body = `${text}\n\n${fixMark(signer, purpose, mark)}`;
    this.#comment ??= await this.#find(issue.number);
    if (this.#comment === null) this.#comment = (await host.comment(binding.repo, issue.number, body)).id;
    else await host.updateComment(binding.repo, this.#comment, body);
    this.#written = text;
  }

  /** What a run before this one left. */
  async #find(number: number): Promise<number | null> {
    const { host, signer } = this.#ports;
    const { binding, fix } = this.#of;
    const { login } = await host.readSelf();
    const comments = await host.listComments(binding.repo, number);
    const left = comments.findLast(({ author, body }) => {
      const found = author.login === login ? readFixMark(signer, purpose, body) : null;
      return (
        found?.bindingId === binding.id && found.problemId === fix.problemId && found.attempt === fix.attempt
      );
    });
    return left?.id ?? null;
  }
}
