// T10 on lists that are matched by place: where an entry less would give every later one the wrong partner.

import { describe, expect, it } from 'vitest';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import { answerOf, changeOf, silentLog, stage } from './fixers-stage.ts';

const make = () => createTemplates({ log: silentLog, scripts: workHere });
const facts = (at: string, property: string) => ({
  project: 'plain',
  file: 'src/questions.js',
  at,
  message: `Cannot read properties of undefined (reading '${property}')`,
});

async function fixed(at: string, property: string): Promise<string> {
  return changeOf(await stage(make(), facts(at, property)));
}

async function refusal(template: string, at: string, property: string): Promise<string> {
  const staged = await stage(make(), facts(at, property));
  expect([staged.result.outcome, staged.diff, staged.status]).toEqual(['refused', '', '']);
  const lines = answerOf(staged).split('\n');
  return lines.find((line) => line.startsWith(`${template} `)) ?? lines.join('\n');
}

describe('T10 on lists that are matched by place', () => {
  it.each([
    [
      'an index in a callback',
      'row.^key);',
      'key',
      'Line 58 goes by the places of the entries (`keys.forEach`)',
    ],
    [
      'an entry by its place',
      'player.^name',
      'name',
      'Line 63 goes by the places of the entries (`names[0]`)',
    ],
    ['the list itself', 'card.^face', 'face', 'Line 68 goes by the places of the entries (`cards[at]`)'],
  ])('leaves alone: %s', async (_, at, property, why) => {
    expect(await refusal('T10', at, property)).toContain(why);
  });

  it('leaves entries out of what is sorted', async () => {
    expect(await fixed('mark.^grade', 'grade')).toContain(
      '+  const sorted = marks.filter((mark) => mark).map((mark) => mark.grade).sort();',
    );
  });
});
