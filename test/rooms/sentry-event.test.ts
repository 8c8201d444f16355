// Events and issues of Sentry's REST API in our words, and what happens with what is neither.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bug, Refusal } from '../../src/domain/failure.ts';
import { parseEvent } from '../../src/sentry/parse-event.ts';
import { parseProblem } from '../../src/sentry/payloads.ts';
import { fixture } from './sentry-recorded.ts';

function released(id: unknown) {
  return parseEvent({ id: 'a1', entries: [], release: { version: 'v1', lastCommit: { id } } });
}

describe('parseEvent', () => {
  test('reads a crash with every part', async () => {
    expect(parseEvent(await fixture('event'))).toMatchInlineSnapshot(`
      {
        "at": 1767225540125,
        "breadcrumbs": [
          {
            "at": 1767225539500,
            "category": "fetch",
            "data": {
              "status_code": 200,
              "url": "/api/cart",
            },
            "level": "info",
            "message": null,
            "type": "http",
          },
          {
            "at": null,
            "category": "ui.click",
            "data": null,
            "level": null,
            "message": "button#pay",
            "type": "default",
          },
        ],
        "contexts": {
          "os": {
            "name": "Linux",
            "type": "os",
          },
        },
        "culprit": "totalOf(src/cart)",
        "debugImages": [
          {
            "codeFile": "app:///assets/index-Cq3.js",
            "debugId": "5f1d7d5e-0000-4000-8000-9a1b2c3d4e5f",
          },
          {
            "codeFile": "C:\\shop.exe",
            "debugId": "aa11bb22-0000-4000-8000-000000000000",
          },
        ],
        "environment": "production",
        "exceptions": [
          {
            "frames": [],
            "mechanism": null,
            "module": null,
            "rawFrames": [],
            "threadId": null,
            "type": "RangeError",
            "value": "quantity out of range",
          },
          {
            "frames": [
              {
                "absPath": "node:internal/process/task_queues",
                "column": 5,
                "context": [],
                "filename": "node:internal/process/task_queues",
                "function": "process.processTicksAndRejections",
                "inApp": false,
                "line": 105,
                "module": null,
                "package": null,
                "platform": null,
                "rawFunction": null,
              },
              {
                "absPath": "webpack:///./src/cart.ts",
                "column": 27,
                "context": [
                  {
                    "line": 11,
                    "text": "  for (const line of cart.lines) {",
                  },
                  {
                    "line": 12,
                    "text": "    total += line.product.price;",
                  },
                  {
                    "line": 14,
                    "text": "  return total;",
                  },
                ],
                "filename": "./src/cart.ts",
                "function": "totalOf",
                "inApp": true,
                "line": 12,
                "module": "src/cart",
                "package": null,
                "platform": "javascript",
                "rawFunction": "t",
              },
            ],
            "mechanism": {
              "handled": false,
              "synthetic": false,
              "type": "onunhandledrejection",
            },
            "module": "cart",
            "rawFrames": [
              {
                "absPath": "app:///assets/index-Cq3.js",
                "column": 88021,
                "context": [],
                "filename": "/assets/index-Cq3.js",
                "function": "t",
                "inApp": true,
                "line": 1,
                "module": null,
                "package": null,
                "platform": null,
                "rawFunction": null,
              },
            ],
            "threadId": "3",
            "type": "TypeError",
            "value": "Cannot read properties of undefined (reading 'price')",
          },
        ],
        "id": "0123456789abcdef0123456789abcdef",
        "message": null,
        "platform": "javascript",
        "processingErrors": [
          {
            "data": {
              "symbolicator_type": "missing_sourcemap",
              "url": "app:///vendor.js",
            },
            "message": "Source code was not found",
            "type": "js_no_source",
          },
        ],
        "release": "shop@1.4.2",
        "releaseCommit": "9b1c2d3e4f5a69788796a5b4c3d2e1f001234567",
        "request": {
          "method": "POST",
          "url": "https://shop.example/pay",
        },
        "tags": {
          "environment": "production",
          "level": "error",
          "release": "shop@1.4.2",
        },
        "threads": [],
        "title": "TypeError: Cannot read properties of undefined (reading 'price')",
        "type": "error",
      }
    `);
  });

  test('reads a message without exception, with nulls in the place of lists', async () => {
    expect(parseEvent(await fixture('event-message'))).toMatchInlineSnapshot(`
      {
        "at": 1767175200000,
        "breadcrumbs": [],
        "contexts": {
          "Rust Tracing Location": {
            "file": "src/runner.rs",
            "line": 88,
            "module_path": "desk_lib::runner",
          },
        },
        "culprit": null,
        "debugImages": [],
        "environment": null,
        "exceptions": [],
        "id": "fedcba9876543210fedcba9876543210",
        "message": "runner stopped: no worker left",
        "platform": "native",
        "processingErrors": [],
        "release": "desk@0.9.0",
        "releaseCommit": null,
        "request": null,
        "tags": {},
        "threads": [
          {
            "crashed": false,
            "current": true,
            "frames": [
              {
                "absPath": "/build/desk/src/runner.rs",
                "column": null,
                "context": [],
                "filename": "runner.rs",
                "function": "desk_lib::runner::run",
                "inApp": true,
                "line": 88,
                "module": null,
                "package": null,
                "platform": null,
                "rawFunction": null,
              },
            ],
            "id": "7",
            "name": "worker",
          },
          {
            "crashed": false,
            "current": true,
            "frames": [
              {
                "absPath": null,
                "column": null,
                "context": [],
                "filename": "main.rs",
                "function": "main",
                "inApp": null,
                "line": 3,
                "module": null,
                "package": null,
                "platform": null,
                "rawFunction": null,
              },
            ],
            "id": null,
            "name": null,
          },
        ],
        "title": "runner stopped: no worker left",
        "type": "default",
      }
    `);
  });

  test('an event without frames is an event', () => {
    expect(parseEvent({ eventID: 'a1', entries: [] })).toMatchObject({
      id: 'a1',
      title: '<unlabeled event>',
      exceptions: [],
      threads: [],
      tags: {},
    });
    expect(parseEvent({ eventID: 'a1', entries: null }).exceptions).toEqual([]);
  });

  test('a single `value` stands for `values`', () => {
    const value = { type: 'Error', value: 'boom', stacktrace: { frames: [{ function: 'go', lineNo: 3 }] } };
    const event = parseEvent({ id: 'a1', entries: [{ type: 'exception', data: { value } }] });
    expect(event.exceptions).toHaveLength(1);
    expect(event.exceptions[0]?.frames[0]).toMatchObject({ function: 'go', line: 3 });
    expect(event.title).toBe('Error: boom');
  });

  test('raw frames that are the same are left out', () => {
    const stacktrace = { frames: [{ function: 'a', lineNo: 1, colNo: 9 }] };
    const values = [{ type: 'Error', stacktrace, rawStacktrace: structuredClone(stacktrace) }];
    const event = parseEvent({ id: 'a1', entries: [{ type: 'exception', data: { values } }] });
    expect(event.exceptions[0]?.rawFrames).toEqual([]);
  });

  test('unreadable members are left out, the others stay', () => {
    const frames = [
      null,
      7,
      { function: 'ok', lineNo: -1, colNo: 0, inApp: 'yes', context: [[1], 'x', [2, 'b']] },
    ];
    const values = [
      null,
      { type: 5, value: 'boom', stacktrace: { frames }, rawStacktrace: 'odd', threadId: {} },
    ];
    const event = parseEvent({
      id: 'a1',
      entries: [
        null,
        { data: {} },
        { type: 'exception', data: null },
        { type: 'exception', data: { values } },
      ],
      tags: [{ key: 'a', value: '1' }, { key: 'b' }, null],
      release: 5,
      dateCreated: 'yesterday',
    });
    expect(event).toMatchObject({ tags: { a: '1' }, release: null, at: null });
    expect(event.exceptions).toHaveLength(1);
    expect(event.exceptions[0]).toMatchObject({ type: null, value: 'boom', threadId: null, rawFrames: [] });
    expect(event.exceptions[0]?.frames).toMatchObject([
      { function: 'ok', line: null, column: null, inApp: null, context: [{ line: 2, text: 'b' }] },
    ]);
  });

  test('only a commit id becomes the commit of a release', () => {
    expect(released('9b1c2d3')).toMatchObject({ release: 'v1', releaseCommit: '9b1c2d3' });
    expect(released('--upload-pack=evil').releaseCommit).toBeNull();
    expect(released('main').releaseCommit).toBeNull();
    expect(released(7).releaseCommit).toBeNull();
  });

  test('no user, cookie, header, variable or secret of the address is kept', async () => {
    const kept = JSON.stringify(parseEvent(await fixture('event')));
    for (const secret of ['buyer@example.com', '192.0.2.7', 'hunter2', 'session', 'secret', '4111']) {
      expect(kept).not.toContain(secret);
    }
  });

  test('tags that name a person or carry a query are cut', () => {
    const tags = [
      { key: 'user', value: 'email:buyer@example.com' },
      { key: 'user.email', value: 'buyer@example.com' },
      { key: 'url', value: 'https://shop.example/pay?session=abc' },
      { key: 'userland', value: 'kept' },
    ];
    const event = parseEvent({ id: 'a1', entries: [], tags });
    expect(event.tags).toEqual({ url: 'https://shop.example/pay', userland: 'kept' });
  });

  test('text that no database can hold is cleaned', () => {
    const event = parseEvent({
      id: 'a1',
      entries: [],
      title: 'a\0b\ud800c',
      tags: [{ key: 'k', value: '\0' }],
    });
    expect(event.title).toBe('ab\ufffdc');
    expect(event.tags).toEqual({ k: '' });
  });

  test.each<[string, unknown, RegExp]>([
    ['null', null, /a JSON object is missing/],
    ['a list', [], /a JSON object is missing/],
    ['an empty object', {}, /`entries`/],
    ['an issue', { id: '4001', title: 't', status: 'unresolved' }, /`entries` is missing/],
    ['an event without id', { entries: [] }, /`eventID` is missing/],
    ['the event of a webhook', { event_id: 'a1', exception: { values: [] } }, /webhook/],
  ])('%s is refused in a sentence', (_, json, words) => {
    expect(() => parseEvent(json)).toThrow(Refusal);
    expect(() => parseEvent(json)).toThrow(words);
  });

  test('whatever JSON comes, it is an event or a refusal', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expectEventOrRefusal(json);
      }),
    );
  });

  test('whatever stands in the places of an event, it is an event or a refusal', async () => {
    const event = await fixture('event');
    fc.assert(
      fc.property(fc.nat(), fc.jsonValue(), (place, value) => {
        expectEventOrRefusal(withReplaced(event, place, value));
      }),
      { numRuns: 500 },
    );
  });
});

