// The templates on plain JavaScript without any types: what each writes, and what each refuses and why.

import { describe, expect, it } from 'vitest';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import { answerOf, changeOf, silentLog, stage } from './fixers-stage.ts';
import type { CrashFacts } from './fixers-stage.ts';

const make = () => createTemplates({ log: silentLog, scripts: workHere });
const reading = (property: string, of: 'undefined' | 'null' = 'undefined') =>
  `Cannot read properties of ${of} (reading '${property}')`;

/** A crash of the fixture project `plain`. */
function crash(file: string, at: string, message: string): CrashFacts {
  return { project: 'plain', file, at, message };
}

async function fixed(file: string, at: string, message: string): Promise<string> {
  return changeOf(await stage(make(), crash(file, at, message)));
}

/** What that template said. */
async function refusal(template: string, facts: CrashFacts): Promise<string> {
  const staged = await stage(make(), facts);
  expect([staged.result.outcome, staged.diff, staged.status]).toEqual(['refused', '', '']);
  const lines = answerOf(staged).split('\n');
  return lines.find((line) => line.startsWith(`${template} `)) ?? lines.join('\n');
}

describe('T2 without types', () => {
  const file = 'src/nodes.js';

  it('leaves a function that returns nothing', async () => {
    expect(await fixed(file, 'node.loc.^start', reading('start'))).toMatchInlineSnapshot(`
      "T2 unchecked null
      return early when a node has no loc
      Symptom-level guard: the cause is where \`loc\` became \`undefined\`, outside of this function.
      @@ function titleOf(node) {
       }
       
       function print(node, say) {
      +  if (!node.loc) {
      +    return;
      +  }
         say(node.loc.start);
       }
       
      "
    `);
  });

  it('returns what the function already returns elsewhere', async () => {
    expect(await fixed(file, 'node.title.^text', reading('text', 'null'))).toMatchInlineSnapshot(`
      "T2 unchecked null
      return early when a node has no title
      Symptom-level guard: the cause is where \`title\` became \`null\`, outside of this function.
      @@ function titleOf(node) {
         if (node.hidden) {
           return null;
         }
      +  if (!node.title) {
      +    return null;
      +  }
         return node.title.text;
       }
       
      "
    `);
  });

  it('follows a caller that hands the result on, and drops a test that the guard makes needless', async () => {
    expect(await fixed(file, 'String(value.^value)', reading('value', 'null'))).toMatchInlineSnapshot(`
      "T2 unchecked null
      return early when there is no value
      Symptom-level guard: the cause is where \`valueOf\` gave nothing back (\`src/nodes.js:1\`).
      @@ function keyOf(node) {
       
       function staticKey(node) {
         const value = valueOf(node);
      -  return value && typeof value.value === 'symbol' ? value.value : String(value.value);
      +  if (!value) {
      +    return null;
      +  }
      +  return typeof value.value === 'symbol' ? value.value : String(value.value);
       }
       
       function titleOf(node) {
      "
    `);
  });

  it.each([
    ['node.range.^end', 'end', '`size` is not declared to return nothing, and line 35 relies on its result.'],
    [
      'req.session.^user',
      'user',
      'Line 39 answers whoever waits (`res.json(...)`), and leaving before it would keep them waiting.',
    ],
    [
      'transport.user.^name',
      'name',
      'Line 43 deals with an error (`error`), and leaving before it would swallow that.',
    ],
    [
      'left.body.text, right',
      'text',
      '`left.body` is of type `any`, and the event does not say either which value was missing.',
    ],
  ])('leaves alone: %s', async (at, property, why) => {
    expect(await refusal('T2', crash(file, at, reading(property)))).toBe(`T2 unchecked null: ${why}`);
  });
});

describe('T3 without types', () => {
  it('goes through an empty list, in words that old engines know', async () => {
    expect(await fixed('old/commits.js', 'room.guests.^forEach', reading('forEach'))).toMatchInlineSnapshot(`
      "T3 missing list
      treat missing guests as an empty list
      Symptom-level guard: the cause is where \`guests\` became \`undefined\`, outside of this function.
      @@ function titleOf (page) {
       }
       
       function announce (room) {
      -  room.guests.forEach(function (guest) {
      +  (room.guests || []).forEach(function (guest) {
           console.log(guest)
         })
       }
      "
    `);
  });
});

