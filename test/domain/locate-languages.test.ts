import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/crash/crash-event.ts';
import { indexFiles } from '../../src/domain/locate/file-index.ts';
import { findPath } from '../../src/domain/locate/find-path.ts';
import { functionName } from '../../src/domain/locate/function-name.ts';
import { languageOf } from '../../src/domain/locate/language.ts';
import { readManifests } from '../../src/domain/locate/manifests.ts';
import { rustSymbol } from '../../src/domain/locate/rust-symbol.ts';
import { frameOf } from './crash-samples.ts';

type Shop = { files: readonly string[]; manifests: Record<string, string>; platform: string };

function finder({ files, manifests, platform }: Shop) {
  const read = readManifests(Object.entries(manifests).map(([path, text]) => ({ path, text })));
  const index = indexFiles([...files, ...Object.keys(manifests)]);
  return (given: Partial<Frame>) => {
    const frame = frameOf(given);
    const found = findPath(frame, languageOf(frame, platform), { index, manifests: read, mappings: [] });
    return [found.rule, ...found.candidates];
  };
}

describe('Rust symbols', () => {
  it.each([
    ['app_lib::commands::twin::record', 'app_lib', ['commands', 'twin'], 'record'],
    ['app_lib::commands::twin::record::{{closure}}', 'app_lib', ['commands', 'twin'], 'record'],
    ['app_lib::run::{closure#0}::{closure#1}', 'app_lib', [], 'run'],
    ['app_lib::store::Store::read', 'app_lib', ['store'], 'read'],
    ['<app_lib::store::Store as core::fmt::Debug>::fmt', 'app_lib', ['store'], 'fmt'],
    ['<impl core::fmt::Debug for app_lib::store::Store<T>>::fmt', 'app_lib', ['store'], 'fmt'],
    ['_<app_lib..store..Store as std..io..Read>::read', 'app_lib', ['store'], 'read'],
    ['app_lib::store::{{impl}}::read', 'app_lib', ['store'], 'read'],
    ['app_lib::store::Store<alloc::vec::Vec<u8>>::read::h0123456789abcdef', 'app_lib', ['store'], 'read'],
    ['app_lib[550525b9dd91a68e]::rt::poll', 'app_lib', ['rt'], 'poll'],
    ['<alloc::boxed::Box<F> as core::ops::function::FnOnce<A>>::call_once', 'alloc', ['boxed'], 'call_once'],
  ])('%s', (symbol, crate, modules, name) => {
    expect(rustSymbol(symbol)).toEqual({ crate, modules, name });
  });

  it.each(['', 'main', '<unknown>', '<T as Trait>::run', '<<<<', 'x'.repeat(2000)])(
    'reads nothing out of %j',
    (symbol) => {
      expect(rustSymbol(symbol)).toBeNull();
    },
  );
});

