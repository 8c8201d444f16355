// The templates on real small projects: what each writes, and what each refuses and why.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTemplates } from '../../src/fixers/templates/fixer.ts';
import { workHere } from '../../src/fixers/work-here.ts';
import { fixerContract } from './fixer.contract.ts';
import { answerOf, changeOf, replaceByLink, silentLog, stage } from './fixers-stage.ts';
import type { CrashFacts } from './fixers-stage.ts';

const make = () => createTemplates({ log: silentLog, scripts: workHere });
const reading = (property: string, of: 'undefined' | 'null' = 'undefined') =>
  `Cannot read properties of ${of} (reading '${property}')`;
const strict = (file: string, at: string, message: string): CrashFacts => ({
  project: 'strict',
  file,
  at,
  message,
});
const loose = (file: string, at: string, message: string): CrashFacts => ({
  project: 'loose',
  file,
  at,
  message,
});

fixerContract('templates', {
  make,
  fixes: [
    strict('src/fleet.ts', 'row.^status;', reading('status')),
    strict('src/lists.ts', 'sockets!.^forEach', reading('forEach')),
    loose('src/rooms.ts', 'guest.^room?.label', reading('room')),
  ],
  refuses: [
    strict('src/orders.ts', 'post(order.^customerId', reading('customerId')),
    strict('src/payments/ledger.ts', 'post(order.^customerId', reading('customerId')),
  ],
});

async function fixed(facts: CrashFacts, arrange?: (dir: string) => void): Promise<string> {
  return changeOf(await stage(make(), facts, arrange));
}

