// What the Rust templates leave to a person without asking a compiler, and the sentence they say.

import { describe, expect, it } from 'vitest';
import { rustStage } from './rust-stage.ts';

const { refusedUnread } = rustStage();

const none = 'called `Option::unwrap()` on a `None` value';
const cut = "byte index 64 is not a char boundary; it is inside 'é' (bytes 63..65) of `…`";
const index = 'index out of bounds: the len is 0 but the index is 0';
const subtract = 'attempt to subtract with overflow';
const key = 'no entry found for key';
const err = (error: string) => `called \`Result::unwrap()\` on an \`Err\` value: ${error}`;
const utf8 = err('FromUtf8Error { bytes: [255], error: Utf8Error { valid_up_to: 0, error_len: Some(1) } }');
const digit = err('ParseIntError { kind: InvalidDigit }');

describe('panics that no template touches', () => {
  it.each([
    [err('PoisonError { .. }'), 'that first panic is the one to mend'],
    ['already mutably borrowed: BorrowError', 'which of the two must end earlier'],
    ['RefCell already borrowed', 'which of the two must end earlier'],
    ["thread 'main' has overflowed its stack", 'calls itself without end'],
    ['memory allocation of 8589934592 bytes failed', 'why so much was asked for'],
    ['internal error: entered unreachable code: no such state', 'panics on purpose'],
    ['not implemented', 'panics on purpose'],
    ['explicit panic', 'panics on purpose'],
    ['assertion `left == right` failed', 'panics on purpose'],
    ['attempt to multiply with overflow', 'This panic has no template'],
    ['attempt to divide by zero', 'This panic has no template'],
    ['the shop has closed', 'can panic with this message'],
  ])('%s', async (message, why) => {
    const panic = { file: 'src/sessions.rs', at: 'self.open.get(id).^unwrap', message };
    expect(await refusedUnread(panic)).toContain(why);
  });
});

describe('what the templates leave to a person', () => {
  it.each([
    // R1: places in a text, parsing, storing
    ['src/notes.rs', '^self.body[..end]', cut, 'is a place in the text'],
    ['src/notes.rs', '^self.body[..pos]', cut, 'is a place in the text'],
    ['src/notes.rs', '^self.title[..16]', cut, 'only shortened to be shown or logged'],
    // R2: loops, writes, computed indices, asserted lengths
    ['src/tags.rs', 'sum += ^tags[i]', index, 'read in a loop'],
    ['src/tags.rs', '^tags[at] = name', index, 'written to there'],
    ['src/tags.rs', '^tags[at - 1]', index, 'is computed'],
    ['src/tags.rs', 'Some(^tags[0])', index, 'asserts how long'],
    // R5: no way out, a closure, a loop
    ['src/tags.rs', '^sizes[tag]', key, 'returns neither `Option` nor `Result`'],
    ['src/tags.rs', '^self.names[code].clone', key, 'stands in a closure'],
    ['src/tags.rs', '^self.names[code]);', key, 'read in a loop'],
    // R4: money, times, memory, places
    ['src/table.rs', '^self.balance - price', subtract, 'is money'],
    ['src/table.rs', '^now - self.started_at', subtract, 'is a time'],
    ['src/table.rs', '^self.selected - 1]', subtract, 'a place in memory'],
    ['src/table.rs', 'get(^self.rows.len() - 1)', subtract, 'a place in memory'],
    ['src/table.rs', '^self.selected -= 1', subtract, 'is a place and no size'],
    ['src/table.rs', '^self.rows.len() - row', subtract, 'is a place and no size'],
    ['src/table.rs', '^rows_len - 1', subtract, 'the last place of a list'],
    // R3: the largest of none
    ['src/table.rs', 'max().^unwrap()', none, 'found nothing to choose from'],
    // R6: kept, compared, handed on
    ['src/telemetry.rs', 'from_utf8(bytes).^unwrap();', utf8, 'more than shown or logged'],
    ['src/telemetry.rs', 'from_utf8(bytes).^unwrap() == "yes"', utf8, 'more than shown or logged'],
    ['src/telemetry.rs', '    String::from_utf8(bytes).^unwrap()', utf8, 'more than shown or logged'],
    // R3 and R7
    ['src/main.rs', 'nth(1).^unwrap', none, 'stands in `main`'],
    ['src/store.rs', 'self.entries.last().^unwrap', none, 'part of a `Drop`'],
    ['src/sessions.rs', 'self.open.get(*id).^unwrap', none, 'stands in a closure'],
    ['src/store.rs', 'self.hits.lock().^unwrap', err('Whatever'), '`lock()` fails when another part'],
    ['src/invariants.rs', 'SIZES.first().copied().^unwrap', none, 'part of a constant'],
    ['src/invariants.rs', 'rounds.last().^unwrap', none, 'states an invariant'],
    ['src/invariants.rs', '.^expect("rounds must', 'rounds must not be empty', 'states what must hold'],
    ['src/invariants.rs', 'rounds.len() / 2).^unwrap', none, 'says that it panics'],
    ['src/invariants.rs', '            .^unwrap()', none, '`unsafe` code'],
    ['src/invariants.rs', 'newest(rounds).ok().^unwrap', none, 'part of a test'],
    ['src/paths.rs', 'name.parse().^unwrap', digit, 'the iteration is over'],
    ['src/paths.rs', 'path.parent().^unwrap().components', none, 'returns neither `Option` nor `Result`'],
    ['src/paths.rs', 'path.parent().unwrap().file_name()', none, '2 expressions'],
    ['src/config.rs', '^parts.next().unwrap()', 'no such text', 'can panic with this message'],
  ])('%s: %s', async (file, at, message, why) => {
    expect(await refusedUnread({ file, at, message })).toContain(why);
  });

  it('says a finished sentence each time', async () => {
    const said = await refusedUnread({ file: 'src/tags.rs', at: '^tags[at - 1]', message: index });
    expect(said).toMatch(/^R2 index: The .*\.$/);
  });

  it('asks the compiler for everything else', async () => {
    const panic = { file: 'src/sessions.rs', at: 'self.open.get(id).^unwrap', message: none };
    expect(await refusedUnread(panic)).toContain('The compiler was asked.');
  });
});