describe('Rust', () => {
  const find = finder({
    platform: 'native',
    files: [
      'src/main.rs',
      'src-tauri/src/lib.rs',
      'src-tauri/src/db/twin.rs',
      'src-tauri/src/commands/twin.rs',
      'src-tauri/src/commands/mod.rs',
      'src-tauri/core/src/lib.rs',
      'src-tauri/core/src/trace.rs',
      'src-tauri/src/de.rs',
    ],
    manifests: {
      'src-tauri/Cargo.toml':
        '[package]\nname = "personas-desktop"\n[lib]\nname = "app_lib"\n[workspace]\nmembers = [".", "core"]',
      'src-tauri/core/Cargo.toml': '[package]\nname = "personas-core"\n',
    },
  });
  const own = 'app_lib::db::twin::record';

  it.each<[string, Partial<Frame>, string[]]>([
    [
      'a build path of another machine',
      { function: own, filename: 'twin.rs', absPath: '/Users/runner/work/p/p/src-tauri/src/db/twin.rs' },
      ['unique suffix', 'src-tauri/src/db/twin.rs'],
    ],
    [
      'a Windows build path',
      { function: own, filename: 'twin.rs', absPath: String.raw`D:\a\p\p\src-tauri\src\db\twin.rs` },
      ['unique suffix', 'src-tauri/src/db/twin.rs'],
    ],
    [
      'a basename and a symbol',
      { function: own, filename: 'twin.rs' },
      ['module name', 'src-tauri/src/db/twin.rs', 'src-tauri/src/commands/twin.rs'],
    ],
    [
      'a basename of a crate’s root',
      { function: 'personas_core::start', filename: 'lib.rs' },
      ['module name', 'src-tauri/core/src/lib.rs', 'src-tauri/src/lib.rs'],
    ],
    [
      'a symbol alone',
      { function: 'personas_core::trace::begin' },
      ['module name', 'src-tauri/core/src/trace.rs'],
    ],
    [
      'a module that is a folder',
      { function: 'app_lib::commands::list' },
      ['module name', 'src-tauri/src/commands/mod.rs'],
    ],
    [
      'a module written inside its parent’s file',
      { function: 'app_lib::db::twin::inner::go' },
      ['module name', 'src-tauri/src/db/twin.rs'],
    ],
    [
      'an async body',
      { function: 'app_lib::db::twin::record::{{closure}}' },
      ['module name', 'src-tauri/src/db/twin.rs'],
    ],
    [
      'the place of a log call',
      { filename: String.raw`src\db\twin.rs`, module: 'app_lib::db::twin' },
      ['unique suffix', 'src-tauri/src/db/twin.rs'],
    ],
    [
      'a crate of the registry',
      {
        function: 'serde::de::go',
        filename: 'de.rs',
        absPath: '/home/runner/.cargo/registry/src/index.crates.io-6f17d22bba15001f/serde-1.0.1/src/de.rs',
      },
      ['third party'],
    ],
    [
      'a crate that was vendored',
      { function: 'serde::de::go', filename: 'de.rs', absPath: '/build/vendor/serde/src/de.rs' },
      ['third party'],
    ],
    [
      'a crate that a packager unpacked',
      { absPath: '/build/cargo-vendor-dir/serde-1.0.1/src/de.rs' },
      ['third party'],
    ],
    [
      'this crate, installed from the registry',
      {
        absPath:
          '/home/ci/.cargo/registry/src/index.crates.io-6f17d22bba15001f/personas-core-0.2.0/src/trace.rs',
      },
      ['package manifest', 'src-tauri/core/src/trace.rs'],
    ],
    ['a foreign crate without a path', { function: 'hyper::proto::dispatch' }, ['third party']],
    [
      'the standard library',
      {
        function: 'core::panicking::panic',
        absPath: `/rustc/${'a'.repeat(40)}/library/core/src/panicking.rs`,
      },
      ['runtime'],
    ],
    ['the standard library without a path', { function: 'core::str::slice_error_fail' }, ['runtime']],
    ['the panic’s machinery', { function: 'rust_begin_unwind' }, ['runtime']],
    ['a stripped build', { function: '<unknown>' }, ['no file']],
  ])('%s', (_, frame, expected) => {
    expect(find(frame)).toEqual(expected);
  });
});