describe('T1 non-null assertion', () => {
  it('guards a lookup where it is declared', async () => {
    expect(await fixed(strict('src/fleet.ts', 'row.^status;', reading('status')))).toMatchInlineSnapshot(`
      "T1 non-null assertion
      return early when there is no row

      @@ export function statusOf(id: string): Row['status'] | undefined {
         if (id === '') {
           return undefined;
         }
      -  const row = rows.find((candidate) => candidate.id === id)!;
      +  const row = rows.find((candidate) => candidate.id === id);
      +  if (!row) {
      +    return undefined;
      +  }
         return row.status;
       }
       
      "
    `);
  });

  it('names a lookup that had no name, above the comment of its line', async () => {
    expect(await fixed(strict('src/fleet.ts', '.find((row) => row.id === id)!.^status', reading('status'))))
      .toMatchInlineSnapshot(`
      "T1 non-null assertion
      return early when there is no row

      @@ export function closeSession(id: string): void {
       }
       
       export function paint(id: string, target: { text: string }): void {
      +  const row = rows.find((row) => row.id === id);
      +  if (!row) {
      +    return;
      +  }
         // The label changes with the language, the status does not.
      -  target.text = rows.find((row) => row.id === id)!.status;
      +  target.text = row.status;
       }
       
       export function seatsLeft(id: string): number | undefined {
      "
    `);
  });

  it('follows tabs, missing semicolons and one-line guards', async () => {
    expect(await fixed(strict('src/chat.ts', 'peers.get(id)!.^mute()', reading('mute'))))
      .toMatchInlineSnapshot(`
      "T1 non-null assertion
      return early when there is no peer

      @@ const peers = new Map<string, Peer>()
       
       export function mute(id: string) {
       	if (!peers.size) return
      -	peers.get(id)!.mute()
      +	const peer = peers.get(id)
      +	if (!peer) return
      +	peer.mute()
       }
       
       export function announce(ids: string[], say: (text: string) => void) {
      "
    `);
  });

  it('skips one round of a loop', async () => {
    expect(await fixed(strict('src/chat.ts', '\t\tsay(peer.^nick)', reading('nick')))).toMatchInlineSnapshot(`
      "T1 non-null assertion
      skip the round when there is no peer

      @@ export function mute(id: string) {
       export function announce(ids: string[], say: (text: string) => void) {
       	for (const id of ids) {
       		const name = id.trim()
      -		const peer = peers.get(name)!
      +		const peer = peers.get(name)
      +		if (!peer) continue
       		say(peer.nick)
       	}
       }
      "
    `);
  });

  it('renders nothing in a component, and drops the other assertions too', async () => {
    expect(await fixed(strict('src/profile.tsx', 'props.user!.^name', reading('name'))))
      .toMatchInlineSnapshot(`
      "T1 non-null assertion
      return early when there is no user
      Symptom-level guard: the cause is where \`user\` was left \`undefined\`, as its declaration allows (\`src/profile.tsx:4\`).
      @@ type Props = { user?: User; tags?: string[] };
       
       export function Profile(props: Props) {
         if (props.tags === undefined) return null;
      +  if (props.user === undefined) return null;
         return (
           <section>
      -      <h2>{props.user!.name}</h2>
      -      <p>{props.user!.city}</p>
      +      <h2>{props.user.name}</h2>
      +      <p>{props.user.city}</p>
           </section>
         );
       }
      "
    `);
  });

  it('awaits once in an async method', async () => {
    expect(await fixed(strict('src/reports.ts', 'return report.^title', reading('title', 'null'))))
      .toMatchInlineSnapshot(`
      "T1 non-null assertion
      return early when there is no report
      Symptom-level guard: the cause is where \`load\` gave nothing back (\`src/reports.ts:8\`).
      @@ export class Reports {
         async titleOf(id: string): Promise<string | null> {
           if (id === '')
             return null;
      -    const report = (await this.store.load(id))!;
      +    const report = await this.store.load(id);
      +    if (!report)
      +      return null;
           return report.title;
         }
       
      "
    `);
  });

  it('guards a field of the class', async () => {
    expect(await fixed(strict('src/reports.ts', 'print(this.current!.^title', reading('title', 'null'))))
      .toMatchInlineSnapshot(`
      "T1 non-null assertion
      return early when there is no current
      Symptom-level guard: the cause is where \`current\` became \`null\` (\`src/reports.ts:12\`).
      @@ export class Reports {
         }
       
         show(print: (text: string) => void): void {
      -    print(this.current!.title);
      -    print(this.current!.lines.join('\\n'));
      +    if (!this.current)
      +      return;
      +    print(this.current.title);
      +    print(this.current.lines.join('\\n'));
         }
       
         async refresh(id: string, fail: (error: unknown) => void): Promise<void> {
      "
    `);
  });

  it('keeps carriage returns, and names what is taken apart', async () => {
    const message = "Cannot destructure property 'title' of 'pages.at(...)' as it is undefined.";
    const file = 'src/pages.ts';
    const withReturns = (dir: string) => rewrite(dir, file, (text) => text.replaceAll('\n', '\r\n'));
    expect(await fixed(strict(file, 'const { ^title }', message), withReturns)).toMatchInlineSnapshot(`
      "T1 non-null assertion
      return early when there is no page

      @@ type Page = { title: string; slug: string };
       const pages: Page[] = [];␍
       ␍
       export function lastTitle(): string | undefined {␍
      -  const { title } = pages.at(-1)!;␍
      +  const page = pages.at(-1);␍
      +  if (!page) return undefined;␍
      +  const { title } = page;␍
         return title;␍
       }␍
      "
    `);
  });

  it('takes the first of two assertions when the column says so', async () => {
    expect(await fixed(strict('src/fleet.ts', 'left!.^label === right', reading('label'))))
      .toMatchInlineSnapshot(`
      "T1 non-null assertion
      return early when there is no left
      Symptom-level guard: the cause is the caller of \`sameLabel\` that passed no \`left\`.
      @@ export function labelOf(id: string): string {
       }
       
       export function sameLabel(left: Row | undefined, right: Row | undefined): boolean | null {
      -  return left!.label === right!.label;
      +  if (!left) {
      +    return null;
      +  }
      +  return left.label === right!.label;
       }
       
       export function firstBusy(wanted: boolean): string | null {
      "
    `);
  });
});