describe('T8 late check', () => {
  const file = 'old/commits.js';

  it('takes a line to below the check of the error', async () => {
    expect(await fixed(file, 'const commits = res.^data', reading('data'))).toMatchInlineSnapshot(`
      "T8 late check
      check for an error before using the result

      @@ const client = require('some-client')
       
       function latestCommit (options, cb) {
         client.getCommits({ repo: options.repo }, (err, res) => {
      -    // The host answers with pages.
      -    const commits = res.data || []
           if (err) {
             return cb(err)
           }
       
      +    // The host answers with pages.
      +    const commits = res.data || []
           cb(null, commits[commits.length - 1])
         })
       }
      "
    `);
  });

  it('takes a line to below the check of the value itself', async () => {
    expect(await fixed(file, 'page.^title.trim', reading('title', 'null'))).toMatchInlineSnapshot(`
      "T8 late check
      check for the value before using the result

      @@ function owner (options, cb) {
       }
       
       function titleOf (page) {
      -  const title = page.title.trim()
         if (!page) return null
      +  const title = page.title.trim()
         return title
       }
       
      "
    `);
  });

  it('hands an error to the callback round it', async () => {
    expect(await fixed(file, 'const labels = res.^data', reading('data'))).toMatchInlineSnapshot(`
      "T8 late check
      hand on the error of a callback

      @@ function latestCommit (options, cb) {
       
       function labelsOf (options, cb) {
         client.getLabels({ repo: options.repo }, (err, res) => {
      +    if (err) {
      +      return cb(err)
      +    }
           const labels = res.data.map((label) => label.name)
           cb(null, labels)
         })
      "
    `);
  });

  it('hands an error to the promise round it', async () => {
    expect(await fixed(file, 'resolve(reply.^tags)', reading('tags'))).toMatchInlineSnapshot(`
      "T8 late check
      hand on the error of a callback

      @@ function labelsOf (options, cb) {
       function readTags (repo) {
         return new Promise((resolve, reject) => {
           client.getTags({ repo }, function (error, reply) {
      +      if (error) {
      +        return reject(error)
      +      }
             resolve(reply.tags)
           })
         })
      "
    `);
  });

  it.each([
    ['log(event.^branch)', 'branch', 'No function round the callback shows to whom `err` should be handed.'],
    [
      'res.^data.length',
      'data',
      'The callback looks at `err` in line 40, so what happens then was decided there.',
    ],
    [
      'const issues = res.^data',
      'data',
      'The callback looks at `err` in line 49, so what happens then was decided there.',
    ],
  ])('leaves alone: %s', async (at, property, why) => {
    expect(await refusal('T8', crash(file, at, reading(property)))).toBe(`T8 late check: ${why}`);
  });
});

