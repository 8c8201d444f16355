import { describe, expect, it } from 'vitest';
import { indexFiles } from '../../src/domain/locate/file-index.ts';
import { findPath, type PathMapping } from '../../src/domain/locate/find-path.ts';
import { readManifests } from '../../src/domain/locate/manifests.ts';
import { spell } from '../../src/domain/locate/spelling.ts';
import { frameOf } from './crash-samples.ts';

describe('spelling of reported paths', () => {
  it.each([
    ['./src/components/Button.js', ['src', 'components', 'Button.js'], false],
    ['../../src/i18n/useTranslation.ts', ['src', 'i18n', 'useTranslation.ts'], false],
    ['src/./a/../b/c.ts', ['src', 'b', 'c.ts'], false],
    ['webpack:///./src/app.tsx', ['src', 'app.tsx'], false],
    ['webpack:////usr/src/app/src/app.tsx', ['usr', 'src', 'app', 'src', 'app.tsx'], true],
    ['webpack://my-shop/./src/app.tsx?9a7f', ['src', 'app.tsx'], false],
    ['webpack-internal:///(rsc)/./app/page.tsx', ['app', 'page.tsx'], false],
    ['webpack://_N_E/./src/pages/index.tsx', ['src', 'pages', 'index.tsx'], false],
    ['turbopack:///[project]/src/app/page.tsx', ['src', 'app', 'page.tsx'], false],
    ['app:///dist/server.js', ['dist', 'server.js'], false],
    ['~/assets/index-4f2a.js', ['assets', 'index-4f2a.js'], false],
    ['https://shop.example/assets/index.js?v=3#x', ['assets', 'index.js'], true],
    ['tauri://localhost/assets/index.js', ['assets', 'index.js'], true],
    ['file:///srv/shop/src/karma.mjs', ['srv', 'shop', 'src', 'karma.mjs'], true],
    [String.raw`C:\srv\app\src\x.js`, ['srv', 'app', 'src', 'x.js'], true],
    ['file:///C:/srv/app/x.js', ['srv', 'app', 'x.js'], true],
    [String.raw`src\db\twin.rs`, ['src', 'db', 'twin.rs'], false],
    ['/app/with%20space/a.js', ['app', 'with space', 'a.js'], true],
    ['/app/100%/a.js', ['app', '100%', 'a.js'], true],
    ['../../../../etc/passwd', ['etc', 'passwd'], false],
  ])('%s', (reported, segments, rooted) => {
    expect(spell(reported)).toMatchObject({ segments, rooted });
  });

  it.each([
    '',
    ' ',
    '<anonymous>',
    '[native code]',
    'native',
    '?',
    'blob:https://x/1',
    'data:text/javascript,1',
    'a\0b.js',
    'a%00b/c.js',
    '../..',
    'x'.repeat(3000),
  ])('names no file: %j', (reported) => {
    expect(spell(reported)).toBeNull();
  });
});

const shop = [
  'package.json',
  'src/server.ts',
  'src/cart/index.ts',
  'src/user/index.ts',
  'src/user/profile.ts',
  'packages/web/package.json',
  'packages/web/src/main.tsx',
  'packages/web/src/util/money.ts',
  'packages/api/src/util/money.ts',
  'packages/api/src/routes.ts',
  'tools/deep/only-one.js',
];

const manifests = readManifests([
  { path: 'package.json', text: '{"name":"shop-plugin"}' },
  { path: 'packages/web/package.json', text: '{"name":"@shop/web"}' },
  { path: 'packages/api/package.json', text: 'not json' },
]);

function find(filename: string, mappings: PathMapping[] = []) {
  const { rule, candidates, own } = findPath(frameOf({ filename }), 'javascript', {
    index: indexFiles(shop),
    manifests,
    mappings,
  });
  return { rule, candidates, own };
}