describe('Python', () => {
  const find = finder({
    platform: 'python',
    files: ['bot/shop/cart.py', 'bot/shop/__init__.py', 'src/paylib/charge.py', 'tools/cart.py', 'manage.py'],
    manifests: { 'pyproject.toml': '[project]\nname = "pay-lib"\n' },
  });

  it.each<[string, Partial<Frame>, string[]]>([
    [
      'a path below the import root',
      { filename: 'shop/cart.py', absPath: '/srv/bot/shop/cart.py', module: 'shop.cart' },
      ['unique suffix', 'bot/shop/cart.py'],
    ],
    ['a path from the working folder', { filename: './shop/cart.py' }, ['unique suffix', 'bot/shop/cart.py']],
    [
      'a module of several namesakes',
      { filename: 'cart.py', module: 'shop.cart' },
      ['module name', 'bot/shop/cart.py', 'tools/cart.py'],
    ],
    ['a module alone', { module: 'paylib.charge' }, ['module name', 'src/paylib/charge.py']],
    ['a package’s own file', { module: 'bot.shop' }, ['module name', 'bot/shop/__init__.py']],
    [
      'this package, installed',
      { filename: 'paylib/charge.py', absPath: '/usr/lib/python3.11/site-packages/paylib/charge.py' },
      ['package manifest', 'src/paylib/charge.py'],
    ],
    [
      'another package',
      { filename: 'flask/app.py', absPath: '/venv/lib/python3.11/site-packages/flask/app.py' },
      ['third party'],
    ],
    [
      'another package’s namesake',
      { filename: 'six/cart.py', absPath: '/venv/lib/python3.11/site-packages/six/cart.py' },
      ['third party'],
    ],
    [
      'an editable checkout',
      { absPath: '/var/app/.venv/src/asyncio-redis/asyncio_redis/pool.py' },
      ['third party'],
    ],
    [
      'the standard library',
      { filename: 'json/decoder.py', absPath: '/usr/lib/python3.11/json/decoder.py' },
      ['runtime'],
    ],
    [
      'the standard library on Windows',
      { absPath: String.raw`C:\Python311\lib\json\decoder.py` },
      ['runtime'],
    ],
    ['the import machinery', { filename: '<frozen importlib._bootstrap>' }, ['runtime']],
  ])('%s', (_, frame, expected) => {
    expect(find(frame)).toEqual(expected);
  });
});

describe('Go', () => {
  const find = finder({
    platform: 'go',
    files: [
      'pkg/gui/files.go',
      'pkg/models/files.go',
      'main.go',
      'vendor/github.com/x/y/files.go',
      'tools/gen/gen.go',
    ],
    manifests: {
      'go.mod': 'module github.com/shop/cart/v2\n\ngo 1.22\n',
      'tools/go.mod': 'module example.org/tools\n',
    },
  });
  const module = 'github.com/shop/cart/v2/pkg/gui';

  it.each<[string, Partial<Frame>, string[]]>([
    [
      'a trimmed path',
      { filename: 'github.com/shop/cart/v2/pkg/gui/files.go', module },
      ['unique suffix', 'pkg/gui/files.go'],
    ],
    [
      'an absolute path',
      { absPath: '/home/ci/cart/pkg/models/files.go', module: 'github.com/shop/cart/v2/pkg/models' },
      ['unique suffix', 'pkg/models/files.go'],
    ],
    [
      'a basename and an import path',
      { filename: 'files.go', module },
      ['module name', 'pkg/gui/files.go', 'pkg/models/files.go', 'vendor/github.com/x/y/files.go'],
    ],
    [
      'the module cache',
      { absPath: '/go/pkg/mod/github.com/x/y@v1.2.3/files.go', module: 'github.com/x/y' },
      ['third party'],
    ],
    [
      'the module cache, trimmed',
      { filename: 'github.com/x/y@v1.2.3/files.go', module: 'github.com/x/y' },
      ['third party'],
    ],
    [
      'a vendored module',
      { absPath: '/home/ci/cart/vendor/github.com/x/y/files.go', module: 'github.com/x/y' },
      ['third party'],
    ],
    [
      'a module of the workspace of older days',
      { absPath: '/home/ci/cart/Godeps/_workspace/src/github.com/x/y/files.go', module: 'github.com/x/y' },
      ['third party'],
    ],
    [
      'another module that ends alike',
      { absPath: '/src/other/pkg/gui/files.go', module: 'github.com/other/app/pkg/gui' },
      ['third party'],
    ],
    [
      'the standard library',
      { absPath: '/usr/local/go/src/net/http/server.go', module: 'net/http' },
      ['runtime'],
    ],
    [
      'the standard library on Windows',
      { absPath: 'C:/Program Files/Go/src/net/http/server.go', module: 'net/http' },
      ['runtime'],
    ],
    ['the standard library, trimmed', { filename: 'runtime/panic.go', module: 'runtime' }, ['runtime']],
  ])('%s', (_, frame, expected) => {
    expect(find(frame)).toEqual(expected);
  });
});