describe('T1 in an arrow function without a body', () => {
  it('gives it one', async () => {
    expect(await fixed(strict('src/handlers.tsx', 'fields.get(name)!.^focus', reading('focus'))))
      .toMatchInlineSnapshot(`
      "T1 non-null assertion
      return early when there is no field

      @@ export function Search({ field, names }: { field: Holder; names: string[] }) {
       }
       
       export function focusAll(names: string[]): void {
      -  names.forEach((name) => fields.get(name)!.focus());
      +  names.forEach((name) => {
      +    const field = fields.get(name);
      +    if (!field) return;
      +    field.focus();
      +  });
       }
       
       export function valuesOf(names: string[]): string[] {
      "
    `);
  });

  it('gives one to a handler in markup', async () => {
    expect(await fixed(strict('src/handlers.tsx', 'field.current!.^focus', reading('focus', 'null'))))
      .toMatchInlineSnapshot(`
      "T1 non-null assertion
      return early when there is no field
      Symptom-level guard: the cause is where \`current\` was left \`null\`, as its declaration allows (\`src/handlers.tsx:2\`).
      @@ const fields = new Map<string, Field>();
       export function Search({ field, names }: { field: Holder; names: string[] }) {
         if (names.length === 0) return null;
         return (
      -    <form onReset={() => field.current!.focus()}>
      +    <form onReset={() => {
      +      if (!field.current) return;
      +      field.current.focus();
      +    }}>
             <ul>{names.join(', ')}</ul>
           </form>
         );
      "
    `);
  });
});

describe('T2 unchecked null', () => {
  it('guards a lookup before its use', async () => {
    expect(await fixed(loose('src/rooms.ts', 'guest.^room?.label', reading('room')))).toMatchInlineSnapshot(`
      "T2 unchecked null
      return early when there is no guest

      @@ const guests: Guest[] = [];
       
       export function roomLabel(name: string): string | undefined {
         const guest = guests.find(g => g.name === name);
      +  if (!guest) return undefined;
         return guest.room?.label;
       }
       
      "
    `);
  });

  it('guards an optional property', async () => {
    expect(await fixed(loose('src/rooms.ts', '  say(guest.room.^label);', reading('label'))))
      .toMatchInlineSnapshot(`
      "T2 unchecked null
      return early when a guest has no room
      Symptom-level guard: the cause is where \`room\` was left \`undefined\`, as its declaration allows (\`src/rooms.ts:3\`).
      @@ export function roomLabel(name: string): string | undefined {
       
       export function greet(guest: Guest, say: (text: string) => void) {
         if (guest.name === "") return;
      +  if (!guest.room) return;
         say(guest.room.label);
       }
       
      "
    `);
  });

  it('skips one round of a loop', async () => {
    expect(await fixed(loose('src/rooms.ts', '    say(guest.room.^label);', reading('label'))))
      .toMatchInlineSnapshot(`
      "T2 unchecked null
      skip the round when a guest has no room
      Symptom-level guard: the cause is where \`room\` was left \`undefined\`, as its declaration allows (\`src/rooms.ts:3\`).
      @@ export function greet(guest: Guest, say: (text: string) => void) {
       
       export function greetAll(list: Guest[], say: (text: string) => void) {
         for (const guest of list) {
      +    if (!guest.room) continue;
           say(guest.room.label);
         }
       }
      "
    `);
  });

  it('guards an optional callback', async () => {
    expect(await fixed(loose('src/rooms.ts', '  ^bell(guest', 'bell is not a function')))
      .toMatchInlineSnapshot(`
      "T2 unchecked null
      return early when there is no bell
      Symptom-level guard: the cause is the caller of \`ring\` that passed no \`bell\`.
      @@ export function greetAll(list: Guest[], say: (text: string) => void) {
       }
       
       export function ring(guest: Guest, bell?: (text: string) => void) {
      +  if (!bell) return;
         bell(guest.name);
       }
       
      "
    `);
  });

  it('works on JavaScript whose types can be read', async () => {
    expect(await fixed(loose('src/script.js', 'limit.^name', reading('name')))).toMatchInlineSnapshot(`
      "T2 unchecked null
      return early when there is no limit

      @@ const limits = new Map([['a', { name: 'A' }]]);
       /** @param {string} key */
       export function show(key) {
         const limit = limits.get(key);
      +  if (!limit) return;
         console.log(limit.name);
       }
      "
    `);
  });
});