describe('T9 condition', () => {
  const file = 'src/devices.mjs';
  const inUndefined = "Cannot use 'in' operator to search for 'state' in undefined";

  it('asks for the value before asking it', async () => {
    expect(await fixed(file, "'state' ^in state", inUndefined)).toMatchInlineSnapshot(`
      "T9 condition
      check for missing state first
      Symptom-level guard: the cause is where \`availability\` became \`undefined\`, outside of this function.
      @@ export function onMessage(payload, print) {
         let available = false;
         if (payload.includes('{')) {
           const state = JSON.parse(payload).availability;
      -    if ('state' in state) {
      +    if (state && 'state' in state) {
             available = state.state === ONLINE;
           }
         }
      "
    `);
  });

  it('takes no entry for a match that lacks what is compared', async () => {
    expect(await fixed(file, 'device.definition.^vendor', reading('vendor'))).toMatchInlineSnapshot(`
      "T9 condition
      check for missing definition first
      Symptom-level guard: the cause is where \`definition\` became \`undefined\`, outside of this function.
      @@ export function onMessage(payload, print) {
       }
       
       export function byVendor(vendor) {
      -  return devices.find((device) => device.definition.vendor === vendor);
      +  return devices.find((device) => device.definition && device.definition.vendor === vendor);
       }
       
       export function lights() {
      "
    `);
  });

  it('keeps a search for a word short', async () => {
    expect(await fixed(file, 'device.exposes.^includes', reading('includes'))).toMatchInlineSnapshot(`
      "T9 condition
      check for missing exposes first
      Symptom-level guard: the cause is where \`exposes\` became \`undefined\`, outside of this function.
      @@ export function byVendor(vendor) {
       }
       
       export function lights() {
      -  return devices.filter((device) => device.exposes.includes('light'));
      +  return devices.filter((device) => device.exposes && device.exposes.includes('light'));
       }
       
       function hasChanged(first, before, after) {
      "
    `);
  });

  it('hands nothing to a function that only compares it', async () => {
    expect(await fixed(file, 'last.^status, next', reading('status', 'null'))).toMatchInlineSnapshot(`
      "T9 condition
      check for missing last first

      @@ function hasChanged(first, before, after) {
       
       export function beat(next) {
         const isFirst = !last;
      -  bus.send(hasChanged(isFirst, last.status, next));
      +  bus.send(hasChanged(isFirst, last && last.status, next));
         last = { status: next };
       }
       
      "
    `);
  });

  it('leaves where a "no" leaves', async () => {
    expect(await fixed(file, 'device.kind.^name !==', reading('name'))).toMatchInlineSnapshot(`
      "T9 condition
      check for missing kind first
      Symptom-level guard: the cause is where \`kind\` became \`undefined\`, outside of this function.
      @@ export function updateLast(res, info) {
       }
       
       export function dim(device, print) {
      -  if (device.kind.name !== 'lamp') return;
      +  if (!device.kind || device.kind.name !== 'lamp') return;
         print(device.kind.label);
       }
       
      "
    `);
  });

  it('says no of what is not there', async () => {
    expect(await fixed(file, 'device.type.^name', reading('name'))).toMatchInlineSnapshot(`
      "T9 condition
      check for missing type first
      Symptom-level guard: the cause is where \`type\` became \`undefined\`, outside of this function.
      @@ export function dim(device, print) {
       }
       
       export function isLamp(device) {
      -  return device.type.name === 'lamp' && device.on === true;
      +  return device.type && device.type.name === 'lamp' && device.on === true;
       }
       
       export function isEmpty(device) {
      "
    `);
  });

  it('takes the place of a question that asked too little', async () => {
    expect(await fixed(file, 'device.group.^size', reading('size'))).toContain(
      '+  return device.group && device.group.size === 1;',
    );
  });

  it('asks first in a condition of its own', async () => {
    expect(await fixed('old/commits.js', 'shop.hours.^open', reading('open'))).toMatchInlineSnapshot(`
      "T9 condition
      check for missing hours first
      Symptom-level guard: the cause is where \`hours\` became \`undefined\`, outside of this function.
      @@ function announce (room) {
       }
       
       function isOpen (shop, show) {
      -  if (shop.hours.open === true) show('open')
      +  if (shop.hours && shop.hours.open === true) show('open')
       }
       
       module.exports = { latestCommit, labelsOf, readTags, watchPushes, countPulls, firstIssue, owner, titleOf, announce, isOpen }
      "
    `);
  });

  it.each([
    [
      'device.settings.^strict',
      'strict',
      "The condition in line 37 has an `else`, and whether that is meant for a missing value is a person's decision.",
    ],
    [
      'device.options.^disabled',
      'disabled',
      "The condition in line 45 decides whether to leave, and whether to go on without the value is a person's decision.",
    ],
    [
      '!device.definition.^known',
      'known',
      '`device.definition.known` is not part of a condition for which a missing value is as good as a "no".',
    ],
    [
      'device.list.^size',
      'size',
      '`device.list.size` is not part of a condition for which a missing value is as good as a "no".',
    ],
    [
      'user.role.^admin',
      'admin',
      "The value decides about access in line 54 (`user.role.admin`): what its absence means is a person's decision.",
    ],
    [
      'device.meta.^icon) print',
      'icon',
      'Line 59 reads from `device.meta` as well, so more than this condition depends on it.',
    ],
  ])('leaves alone: %s', async (at, property, why) => {
    expect(await refusal('T9', crash(file, at, reading(property)))).toBe(`T9 condition: ${why}`);
  });
});

