import { describe, expect, it } from 'vitest';
import { locateCrash } from '../../src/jobs/locate-crash.ts';
import type { PathMapping } from '../../src/domain/locate/find-path.ts';
import type { CrashEvent, Frame } from '../../src/domain/crash/crash-event.ts';
import { createSyntax } from '../../src/syntax/syntax.ts';
import { eventOf, exceptionOf, frameAt, frameOf } from './crash-samples.ts';
import { repositoryOf } from './memory-repository.ts';

const files = {
  'package.json': '{"name":"fleet"}',
  'src/fleet.ts':
    'export function refreshRow(rows: Row[]) {\n  const row = rows.find(isOpen)!;\n  return row.status;\n}\n',
  'src/poll.ts': "import { refreshRow } from './fleet.ts';\nsetInterval(() => refreshRow(rows), 1000);\n",
  'test/fleet.test.ts': "it('refreshes', () => {\n  refreshRow([]);\n});\n",
  'web/tax.ts': 'export const net = (row) => row.gross * 0.8;\n',
  'api/tax.ts': '// Taxes.\nexport const net = (row) => row.gross * 0.8;\n',
  'web/list.ts': 'export const sum = (rows) => rows[0].sum;\n',
  'api/list.ts': 'export const sum = (rows) => rows[0].sum;\n',
};

function locate(event: CrashEvent, mappings: PathMapping[] = []) {
  const repository = repositoryOf(files);
  return locateCrash({ event, repository, syntax: createSyntax(), base: repository.head, mappings });
}

function crash(...frames: Frame[]): CrashEvent {
  return eventOf({ exceptions: [exceptionOf({ frames })] });
}