describe('T3 missing list', () => {
  it('goes through nothing in a loop', async () => {
    expect(await fixed(strict('src/lists.ts', 'const item of feed.^items!', 'feed.items is not iterable')))
      .toMatchInlineSnapshot(`
      "T3 missing list
      treat missing items as an empty list
      Symptom-level guard: the cause is where \`items\` was left \`undefined\`, as its declaration allows (\`src/lists.ts:1\`).
      @@
       export type Feed = { items?: string[]; authors: string[] | null };
       
       export function printAll(feed: Feed, print: (text: string) => void): void {
      -  for (const item of feed.items!) {
      +  for (const item of feed.items ?? []) {
           print(item);
         }
       }
      "
    `);
  });

  it('goes through nothing with forEach', async () => {
    expect(await fixed(strict('src/lists.ts', 'sockets!.^forEach', reading('forEach'))))
      .toMatchInlineSnapshot(`
      "T3 missing list
      treat missing sockets as an empty list
      Symptom-level guard: the cause is the caller of \`closeAll\` that passed no \`sockets\`.
      @@ export function printAll(feed: Feed, print: (text: string) => void): void {
       }
       
       export function closeAll(sockets: { close(): void }[] | undefined): void {
      -  sockets!.forEach((socket) => socket.close());
      +  (sockets ?? []).forEach((socket) => socket.close());
       }
       
       export function collect(feed: Feed): string[] {
      "
    `);
  });

  it('renders nothing with map', async () => {
    expect(await fixed(strict('src/profile.tsx', 'tags!.^map(', reading('map')))).toMatchInlineSnapshot(`
      "T3 missing list
      treat missing tags as an empty list
      Symptom-level guard: the cause is the caller of \`Tags\` that passed no \`tags\`.
      @@ export function Badge({ user }: Props) {
       export function Tags({ tags }: Props) {
         return (
           <ul>
      -      {tags!.map((tag) => (
      +      {(tags ?? []).map((tag) => (
               <li key={tag}>{tag}</li>
             ))}
           </ul>
      "
    `);
  });

  it('spreads nothing into a list that is only gone through', async () => {
    expect(await fixed(strict('src/lists.ts', '[...feed.^authors!, ', 'feed.authors is not iterable')))
      .toMatchInlineSnapshot(`
      "T3 missing list
      treat missing authors as an empty list
      Symptom-level guard: the cause is where \`authors\` was left \`undefined\`, as its declaration allows (\`src/lists.ts:1\`).
      @@ export function known(feed: Feed): Set<string> {
       }
       
       export function everyone(feed: Feed, print: (text: string) => void): void {
      -  const names = [...feed.authors!, 'you'];
      +  const names = [...(feed.authors ?? []), 'you'];
         for (const name of names) print(name);
       }
       
      "
    `);
  });

  it('takes an unchecked list where the project does not check', async () => {
    expect(await fixed(loose('src/rooms.ts', 'guest.wishes.^forEach', reading('forEach'))))
      .toMatchInlineSnapshot(`
      "T3 missing list
      treat missing wishes as an empty list
      Symptom-level guard: the cause is where \`wishes\` was left \`undefined\`, as its declaration allows (\`src/rooms.ts:4\`).
      @@ export function ring(guest: Guest, bell?: (text: string) => void) {
       }
       
       export function wishes(guest: Guest, say: (text: string) => void) {
      -  guest.wishes.forEach(wish => say(wish));
      +  (guest.wishes ?? []).forEach(wish => say(wish));
       }
       
       export function anything(guest: any): string | undefined {
      "
    `);
  });
});

