// Who ticked what, out of the versions of a body: for ticks of which no webhook told.

import { describe, expect, it } from 'vitest';
import { tickActs, takenBackBy, type BodyVersion } from '../../src/domain/triage/edit-history.ts';
import { renderBox } from '../../src/domain/triage/ticks.ts';
import { signer } from './triage-samples.ts';

const bindingId = 'acme/shop';
const human = { login: 'ada', kind: 'human' } as const;
const bot = { login: 'suture[bot]', kind: 'bot' } as const;

/** `100 x, 101` as a body: a line for each, the first ticked. */
function bodyOf(boxes: string): string {
  const lines = boxes.split(', ').map((box) => {
    const [subject = '', mark] = box.split(' ');
    return renderBox(signer, {
      kind: 'tick',
      bindingId,
      subject,
      visible: `**${subject}**`,
      ticked: mark === 'x',
    });
  });
  return boxes === '' ? '' : lines.join('\n');
}

type Step = readonly [BodyVersion['editor'], string | null];

const versionsOf = (steps: readonly Step[]): BodyVersion[] =>
  steps.map(([editor, boxes], index) => ({
    editor,
    at: index * 60_000,
    body: boxes === null ? null : bodyOf(boxes),
  }));

const actsOf = (...steps: Step[]): string[] =>
  tickActs(signer, bindingId, versionsOf(steps)).map(
    ({ subject, ticked, editor, at }) =>
      `${editor.login} ${ticked ? 'ticks' : 'empties'} ${subject} in ${at / 60_000}`,
  );

describe('acts of people', () => {
  it('are read from what each edit changed', () => {
    expect(
      actsOf([bot, '100, 101'], [human, '100 x, 101'], [bot, '100 x, 101'], [human, '100, 101']),
    ).toEqual(['ada ticks 100 in 1', 'ada empties 100 in 3']);
  });

  it('are never our own edits', () => {
    expect(actsOf([bot, '100'], [bot, '100 x'])).toEqual([]);
  });

  it('include a tick on a line that an outdated page brought back', () => {
    expect(actsOf([bot, '100, 101'], [human, '101'], [human, '100 x, 101'])).toEqual(['ada ticks 100 in 2']);
  });

  it('do not include a tick that an outdated page only carried along', () => {
    expect(actsOf([bot, '100, 101'], [human, '100 x, 101'], [bot, '101'], [human, '100 x, 101 x'])).toEqual([
      'ada ticks 100 in 1',
      'ada ticks 101 in 3',
    ]);
  });

  it('do not include an emptied line that an outdated page brought back', () => {
    expect(actsOf([bot, '100 x, 101'], [bot, '101'], [human, '100, 101 x'])).toEqual(['ada ticks 101 in 2']);
  });

  it('are not guessed where a version is unknown, or where the line was never seen empty', () => {
    expect(actsOf([bot, '100'], [human, null], [human, '100 x'])).toEqual([]);
    expect(actsOf([bot, '101'], [human, '100 x, 101'])).toEqual([]);
  });
});

it('an emptying is taken back by whoever ticks the same box next', () => {
  const other = { login: 'bob', kind: 'human' } as const;
  const versions = versionsOf([
    [bot, '100 x, 101'],
    [human, '100, 101'],
    [other, '100 x, 101'],
  ]);
  const box = { kind: 'tick', subject: '100' } as const;
  expect(takenBackBy(signer, bindingId, { box, at: 60_000, versions })).toEqual(other);
  expect(takenBackBy(signer, bindingId, { box, at: 60_000, versions: versions.slice(0, 2) })).toBeNull();
});