describe('Java and Kotlin', () => {
  const find = finder({
    platform: 'java',
    files: [
      'app/src/main/java/com/shop/cart/Cart.java',
      'app/src/main/kotlin/cart/Total.kt',
      'lib/src/main/java/com/shop/user/Cart.java',
    ],
    manifests: {},
  });

  it.each<[string, Partial<Frame>, string[]]>([
    [
      'a class',
      { module: 'com.shop.cart.Cart', filename: 'Cart.java' },
      [
        'module name',
        'app/src/main/java/com/shop/cart/Cart.java',
        'lib/src/main/java/com/shop/user/Cart.java',
      ],
    ],
    [
      'an inner class',
      { module: 'com.shop.user.Cart$Row$1', filename: 'Cart.java' },
      [
        'module name',
        'lib/src/main/java/com/shop/user/Cart.java',
        'app/src/main/java/com/shop/cart/Cart.java',
      ],
    ],
    [
      'a class without its file',
      { module: 'com.shop.user.Cart$Row' },
      ['module name', 'lib/src/main/java/com/shop/user/Cart.java'],
    ],
    [
      'Kotlin without the shared folders',
      { module: 'com.shop.cart.TotalKt', filename: 'Total.kt' },
      ['unique suffix', 'app/src/main/kotlin/cart/Total.kt'],
    ],
    ['a library’s namesake', { module: 'okhttp3.internal.Total', filename: 'Total.kt' }, ['third party']],
    ['the platform', { module: 'java.util.ArrayList', filename: 'ArrayList.java' }, ['runtime']],
    ['Android', { module: 'android.os.Handler', filename: 'Handler.java' }, ['runtime']],
  ])('%s', (_, frame, expected) => {
    expect(find(frame)).toEqual(expected);
  });
});

describe('C#, PHP, Ruby, Swift and Dart', () => {
  const files = [
    'src/Shop/Cart.cs',
    'src/Old/Cart.cs',
    'app/Http/Cart.php',
    'app/models/cart.rb',
    'lib/gemcart/rows.rb',
    'Sources/Shop/Cart.swift',
    'lib/src/cart.dart',
  ];
  const manifests = {
    'composer.json': '{"name":"shop/cart"}',
    'cart.gemspec': "Gem::Specification.new { |s| s.name = 'gemcart' }",
    'pubspec.yaml': 'name: cart_app\nversion: 1.0.0\n',
  };

  it.each<[string, string, Partial<Frame>, string[]]>([
    [
      'C# deterministic build',
      'csharp',
      { absPath: '/_/src/Shop/Cart.cs', module: 'Shop.Cart' },
      ['unique suffix', 'src/Shop/Cart.cs'],
    ],
    [
      'C# Windows build',
      'csharp',
      { absPath: String.raw`C:\agent\1\s\src\Old\Cart.cs` },
      ['unique suffix', 'src/Old/Cart.cs'],
    ],
    ['C# runtime', 'csharp', { module: 'System.Threading.Tasks.Task' }, ['runtime']],
    [
      'PHP',
      'php',
      { filename: '/app/Http/Cart.php', absPath: '/var/www/html/app/Http/Cart.php' },
      ['unique suffix', 'app/Http/Cart.php'],
    ],
    [
      'PHP package',
      'php',
      { absPath: '/var/www/html/vendor/laravel/framework/src/Cart.php' },
      ['third party'],
    ],
    [
      'PHP, this package',
      'php',
      { absPath: '/var/www/html/vendor/shop/cart/app/Http/Cart.php' },
      ['package manifest', 'app/Http/Cart.php'],
    ],
    [
      'Ruby',
      'ruby',
      { filename: 'app/models/cart.rb', absPath: '/srv/app/models/cart.rb' },
      ['unique suffix', 'app/models/cart.rb'],
    ],
    [
      'Ruby gem',
      'ruby',
      { absPath: '/usr/lib/ruby/gems/3.2.0/gems/rack-3.0.1/app/models/cart.rb' },
      ['third party'],
    ],
    [
      'Ruby, this gem',
      'ruby',
      { absPath: '/usr/lib/ruby/gems/3.2.0/gems/gemcart-0.1.0/lib/gemcart/rows.rb' },
      ['package manifest', 'lib/gemcart/rows.rb'],
    ],
    ['Ruby library', 'ruby', { absPath: '/usr/lib/ruby/3.2.0/json/common.rb' }, ['runtime']],
    [
      'Swift',
      'cocoa',
      { filename: 'Cart.swift', absPath: '/Users/ci/Shop/Sources/Shop/Cart.swift' },
      ['unique suffix', 'Sources/Shop/Cart.swift'],
    ],
    [
      'Dart',
      'dart',
      { absPath: 'package:cart_app/src/cart.dart' },
      ['package manifest', 'lib/src/cart.dart'],
    ],
    ['Dart package', 'dart', { absPath: 'package:flutter/src/cart.dart' }, ['third party']],
    ['Dart runtime', 'dart', { absPath: 'dart:core/errors.dart' }, ['runtime']],
  ])('%s', (_, platform, frame, expected) => {
    expect(finder({ files, manifests, platform })(frame)).toEqual(expected);
  });
});