describe('refusals of T1', () => {
  it.each([
    [
      'src/fleet.ts',
      'row.^seats',
      'seats',
      'The value takes part in a calculation in line 28 (`row.seats - 1`), a guard would hide a wrong result.',
    ],
    [
      'src/fleet.ts',
      'return rows.find((row) => row.id === id)!.^label',
      'label',
      "`labelOf` is declared to return `string`, which admits neither `undefined` nor `null`: what to return instead is a person's decision.",
    ],
    [
      'src/fleet.ts',
      'left!.label === right!.label',
      'label',
      '2 expressions on the line could have failed this way, and the event does not say which.',
    ],
    [
      'src/fleet.ts',
      "=== 'busy')!.^label",
      'label',
      'The expression runs only under a condition (`wanted ? rows.find(...)!.label : null`); returning before it would skip the other branch.',
    ],
    [
      'src/fleet.ts',
      'yield last.^label',
      'label',
      '`labels` is a generator: ending it early would look like the end of the data.',
    ],
    [
      'src/profile.tsx',
      'user!.^name;',
      'name',
      '`useEffect` in line 18 is a hook and must run on every render; a return before it would skip it.',
    ],
    [
      'src/reports.ts',
      'first!.^title',
      'title',
      'The line stands in a constructor: returning early would leave a half-built object.',
    ],
    [
      'src/reports.ts',
      'this.title = report.^title',
      'title',
      'Line 37 stands in a `try` whose `catch` answers for failures; leaving silently would bypass it.',
    ],
    [
      'src/reports.ts',
      'report.parent!.parent!.^title',
      'title',
      '`report.parent!.parent` rests on another `!`, so more than one value may have been missing.',
    ],
    [
      'src/orders.ts',
      'const { ^note } = order',
      'note',
      'The value is used as an amount in line 8 (`order.amount`), a guard would hide a wrong sum.',
    ],
    [
      'src/orders.ts',
      'post(order.^customerId',
      'customerId',
      'The value is sent on as an identifier in line 13 (`order.customerId`), a guard would hide what is not sent.',
    ],
    [
      'src/orders.ts',
      'if (order.^role',
      'role',
      "The value decides about access in line 18 (`order.role`): what its absence means is a person's decision.",
    ],
    [
      'src/chat.ts',
      "if (peer.^nick !== '')",
      'nick',
      'Line 39 counts or sums over the rounds of the loop; skipping one would hide a wrong result.',
    ],
    [
      'src/chat.ts',
      'tell(peer.^nick)',
      'nick',
      "Line 20 has already done part of this round's work; skipping the rest would leave it half done.",
    ],
    [
      'src/lists.ts',
      'print(first!.^text',
      'text',
      'The type of `first` admits neither `undefined` nor `null`: the types are wrong further back, and a guard here would only cover it.',
    ],
    [
      'src/chat.ts',
      'say(next!.^nick)',
      'nick',
      'The line stands in a `while` loop: skipping the rest of its body may never end.',
    ],
  ])('%s %s', async (file, at, property, why) => {
    const staged = await stage(make(), strict(file, at, reading(property)));
    expect(answerOf(staged).split('\n')[0]).toBe(`T1 non-null assertion: ${why}`);
    expect(staged.diff).toBe('');
  });
});

describe('what comes after a guard', () => {
  it.each([
    [
      'hide(tab.^title)',
      'title',
      'Line 8 goes on with work that does not need the value (`save()`), and leaving before it would skip that silently.',
    ],
    [
      'tab.^title = title',
      'title',
      'Line 14 returns a result that does not need the value (`tabs.size`), and leaving before it would withhold that.',
    ],
    [
      'tab!.^title.trim',
      'title',
      'Line 19 has an answer of its own for a missing value, and leaving before it would skip that.',
    ],
    [
      'tabs.get(id)!.^icon',
      'icon',
      'Line 23 has an answer of its own for a missing value, and leaving before it would skip that.',
    ],
  ])('keeps it from being skipped: %s', async (at, property, why) => {
    const message = at.includes(' = ')
      ? `Cannot set properties of undefined (setting '${property}')`
      : reading(property);
    const staged = await stage(make(), strict('src/sequels.ts', at, message));
    expect(answerOf(staged).split('\n')[0]).toBe(`T1 non-null assertion: ${why}`);
  });

  it('follows the value into what it is put into', async () => {
    expect(await fixed(strict('src/sequels.ts', 'into.text = tab.^title', reading('title')))).toContain(
      '+  if (!tab) return;',
    );
  });
});

