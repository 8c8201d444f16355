// T9 and T10 on questions of amount and place: which ones a missing value answers with "no", and where an entry less
// would give every later one the wrong partner.

import { describe, expect, it } from 'vitest';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import { plainCrashes, silentLog } from './fixers-stage.ts';

const make = () => createTemplates({ log: silentLog, scripts: workHere });
const { fixed, refusal } = plainCrashes(make, 'src/questions.js');

describe('T9 on amounts and places', () => {
  it.each([
    ['parseInt(topic.^thumbs', 'thumbs', '(topic) => topic && parseInt(topic.thumbs, 10) > 0'],
    ['post.place.^key', 'key', '(post) => post.place && Number(post.place.key) === Number(place.key)'],
    ['name.^indexOf', 'indexOf', "+  if (name && name.indexOf('!') !== -1) report(name);"],
    ['rows.^length === 0) return', 'length', '+  if (!rows || rows.length === 0) return;'],
  ])('asks first: %s', async (at, property, line) => {
    const change = await fixed(at, property);
    expect(change).toContain('T9 condition');
    expect(change).toContain(line);
  });

  it.each([
    ['what is not there is empty', 'list.^length === 0', 'length', 'is not part of a condition'],
    ['what is not there has no mark', 'text.^indexOf', 'indexOf', 'is not part of a condition'],
    ['no errors are not known', 'errors.^length > 0', 'length', 'decides whether to leave'],
    ['the next condition', 'area.^color', 'color', 'Line 44 reads from `area` as well'],
  ])('leaves alone: %s', async (_, at, property, why) => {
    expect(await refusal('T9', at, property)).toContain(why);
  });

  it('lets a branch that need not be taken be', async () => {
    expect(await fixed('area.^frame', 'frame')).toContain('+  if (area && area.frame)');
  });
});

describe('T9 on a chain of questions', () => {
  it.each([
    ['draft.^note && ', 'note', '+  const attached = draft && draft.note && draft.note.length;'],
    ['parcel.^box && ', 'box', '+  return label({ box: parcel && parcel.box && parcel.box.label });'],
  ])('asks the first one, too: %s', async (at, property, line) => {
    const change = await fixed(at, property);
    expect(change).toContain('T9 condition');
    expect(change).toContain(line);
  });

  it('leaves alone two questions that have nothing to do with each other', async () => {
    expect(await refusal('T9', 'order.^client && ', 'client')).toContain('is not part of a condition');
  });
});

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
