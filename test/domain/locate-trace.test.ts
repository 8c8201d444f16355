import { describe, expect, it } from 'vitest';
import { traceOf } from '../../src/domain/locate/trace.ts';
import { eventOf, exceptionOf, frameAt } from './crash-samples.ts';

const names = (event: Parameters<typeof traceOf>[0]) =>
  traceOf(event).map(({ frame, exception, origin }) => [frame.filename, frame.line, exception, origin]);

const thread = { id: null, name: null, current: false, crashed: false };

describe('the stack of an event as one list', () => {
  it('runs from the crash outwards, causes first', () => {
    const event = eventOf({
      exceptions: [
        exceptionOf({ frames: [frameAt('a', 1), frameAt('b', 2)] }),
        exceptionOf({ frames: [frameAt('c', 3)] }),
      ],
      threads: [{ ...thread, crashed: true, frames: [frameAt('t', 9)] }],
    });
    expect(names(event)).toEqual([
      ['b', 2, 0, 'exception'],
      ['a', 1, 0, 'exception'],
      ['c', 3, 1, 'exception'],
    ]);
  });

  it('takes the crashed thread, else the current one, else the only one', () => {
    const threads = [
      { ...thread, frames: [frameAt('idle', 1)] },
      { ...thread, current: true, frames: [frameAt('current', 2)] },
      { ...thread, crashed: true, frames: [frameAt('crashed', 3)] },
    ];
    const exceptions = [exceptionOf({ frames: [] })];
    expect(names(eventOf({ exceptions, threads }))).toEqual([['crashed', 3, null, 'thread']]);
    expect(names(eventOf({ threads: threads.slice(0, 2) }))).toEqual([['current', 2, null, 'thread']]);
    expect(names(eventOf({ threads: threads.slice(0, 1) }))).toEqual([['idle', 1, null, 'thread']]);
    expect(names(eventOf({ threads: [threads[0]!, threads[0]!] }))).toEqual([]);
  });

  it('takes the place of a log call when there is no stack', () => {
    const tracing = {
      'Rust Tracing Location': {
        file: String.raw`src\engine\runner.rs`,
        line: 12,
        module_path: 'app_lib::engine::runner',
      },
    };
    const log = { 'Rust Log Metadata': { 'logger.file': 'src/a.rs', 'logger.line': '7' } };
    expect(names(eventOf({ contexts: tracing }))).toEqual([
      [String.raw`src\engine\runner.rs`, 12, null, 'log'],
    ]);
    expect(names(eventOf({ contexts: log }))).toEqual([['src/a.rs', 7, null, 'log']]);
    expect(names(eventOf({ contexts: { 'Rust Tracing Location': { file: 7, line: 'x' } } }))).toEqual([]);
  });

  it('takes the module that a logger is called after', () => {
    expect(modules('native', 'app_lib::engine::runner')).toEqual([['rust', 'app_lib::engine::runner']]);
    expect(modules('python', 'shop.cart')).toEqual([['python', 'shop.cart']]);
    expect(modules('java', 'com.shop.Cart')).toEqual([['java', 'com.shop.Cart']]);
    expect(modules('node', 'shop.cart')).toEqual([]);
    expect(modules('python', 'root')).toEqual([]);
  });

  it('keeps the innermost frames of endless recursion', () => {
    const frames = Array.from({ length: 5000 }, (_, at) => frameAt('a', at + 1));
    const kept = names(eventOf({ exceptions: [exceptionOf({ frames })] }));
    expect([kept.length, kept[0]?.[1]]).toEqual([300, 5000]);
  });
});

function modules(platform: string, logger: string): (string | null)[][] {
  return traceOf(eventOf({ platform, tags: { logger } })).map(({ frame }) => [frame.platform, frame.module]);
}