function expectEventOrRefusal(json: unknown): void {
  try {
    expect(typeof parseEvent(json).title).toBe('string');
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
  }
}

/** The same JSON with one of its values, counted in depth-first order, replaced. */
function withReplaced(json: unknown, place: number, value: unknown): unknown {
  const size = JSON.stringify(json, (_, inner: unknown) => inner).split(/[[{,:]/).length;
  let left = place % size;
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(json);
}

describe('parseProblem', () => {
  const least = {
    id: 4001,
    title: 'boom',
    status: 'reprocessing',
    permalink: 'https://sentry.example/issues/4001/',
    project: { id: 77 },
  };

  test('needs five fields only', () => {
    expect(parseProblem(least)).toMatchInlineSnapshot(`
      {
        "category": null,
        "count": 0,
        "culprit": null,
        "daily": [],
        "exception": {
          "type": null,
          "value": null,
        },
        "firstSeen": null,
        "id": "4001",
        "lastSeen": null,
        "level": "unknown",
        "permalink": "https://sentry.example/issues/4001/",
        "platform": null,
        "projectId": "77",
        "releases": null,
        "shortId": "4001",
        "status": "other",
        "substatus": null,
        "title": "boom",
        "unhandled": null,
        "userCount": 0,
      }
    `);
  });

  test.each<[object, object]>([
    [
      { count: '847', userCount: '3' },
      { count: 847, userCount: 3 },
    ],
    [
      { count: 847, userCount: null },
      { count: 847, userCount: 0 },
    ],
    [
      { count: 'many', userCount: -1 },
      { count: 0, userCount: 0 },
    ],
    [{ status: 'archived' }, { status: 'ignored' }],
    [{ status: 'muted' }, { status: 'ignored' }],
    [
      { status: 'resolved', substatus: null },
      { status: 'resolved', substatus: null },
    ],
    [{ level: 'catastrophe' }, { level: 'unknown' }],
    [{ shortId: null }, { shortId: '4001' }],
    [{ lastSeen: '2025-11-10T20:56:00.679000+00:00' }, { lastSeen: 1762808160679 }],
    [{ lastSeen: '2025-11-10T20:56:00.679000Z' }, { lastSeen: 1762808160679 }],
    [{ metadata: null }, { exception: { type: null, value: null } }],
    [{ metadata: { type: 'Error', value: '' } }, { exception: { type: 'Error', value: null } }],
    [{ title: 'nul\0' }, { title: 'nul' }],
  ])('%j becomes %j', (sent, read) => {
    expect(parseProblem({ ...least, ...sent })).toMatchObject(read);
  });

  test.each<[object, RegExp]>([
    [{ id: null }, /\bid\b/],
    [{ id: '../1' }, /\bid\b/],
    [{ title: undefined }, /title/],
    [{ status: 5 }, /status/],
    [{ project: null }, /project/],
    [{ permalink: 'javascript:alert(1)' }, /permalink/],
  ])('%j cannot be read, and says what is odd', (sent, words) => {
    expect(() => parseProblem({ ...least, ...sent })).toThrow(Bug);
    expect(() => parseProblem({ ...least, ...sent })).toThrow(words);
  });
});
