// T12 and T13, and T9 in loops: what becomes of texts and searches where a value is missing, and what is left to a person.

import { describe, expect, it } from 'vitest';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import { plainCrashes, silentLog } from './fixers-stage.ts';

const make = () => createTemplates({ log: silentLog, scripts: workHere });
const { fixed, refusal } = plainCrashes(make, 'src/notices.js');

describe('T12 fallback', () => {
  it.each([
    ['user.profile.^name', 'name', `+  const name = (user.profile && user.profile.name) || 'somebody';`],
    ['error.^headers', 'headers', `+    (error && error.headers['content-type']`],
    ['city.country.^name', 'name', `+  return { place: (city.country && city.country.name) || 'nowhere' };`],
  ])('falls back sooner: %s', async (at, property, line) => {
    const change = await fixed(at, property);
    expect(change).toContain('T12 fallback');
    expect(change).toContain(line);
  });

  it.each([
    ['what may be empty', 'lamp.socket.^kind', 'kind', 'would let through'],
    ['a list', 'answer.body.^rows', 'rows', 'no text to fall back on'],
    ['access', 'user.account.^role', 'role', 'is about money or access'],
    ['work that would not be done', 'entry.tags.^at', 'at', 'would not be done without the value'],
  ])('leaves alone: %s', async (_, at, property, why) => {
    expect(await refusal('T12', at, property)).toContain(why);
  });
});

describe('T13 optional part', () => {
  it.each([
    ['monitor.^label', 'label', '+  if (base && monitor) {'],
    ['event.author.^name', 'name', '+  if ((verbose || !quiet) && event.author) {'],
    ['event.rule.^title', 'title', '+  if (isNew && event.rule) {'],
  ])('leaves a part out: %s', async (at, property, line) => {
    const change = await fixed(at, property);
    expect(change).toContain('T13 optional part');
    expect(change).toContain(line);
  });

  it.each([
    ['an address', 'user.home.^slug', 'slug', 'is read by programs'],
    ['work besides', 'event.cause.^title', 'title', 'does more than add a part'],
    ['an else', 'event.reason.^title', 'title', 'adds no optional part'],
  ])('leaves alone: %s', async (_, at, property, why) => {
    expect(await refusal('T13', at, property)).toContain(why);
  });
});

describe('T9 in a search', () => {
  it.each([
    ['row.owner.^name', 'name', '+    if (row.owner && row.owner.name === name) return row;'],
    ['device.label.^toLowerCase', 'toLowerCase', 'if (device.label && names.includes('],
    ['names.has(device.^model', 'model', '+  if (device && names.has(device.model)) print('],
  ])('goes on with the next entry: %s', async (at, property, line) => {
    const change = await fixed(at, property);
    expect(change).toContain('T9 condition');
    expect(change).toContain(line);
  });

  it('leaves alone what gives something else than the entry', async () => {
    expect(await refusal('T9', 'row.place.^name', 'name')).toContain('decides whether to leave');
  });
});