describe('compiled JavaScript and bundlers’ names', () => {
  const find = finder({
    platform: 'node',
    files: [
      'src/server.ts',
      'src/cart/total.ts',
      'packages/api/src/routes.ts',
      'packages/api/src/cart/total.ts',
      'web/views/Cart.tsx',
      'lib/plain.js',
    ],
    manifests: {
      'tsconfig.json':
        '{ // build\n "compilerOptions": { "outDir": "./output/js", "rootDir": "src", "baseUrl": ".", "paths": { "@/*": ["./src/*"], }, }, }',
      'web/package.json': '{"name":"@shop/web"}',
    },
  });

  it.each([
    ['/app/dist/server.js', ['build output', 'src/server.ts']],
    ['/app/packages/api/dist/routes.js', ['build output', 'packages/api/src/routes.ts']],
    ['/app/output/js/server.js', ['build output', 'src/server.ts']],
    ['/app/lib/plain.js', ['unique suffix', 'lib/plain.js']],
    ['webpack:///@/cart/total.ts', ['package manifest', 'src/cart/total.ts']],
    ['/opt/App.app/Contents/Resources/app.asar/dist/server.js', ['build output', 'src/server.ts']],
    ['rsc://React/Server/webpack-internal:///(rsc)/./src/server.ts?9', ['exact path', 'src/server.ts']],
    ['http://localhost:5173/@fs/home/me/shop/src/server.ts?t=1', ['unique suffix', 'src/server.ts']],
    ['/var/task/node_modules/@shop/web/views/Cart.tsx', ['package manifest', 'web/views/Cart.tsx']],
    ['https://cdn.jsdelivr.net/npm/x/src/server.ts', ['third party']],
    ['chrome-extension://abc/src/server.ts', ['third party']],
    ['InternalBytecode.js', ['runtime']],
    ['/assets/index-Cq3xYz12.js', ['no file']],
  ])('%s', (filename, expected) => {
    expect(find({ filename })).toEqual(expected);
  });
});

describe('names of functions', () => {
  it.each([
    ['Fleet.refreshRow', 'javascript', 'Fleet', 'refreshRow'],
    ['async Timeout.safeBeat [as _onTimeout]', 'javascript', 'Timeout', 'safeBeat'],
    ['new Fleet', 'javascript', null, 'Fleet'],
    ['Object.emit', 'javascript', 'Object', 'emit'],
    ['(*FilesController).canEditFiles.func1', 'go', 'FilesController', 'canEditFiles'],
    ['(*Tree[...]).walk', 'go', 'Tree', 'walk'],
    ['do_close', 'python', null, 'do_close'],
    ['app_lib::store::Store::read::{{closure}}', 'rust', 'Store', 'read'],
    ['lambda$total$0', 'jvm', null, 'total'],
  ] as const)('%s', (reported, language, container, name) => {
    expect(functionName(reported, language)).toEqual({ container, name });
  });

  it.each([
    '<anonymous>',
    'process.<anonymous>',
    'Array.map.<anonymous>',
    '?',
    '<module>',
    '<lambda>',
    '',
    'Module.default',
  ])('has none: %j', (reported) => {
    expect(functionName(reported, 'javascript')).toBeNull();
  });
});