const inMenu = (owner: string, at: string) => ({ file: 'src/menu.rs', owner, at });

/** Places whose line stands more than once in the file are told by their function. */
describe('R8 and R9 leave alone', () => {
  it.each([
    ['R8', inMenu('fn jump_checked', 'follow(^number - 1)'), subtract, 'round the subtraction'],
    ['R8', inMenu('fn jump_shifted', 'follow(^number - 1)'), subtract, 'gets another value between'],
    ['R8', inMenu('fn jump_any', 'follow(^number - 1)'), subtract, 'round the subtraction'],
    ['R9', inMenu('fn touch', 'get(key).^unwrap()'), none, 'does not need the value'],
    ['R9', inMenu('fn count_all', 'get(*key).^unwrap()'), none, 'half done'],
    ['R9', inMenu('fn length', 'get(key).^unwrap()'), none, 'what to return without this one'],
    ['R9', inMenu('fn load', 'read_to_string(path).^unwrap()'), err('Os { code: 2 }'), 'returns neither'],
  ])('%s: $owner', async (_, { owner, ...place }, message, why) => {
    expect(await refusedUnread({ ...place, message, after: owner })).toContain(why);
  });
});

const inSteps = (at: string) => ({ file: 'src/steps.rs', at });

describe('R10 leaves alone', () => {
  it.each([
    ['no error', inSteps('None => ^todo!'), 'no step', 'was never written'],
    ['an arm that does more', inSteps('^todo!("try again")'), 'try again', 'was never written'],
    ['nobody to tell', inSteps('Err(_) => ^todo!("nothing'), 'nothing to show', 'returns no `Result`'],
    ['a closure', inSteps('Err(_) => ^todo!("no length'), 'no length', 'stands in a closure'],
    ['another place', inSteps('Ok(text) => Ok(text.len())'), 'no step', 'can panic with this message'],
  ])('%s', async (_, place, said, why) => {
    const message = `not yet implemented: ${said}`;
    expect(await refusedUnread({ ...place, message })).toContain(why);
  });
});
