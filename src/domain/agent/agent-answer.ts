// Reads what an agent says of its change. Every word of it is hostile; a missing one is made up for from what we know.

import type { FixDescription } from '../pull/fix-description.ts';
import { oneLine, prose, truncate } from '../untrusted.ts';

export type AnswerContext = {
  /** For people: `agent opencode 1.18.33`. */
  strategy: string;
  /** One sentence, safe to publish. */
  rootCause: string;
  /** Where the crash is, safe to publish. */
  place: string;
};

type Label = 'SUMMARY' | 'ROOT CAUSE' | 'CHANGE' | 'RISK' | 'NOT VERIFIED';

/** The description for title and pull request. Takes the agent's last message as it came. */
export function readAnswer(message: string, context: AnswerContext): FixDescription {
  const parts = labelled(message);
  const part = (label: Label): string => prose(parts.get(label) ?? '', 400);
  const change = sentence(part('CHANGE')) || 'The agent changed the code without saying how.';
  const doubts = [
    part('RISK') && `Risk, in the agent's words: ${sentence(part('RISK'))}`,
    part('NOT VERIFIED') && `Not verified, in its words: ${sentence(part('NOT VERIFIED'))}`,
  ];
  return {
    summary: summaryOf(part('SUMMARY'), context.place),
    rootCause: sentence(part('ROOT CAUSE')) || context.rootCause,
    change: [change, ...doubts.filter((text) => text !== '')].join(' '),
    strategy: context.strategy,
    symptom: null,
  };
}

/** Why nothing was changed, in the agent's words, safe to publish; empty when it said nothing. */
export function readReason(message: string): string {
  const parts = labelled(message);
  const said = parts.get('ROOT CAUSE') ?? parts.get('CHANGE') ?? message;
  return sentence(prose(said.slice(-1_500), 400));
}

const line = /^[\s>*#-]*(SUMMARY|ROOT CAUSE|CHANGE|RISK|NOT VERIFIED)\**\s*[:：]\**\s*(.*)$/i;

/** The last of each label; what follows a label up to the next belongs to it. */
function labelled(message: string): Map<Label, string> {
  const parts = new Map<Label, string>();
  let open: Label | null = null;
  for (const text of message.slice(-20_000).split('\n')) {
    const [, label, rest = ''] = line.exec(text) ?? [];
    if (label !== undefined) {
      open = label.toUpperCase() as Label;
      parts.set(open, rest);
    } else if (open !== null) parts.set(open, `${parts.get(open) ?? ''} ${text}`.trim());
  }
  return parts;
}

function summaryOf(said: string, place: string): string {
  const words = said.replace(/[.!\s]+$/, '');
  if (words.length < 10) return truncate(`repair the crash in ${place}`, 60);
  return truncate(words.charAt(0).toLowerCase() + words.slice(1), 60);
}

/** With a capital and an end. */
function sentence(text: string): string {
  const words = oneLine(text);
  if (words === '') return '';
  const first = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}