describe('refusals of T2', () => {
  it.each([
    [
      'a.room.label || b.room.label',
      'label',
      '2 expressions on the line could have failed this way, and the event does not say which.',
    ],
    [
      'return guest.^name',
      'name',
      'A strict null check reports nothing at the crash, so the types do not know that the value may be missing.',
    ],
    [
      'guest.room.^label.length',
      'label',
      "`labelLength` is declared to return `number`, which admits neither `undefined` nor `null`: what to return instead is a person's decision.",
    ],
    [
      'guest.^room.floor + 1',
      'room',
      'A strict null check reports nothing at the crash, so the types do not know that the value may be missing.',
    ],
  ])('%s', async (at, property, why) => {
    const staged = await stage(make(), loose('src/rooms.ts', at, reading(property)));
    expect(answerOf(staged).split('\n')).toContain(`T2 unchecked null: ${why}`);
    expect(staged.diff).toBe('');
  });
});

describe('refusals of T3', () => {
  it.each([
    [
      'feed.items!.^length',
      reading('length'),
      'The list is counted in line 22, and an empty list would answer for a missing one.',
    ],
    [
      'feed.items!.^map',
      reading('map'),
      'The list made of it is stored, sent or returned in line 26, where an empty list would pass for the real one.',
    ],
    [
      'const entry of feed.^items',
      'feed.items is not iterable',
      'Line 16 stores or counts what the loop goes through, and an empty list would hide that it was missing.',
    ],
    ['post(...feed.^items', 'feed.items is not iterable', 'The list is sent on as arguments in line 30.'],
    [
      'new Set([...feed.^authors',
      'feed.authors is not iterable',
      'The list made of it is stored, sent or returned in line 35, where an empty list would pass for the real one.',
    ],
  ])('%s', async (at, message, why) => {
    const staged = await stage(make(), strict('src/lists.ts', at, message));
    expect(answerOf(staged)).toContain(`T3 missing list: ${why}`);
    expect(staged.diff).toBe('');
  });
});

async function why(facts: CrashFacts, arrange?: (dir: string) => void): Promise<string> {
  const staged = await stage(make(), facts, arrange);
  expect(staged.diff).toBe('');
  return answerOf(staged);
}

