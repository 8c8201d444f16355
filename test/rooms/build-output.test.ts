import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBuildOutput } from '../../src/git/build-output.ts';
import { readFixing, readSandbox } from '../../src/config.ts';
import { locateLocally } from '../../src/local.ts';
import type { Log } from '../../src/ports.ts';

const source = ['export function refreshRow(rows) {', '  return rows[0].status;', '}', ''].join('\n');
/** Column 30 of the bundle's only line is `rows[0].status`. */
const map = (more: object = {}): string =>
  JSON.stringify({
    version: 3,
    sources: ['../../src/fleet.ts'],
    sourcesContent: [source],
    names: ['refreshRow'],
    mappings: 'AAAA,8BACWA',
    ...more,
  });
const bundle = 'export function Xe(e){return(0,e[0].status)}';
const id = '85314830-023f-4cf1-a267-535f4e37bb17';

const quiet: Log = { info: () => {}, warn: () => {}, error: () => {}, child: () => quiet };

let dir = '';

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'built-'));
  await put({ 'src/fleet.ts': source, '.gitignore': 'dist\n.next\nnode_modules\nevent.json\n' });
  const git = (...args: string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: dir });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'one');
});

afterEach(async () => {
  const made = ['dist', '.next', 'packages', 'node_modules', 'out', 'event.json'];
  for (const name of made) await rm(path.join(dir, name), { recursive: true, force: true });
});

afterAll(() => rm(dir, { recursive: true, force: true }));

async function put(files: Record<string, string>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
    await writeFile(path.join(dir, file), text);
  }
}

type Crash = { name: string; context?: string; images?: object[] };

/** As the REST API gives an event: one frame of a bundle. */
async function locate({ name, context, images = [] }: Crash) {
  const frame = {
    filename: `/_next/static/${name}`,
    absPath: `https://shop.example/_next/static/${name}`,
    function: 'Xe',
    lineNo: 1,
    colNo: 35,
    inApp: true,
    context: context === undefined ? [] : [[1, context]],
  };
  const value = "Cannot read properties of undefined (reading 'status')";
  const exception = { type: 'TypeError', value, stacktrace: { frames: [frame] } };
  const event = {
    id: '1'.repeat(32),
    platform: 'javascript',
    title: 'TypeError',
    entries: [
      { type: 'exception', data: { values: [exception] } },
      { type: 'debugmeta', data: { images } },
    ],
  };
  await put({ 'event.json': JSON.stringify(event) });
  const file = path.join(dir, 'event.json');
  const settings = { sandbox: readSandbox({}), fixing: readFixing({}) };
  const asked = { event: file, repo: dir, rev: 'HEAD', mappings: [], fixer: null, ...settings, log: quiet };
  return locateLocally(asked);
}

const found = { path: 'src/fleet.ts', line: 2, column: 12, function: 'refreshRow' };

describe('source maps of a build in the working directory', () => {
  it('are found by a name with the content’s hash', async () => {
    await put({ '.next/static/index-Cq3xYz12.js.map': map() });
    const location = await locate({ name: 'index-Cq3xYz12.js' });
    expect(location.suspect).toEqual(found);
    expect(location.frames[0]).toMatchObject({ rule: 'source map, exact path', contextMatches: true });
  });

  it.each([
    ['in the map', { 'dist/js/main.js.map': map({ debugId: id }) }],
    ['in the map, by its other name', { 'dist/js/main.js.map': map({ debug_id: id }) }],
    ['in the bundle', { 'dist/js/main.js': `${bundle}\n//# debugId=${id}\n`, 'dist/js/main.js.map': map() }],
  ])('are found by the debug id %s', async (_, files) => {
    await put({ 'dist/js/other.js.map': map({ debugId: id.replaceAll('8', '9') }), ...files });
    const images = [{ type: 'sourcemap', debug_id: id, code_file: 'app:///_next/static/app.js' }];
    expect((await locate({ name: 'app.js', images })).suspect).toEqual(found);
  });

  it('are believed when the bundle is the text that the event carries', async () => {
    await put({ 'dist/static/main.js': `${bundle}\n`, 'dist/static/main.js.map': map() });
    expect((await locate({ name: 'main.js', context: bundle })).suspect).toEqual(found);
  });

  it('are not believed when the bundle is another', async () => {
    await put({ 'dist/static/main.js': `${bundle}\n`, 'dist/static/main.js.map': map() });
    const location = await locate({ name: 'main.js', context: 'function other(){return 1}' });
    expect(location.suspect).toBeNull();
    expect(location.frames[0]?.path).toBeNull();
  });

  it('are only shown when nothing proves of which build they are', async () => {
    await put({ 'dist/static/main.js.map': map() });
    const location = await locate({ name: 'main.js' });
    expect([location.suspect, location.candidates]).toEqual([null, ['src/fleet.ts']]);
    expect(location.refusal).toContain('not sure');
  });

  it('are not believed when their source is not the code of this commit', async () => {
    await put({ '.next/static/index-Cq3xYz12.js.map': map({ sourcesContent: ['\n  return other;\n'] }) });
    const location = await locate({ name: 'index-Cq3xYz12.js' });
    expect([location.suspect, location.frames[0]?.contextMatches]).toEqual([null, false]);
  });

  it('without any: says so, and how to upload one', async () => {
    const location = await locate({ name: 'index-Cq3xYz12.js' });
    expect(location.refusal).toContain('obfuscated');
    expect(location.refusal).toContain('sentry-cli sourcemaps upload');
  });
});

describe('the listing of built files', () => {
  it('leaves out packages, links and everything else', async () => {
    await put({
      'dist/main.js': '',
      'dist/main.js.map': map(),
      'dist/style.css': '',
      'node_modules/x/dist/x.js.map': map(),
      'packages/web/build/a.js.map': map(),
    });
    await symlink('/etc', path.join(dir, 'out'));
    await symlink('/etc/hostname', path.join(dir, 'dist/link.js.map'));
    const output = createBuildOutput(dir);
    expect(await output.listFiles()).toEqual([
      'dist/main.js',
      'dist/main.js.map',
      'packages/web/build/a.js.map',
    ]);
    expect(await output.readText('dist/main.js.map')).toBe(map());
    expect(await output.readText('dist/link.js.map')).toBeNull();
    expect(await output.readText('../../etc/hostname')).toBeNull();
  });
});