describe('locating a crash', () => {
  it('names file, line, column and function of the innermost own frame', async () => {
    const location = await locate(
      crash(
        frameAt('/app/src/poll.ts', 2),
        { ...frameAt('/app/src/fleet.ts', 3, '  return row.status;'), column: 14 },
        frameOf({ filename: 'node:internal/timers', line: 5, inApp: false }),
      ),
    );
    expect(location).toMatchInlineSnapshot(`
      {
        "candidates": [
          "src/fleet.ts",
          "src/poll.ts",
        ],
        "frames": [
          {
            "confidence": 0,
            "contextMatches": null,
            "exception": 0,
            "function": null,
            "inApp": false,
            "index": 0,
            "line": null,
            "path": null,
            "reported": {
              "column": null,
              "line": 5,
              "path": "node:internal/timers",
            },
            "rule": "runtime",
          },
          {
            "confidence": 0.9944,
            "contextMatches": true,
            "exception": 0,
            "function": null,
            "inApp": true,
            "index": 1,
            "line": 3,
            "path": "src/fleet.ts",
            "reported": {
              "column": 14,
              "line": 3,
              "path": "/app/src/fleet.ts",
            },
            "rule": "unique suffix",
          },
          {
            "confidence": 0.93,
            "contextMatches": null,
            "exception": 0,
            "function": null,
            "inApp": true,
            "index": 2,
            "line": 2,
            "path": "src/poll.ts",
            "reported": {
              "column": null,
              "line": 2,
              "path": "/app/src/poll.ts",
            },
            "rule": "unique suffix",
          },
        ],
        "refusal": null,
        "suspect": {
          "column": 14,
          "function": "refreshRow",
          "line": 3,
          "path": "src/fleet.ts",
        },
      }
    `);
  });

  it('refuses when the source line is not in the file', async () => {
    const location = await locate(crash(frameAt('/app/src/fleet.ts', 3, '  return row!.state;')));
    expect(location.suspect).toBeNull();
    expect(location.frames[0]?.contextMatches).toBe(false);
    expect(location.candidates).toEqual(['src/fleet.ts']);
    expect(location.refusal).toMatchInlineSnapshot(
      `"The source line of the event is not in \`src/fleet.ts\` at this commit: the code is not the one that crashed, so I do not touch it."`,
    );
  });

  it('follows a line that moved, without a column that is no longer true', async () => {
    const frame = { ...frameAt('/app/src/fleet.ts', 9, '  return row.status;'), column: 14 };
    const location = await locate(crash(frame));
    expect(location.suspect).toEqual({ path: 'src/fleet.ts', line: 3, column: null, function: 'refreshRow' });
  });

  it('refuses between equals and lists them', async () => {
    const location = await locate(crash(frameAt('/app/dist/list.ts', 1)));
    expect(location.suspect).toBeNull();
    expect(location.candidates).toEqual(['api/list.ts', 'web/list.ts']);
  });

  it('takes the one of several files that has the source line at that place, before one that has it elsewhere', async () => {
    const location = await locate(
      crash(frameAt('/srv/tax.ts', 1, 'export const net = (row) => row.gross * 0.8;')),
    );
    expect(location.suspect?.path).toBe('web/tax.ts');
    expect(location.frames[0]?.rule).toBe('partial suffix, context line');
  });

  it('does not decide between twins that share the line', async () => {
    const location = await locate(
      crash(frameAt('/srv/list.ts', 1, 'export const sum = (rows) => rows[0].sum;')),
    );
    expect([location.suspect, location.frames[0]?.contextMatches]).toEqual([null, true]);
  });

  it('goes by an operator’s mapping', async () => {
    const mappings = [{ stackRoot: '/app/dist/', sourceRoot: 'api/' }];
    const value = "Cannot read properties of undefined (reading 'sum')";
    const event = eventOf({
      exceptions: [exceptionOf({ value, frames: [frameAt('/app/dist/list.ts', 1)] })],
    });
    const location = await locate(event, mappings);
    expect(location.suspect).toMatchObject({ path: 'api/list.ts', line: 1, function: 'sum' });
  });

  it('never suspects a test', async () => {
    const location = await locate(
      crash(frameAt('/app/src/fleet.ts', 3), frameAt('/app/test/fleet.test.ts', 2)),
    );
    expect(location.suspect?.path).toBe('src/fleet.ts');
  });

  it('looks at the cause before the exception that wraps it', async () => {
    const event = eventOf({
      exceptions: [
        exceptionOf({ frames: [frameAt('/app/src/fleet.ts', 3)] }),
        exceptionOf({ type: 'Error', value: 'poll failed', frames: [frameAt('/app/src/poll.ts', 2)] }),
      ],
    });
    const location = await locate(event);
    expect(location.frames.map((frame) => [frame.index, frame.exception, frame.path])).toEqual([
      [0, 0, 'src/fleet.ts'],
      [1, 1, 'src/poll.ts'],
    ]);
    expect(location.suspect?.path).toBe('src/fleet.ts');
  });

  it('says so when there is no trace, nothing of ours, or nothing that fits', async () => {
    const empty = await locate(eventOf({}));
    const foreign = await locate(
      crash(frameOf({ filename: '/app/node_modules/express/index.js', line: 1, inApp: false })),
    );
    const elsewhere = await locate(crash(frameAt('/srv/other/nowhere.ts', 4)));
    expect([empty, foreign, elsewhere].map((location) => location.refusal)).toMatchInlineSnapshot(`
      [
        "The event carries no stack trace, so no line can be named.",
        "Every frame of the stack trace is third-party or runtime code: nothing in this repository crashed.",
        "No file of this repository fits the frames of the stack trace: check that the binding names the right repository, or give a code mapping.",
      ]
    `);
    expect([empty, foreign, elsewhere].map((location) => location.suspect)).toEqual([null, null, null]);
  });

  it('does not blame a caller for own code that is not here', async () => {
    const location = await locate(
      crash(frameAt('/app/src/fleet.ts', 3), frameAt('/srv/shared/lib/pricing.ts', 4)),
    );
    expect([location.suspect, location.candidates]).toEqual([null, ['src/fleet.ts']]);
    expect(location.refusal).toMatchInlineSnapshot(
      `"It crashed in \`/srv/shared/lib/pricing.ts\`, which this repository does not have; \`src/fleet.ts\` only called it. Is it of another repository, or moved since?"`,
    );
    const foreign = { ...frameAt('/srv/shared/lib/pricing.ts', 4), inApp: false };
    expect((await locate(crash(frameAt('/app/src/fleet.ts', 3), foreign))).suspect?.path).toBe(
      'src/fleet.ts',
    );
  });

  it('names no line that the file does not have', async () => {
    const location = await locate(crash(frameAt('/app/src/fleet.ts', 99)));
    expect(location.suspect).toBeNull();
    expect(location.frames[0]).toMatchObject({ path: 'src/fleet.ts', line: null });
  });

  it('says so when the trace itself names none', async () => {
    const location = await locate(crash({ ...frameAt('/app/src/fleet.ts', 3), line: null }));
    expect(location.suspect).toBeNull();
    expect(location.refusal).toBe('The trace leads to `src/fleet.ts`, but it names no line.');
  });
});