describe('paths to files of the repository', () => {
  it.each([
    ['src/server.ts', 'exact path', ['src/server.ts']],
    ['./src/server.ts', 'exact path', ['src/server.ts']],
    ['webpack://shop/./src/cart/index.ts?1a2b', 'exact path', ['src/cart/index.ts']],
    ['/home/ci/work/shop/src/server.ts', 'unique suffix', ['src/server.ts']],
    [String.raw`D:\build\shop\packages\api\src\routes.ts`, 'unique suffix', ['packages/api/src/routes.ts']],
    ['../../src/main.tsx', 'unique suffix', ['packages/web/src/main.tsx']],
    ['/app/node_modules/shop-plugin/src/server.ts', 'package manifest', ['src/server.ts']],
    ['/app/node_modules/@shop/web/src/util/money.ts', 'package manifest', ['packages/web/src/util/money.ts']],
    [
      '/app/node_modules/.pnpm/shop-plugin@1.0.0/node_modules/shop-plugin/src/server.ts',
      'package manifest',
      ['src/server.ts'],
    ],
  ])('%s by %s', (filename, rule, candidates) => {
    expect(find(filename)).toEqual({ rule, candidates, own: true });
  });

  it('gives all equals when several files end alike', () => {
    expect(find('src/util/money.ts')).toEqual({
      rule: 'ambiguous suffix',
      candidates: ['packages/web/src/util/money.ts', 'packages/api/src/util/money.ts'],
      own: true,
    });
  });

  it.each(['src/util/total.ts', '/app/src/util/total.ts'])(
    'doubts a path that packages have too: %s',
    (filename) => {
      const files = [...shop, 'src/util/total.ts', 'packages/web/src/util/total.ts'];
      const question = { index: indexFiles(files), manifests, mappings: [] };
      const found = findPath(frameOf({ filename }), 'javascript', question);
      expect([found.rule, found.candidates, found.confidence < 0.6]).toEqual([
        'ambiguous suffix',
        ['src/util/total.ts', 'packages/web/src/util/total.ts'],
        true,
      ]);
    },
  );

  it.each([
    ['/app/dist/api/load.js', ['dist/api/load.js', 'src/api/load.ts'], ['src/api/load.ts']],
    ['/app/dist/api/load.js', ['dist/api/load.js', 'src/api/load.js'], ['src/api/load.js']],
    ['/app/build/load.js', ['build/load.js', 'src/load.ts'], ['src/load.ts']],
    ['/app/build/load.js', ['build/load.js', 'src/load.js'], ['build/load.js']],
    ['/app/dist/load.js', ['dist/load.js', 'src/other.ts'], ['dist/load.js']],
    ['/app/node_modules/shop/dist/load.js', ['dist/load.js', 'src/load.ts'], ['src/load.ts']],
  ])('%s of %j is of %j', (filename, files, candidates) => {
    const packages = [{ language: 'javascript' as const, name: 'shop', dir: '' }];
    const question = {
      index: indexFiles(files),
      manifests: { packages, builds: [], aliases: [] },
      mappings: [],
    };
    const found = findPath(frameOf({ filename }), 'javascript', question);
    expect(found.candidates).toEqual(candidates);
    expect(found.lineHolds).toBe(files.indexOf(candidates[0] ?? '') === 0);
  });

  it.each([
    ['itself, linked into its workspace', [], ['pkg/gui/files.go']],
    ['a copy of another module', ['Godeps/_workspace/src/github.com/x/y/pkg/gui/files.go'], []],
  ])('before modules: %s', (_, more, candidates) => {
    const index = indexFiles(['pkg/gui/files.go', 'main.go', ...more]);
    const frame = frameOf({
      absPath: '/home/ci/y/Godeps/_workspace/src/github.com/x/y/pkg/gui/files.go',
      module: 'github.com/x/y/pkg/gui',
    });
    const question = { index, manifests: { packages: [], builds: [], aliases: [] }, mappings: [] };
    expect(findPath(frame, 'go', question).candidates).toEqual(candidates);
  });

  it('does not take a basename that many share for an answer', () => {
    expect(find('index.ts').candidates).toEqual(['src/cart/index.ts', 'src/user/index.ts']);
  });

  it('only resembles when both paths go on differently', () => {
    expect(find('/srv/release-7/lib/user/profile.ts').rule).toBe('partial suffix');
  });

  it.each([
    ['/app/node_modules/express/lib/router/index.js', 'third party'],
    ['/usr/lib/node_modules/shop-plugin/node_modules/mqtt/src/server.ts', 'third party'],
    ['node:internal/process/task_queues', 'runtime'],
    ['internal/process/next_tick.js', 'runtime'],
    ['events.js', 'runtime'],
    ['<anonymous>', 'runtime'],
  ])('%s is not ours: %s', (filename, rule) => {
    expect(find(filename)).toEqual({ rule, candidates: [], own: false });
  });

  it('finds nothing for a file that is not there', () => {
    expect(find('/srv/other/nowhere.js')).toEqual({ rule: 'no file', candidates: [], own: true });
  });

  it('believes the operator first, the longest prefix before shorter ones, and only existing files', () => {
    const mappings = [
      { stackRoot: '/srv/', sourceRoot: 'src/' },
      { stackRoot: '/srv/web/', sourceRoot: 'packages/web/' },
    ];
    expect(find('/srv/web/src/util/money.ts', mappings)).toEqual({
      rule: 'code mapping',
      candidates: ['packages/web/src/util/money.ts'],
      own: true,
    });
    expect(find('/srv/web/../../../etc/passwd', mappings).candidates).toEqual([]);
  });
});