describe('refusals before any template', () => {
  const guarded = strict('src/fleet.ts', 'row.^status;', reading('status'));
  const frame = {
    index: 0,
    function: 'statusOf',
    reported: { path: 'src/fleet.ts', line: 10, column: 14 },
    inApp: true,
    path: 'src/fleet.ts',
    line: 10,
    rule: 'same path',
    confidence: 1,
    contextMatches: true,
  };

  const library = {
    ...frame,
    function: 'get',
    path: null,
    reported: { path: 'node_modules/lodash/get.js', line: 3, column: 1 },
  };

  it('passes on why the location must not be changed', async () => {
    expect(await why({ ...guarded, refusal: 'The line moved ambiguously.' })).toBe(
      'templates: The line moved ambiguously.',
    );
  });

  it('stops when the source of the event is not the source here', async () => {
    expect(await why({ ...guarded, frames: [{ ...frame, contextMatches: false }] })).toBe(
      "templates: The event's own source line differs from line 10 of `src/fleet.ts`, so the code has moved since.",
    );
  });

  it('stops when the crash is inside code that is not here', async () => {
    expect(await why({ ...guarded, frames: [library, { ...frame, index: 1 }] })).toBe(
      'templates: The crash happened deeper than `src/fleet.ts:10`, in code that could not be tied to this repository.',
    );
  });

  it('stays away from money and access', async () => {
    expect(await why(strict('src/payments/ledger.ts', 'post(order.^customerId', reading('customerId')))).toBe(
      'templates: `src/payments/ledger.ts` deals with money or access (`payments`), where a silent guard could do harm; a person has to decide.',
    );
    expect(await why({ ...guarded, function: 'refundOrder' })).toContain('(`refund`)');
  });

  it('stays away from generated files', async () => {
    expect(await why(strict('src/generated-note.ts', 'peers.get(id)!.^mute()', reading('mute')))).toBe(
      'templates: `src/generated-note.ts` says that it is generated; the change belongs into its source.',
    );
  });

  it.each([
    ['src/fleet.test.ts', 'is a test'],
    ['vendor/fleet.ts', 'is vendored or generated'],
    ['src/fleet.d.ts', 'only declares types'],
    ['src/fleet.py', 'is neither TypeScript, JavaScript nor Rust'],
  ])('stays away from %s', async (file, reason) => {
    const arrange = (dir: string) => cpSync(join(dir, 'src/fleet.ts'), join(dir, file));
    expect(await why({ ...guarded, file }, arrange)).toContain(reason);
  });

  it('does not write through a link', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'suture-outside-'));
    const arrange = (dir: string) => {
      cpSync(join(dir, 'src/fleet.ts'), join(outside, 'fleet.ts'));
      replaceByLink(dir, 'src/fleet.ts', join(outside, 'fleet.ts'));
    };
    const before = readFileSync(join(import.meta.dirname, '../fixtures/fixers/strict/src/fleet.ts'), 'utf8');
    expect(await why(guarded, arrange)).toBe(
      'templates: `src/fleet.ts` is not a plain file of this checkout.',
    );
    expect(readFileSync(join(outside, 'fleet.ts'), 'utf8')).toBe(before);
    rmSync(outside, { recursive: true });
  });

  it('refuses when an import does not resolve here', async () => {
    const head = "import { wire } from '@acme/wire';\nwire();\n";
    expect(await why(guarded, (dir) => prepend(dir, 'src/fleet.ts', head))).toBe(
      'templates: The types cannot be decided here: `@acme/wire` does not resolve in this checkout (TS2307).',
    );
  });

  it('refuses a file that no project includes', async () => {
    expect(await why(guarded, (dir) => rmSync(join(dir, 'tsconfig.json')))).toBe(
      'templates: No `tsconfig.json` of the repository includes this file, so its types cannot be decided.',
    );
  });

  it('refuses other kinds of crash', async () => {
    expect(await why({ ...guarded, message: 'Invalid array length' })).toContain(
      'The message is none that templates know',
    );
  });

  it('refuses a line that does not fit the message', async () => {
    expect(await why({ ...guarded, message: reading('nothingHere') })).toBe(
      'templates: No expression in line 10 of `src/fleet.ts` fits the message of the crash.',
    );
  });

  it('keeps a byte order mark', async () => {
    const staged = await stage(make(), guarded, (dir) => prepend(dir, 'src/fleet.ts', '\uFEFF'));
    expect(staged.result.outcome).toBe('changed');
    expect(staged.diff).not.toContain('\uFEFF');
  });
});

describe('frames', () => {
  it('looks past the frames of the language itself', async () => {
    const builtIn = {
      index: 0,
      function: 'Array.reduce',
      path: null,
      line: null,
      inApp: false,
      rule: 'none',
      confidence: 0,
      contextMatches: null,
      reported: { path: '<anonymous>', line: null, column: null },
    };
    const own = {
      ...builtIn,
      index: 1,
      path: 'src/sums.ts',
      line: 2,
      reported: { path: 'src/sums.ts', line: 2, column: 16 },
    };
    const message = 'Reduce of empty array with no initial value';
    const staged = await stage(make(), {
      ...strict('src/sums.ts', 'grams.^reduce', message),
      frames: [builtIn, own],
    });
    expect(staged.result.outcome).toBe('changed');
  });
});

describe('the same crash in other words', () => {
  it.each([
    "Cannot read property 'status' of undefined",
    'can\'t access property "status", row is undefined',
    'row is undefined',
    "undefined is not an object (evaluating 'row.status')",
  ])('%s', async (message) => {
    const staged = await stage(make(), strict('src/fleet.ts', 'return row.status;', message));
    expect(staged.diff).toContain('+  if (!row) {');
  });
});

function prepend(dir: string, file: string, head: string): void {
  rewrite(dir, file, (text) => head + text);
}

function rewrite(dir: string, file: string, change: (text: string) => string): void {
  writeFileSync(join(dir, file), change(readFileSync(join(dir, file), 'utf8')));
}