describe('T10 missing entry', () => {
  const file = 'src/devices.mjs';

  it('leaves entries out, on a line of its own', async () => {
    expect(await fixed(file, 'device.^model', reading('model', 'null'))).toMatchInlineSnapshot(`
      "T10 missing entry
      leave out entries that are missing
      Symptom-level guard: the cause is where \`devices\` got a \`device\` that is \`null\`.
      @@ export function describe(device, print) {
       
       export function models() {
         return devices
      +    .filter((device) => device)
           .map((device) => device.model)
           .sort();
       }
      "
    `);
  });

  it('leaves entries out of a list of lists', async () => {
    expect(await fixed(file, 'return device.^aliases', reading('aliases'))).toMatchInlineSnapshot(`
      "T10 missing entry
      leave out entries that are missing
      Symptom-level guard: the cause is where \`devices\` got a \`device\` that is \`undefined\`.
      @@ export function models() {
       }
       
       export function names() {
      -  const all = devices.flatMap(function (device) {
      +  const all = devices.filter((device) => device).flatMap(function (device) {
           return device.aliases;
         });
         return all.join();
      "
    `);
  });

  it.each([
    [
      'group.^kind.toUpperCase()',
      'kind',
      '+  return groups.filter(Boolean).map((group) => group.kind.toUpperCase()).join',
    ],
    [
      'group.^member',
      'member',
      '+  for (const name of Object.values(groups).filter(Boolean).map((group) => group.member))',
    ],
  ])('leaves entries out as the file does elsewhere: %s', async (at, property, line) => {
    const change = await fixed('src/groups.js', at, reading(property, 'null'));
    expect(change).toContain('T10 missing entry');
    expect(change).toContain(line);
  });

  it.each([
    ['device.^place', 'place', 'The missing value is no entry of a list that the line goes through.'],
    [
      'device.^load()',
      'load',
      'What is made of the list is told by its place in it, so no entry may be left out.',
    ],
    ['device.^watts', 'watts', 'The entries are summed up, and leaving one out would hide a wrong result.'],
  ])('leaves alone: %s', async (at, property, why) => {
    expect(await refusal('T10', crash(file, at, reading(property)))).toBe(`T10 missing entry: ${why}`);
  });
});

describe('T11 tolerated step', () => {
  const file = 'src/devices.mjs';

  it('leaves out a step that may fail', async () => {
    expect(await fixed(file, 'info.cert.^daysLeft', reading('daysLeft', 'null'))).toMatchInlineSnapshot(`
      "T11 tolerated step
      leave out a step whose value is missing
      Symptom-level guard: the cause is where \`cert\` became \`null\`, outside of this function.
      @@ export function power() {
       
       export function update(metrics, info) {
         try {
      -    metrics.days.set(info.cert.daysLeft);
      +    if (info.cert) {
      +      metrics.days.set(info.cert.daysLeft);
      +    }
         } catch (error) {
           console.error(error);
         }
      "
    `);
  });

  it('leaves out the last of several steps', async () => {
    const setting = `Cannot set properties of undefined (setting 'at')`;
    expect(await fixed('src/groups.js', 'group.seen.^at = stamp', setting)).toMatchInlineSnapshot(`
      "T11 tolerated step
      leave out a step whose value is missing
      Symptom-level guard: the cause is where \`seen\` became \`undefined\`, outside of this function.
      @@ function members(print) {
       function mark(group, now, log) {
         try {
           const stamp = now();
      -    group.seen.at = stamp;
      +    if (group.seen) {
      +      group.seen.at = stamp;
      +    }
         } catch (error) {
           log.warn(error);
         }
      "
    `);
  });

  it('leaves out a call that needs the value', async () => {
    expect(await fixed('src/groups.js', 'group.owner.^name', reading('name'))).toMatchInlineSnapshot(`
      "T11 tolerated step
      leave out a step whose value is missing
      Symptom-level guard: the cause is where \`owner\` became \`undefined\`, outside of this function.
      @@ function mark(group, now, log) {
       
       function notify(group, send) {
         try {
      -    send(group.owner.name);
      +    if (group.owner) {
      +      send(group.owner.name);
      +    }
         } catch (error) {
           console.error('not sent', error);
         }
      "
    `);
  });

  it.each([
    [
      'info.cert.^hoursLeft',
      'hoursLeft',
      'The line is no last step of a `try` whose `catch` only reports what failed.',
    ],
    [
      'info.cert.^minutesLeft',
      'minutesLeft',
      'The line is no last step of a `try` whose `catch` only reports what failed.',
    ],
    [
      'info.cert.^issuer',
      'issuer',
      'Line 115 answers whoever waits (`res.json(...)`), and leaving before it would keep them waiting.',
    ],
  ])('leaves alone: %s', async (at, property, why) => {
    expect(await refusal('T11', crash(file, at, reading(property)))).toBe(`T11 tolerated step: ${why}`);
  });

  it('leaves a step alone whose failure is answered', async () => {
    expect(await refusal('T11', crash('src/groups.js', 'group.state.^name', reading('name')))).toContain(
      'whose `catch` only reports what failed',
    );
  });
});
