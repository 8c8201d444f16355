// What Python's and Go's programs print, recorded from the programs themselves and shortened.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cachesOf } from '../../src/checks/kept/caches.ts';
import { failuresIn } from '../../src/checks/failures.ts';
import { findGoTests, findGoTypes } from '../../src/checks/go.ts';
import { readPyProject } from '../../src/checks/python/pyproject.ts';
import { findPythonTests, findPythonTypes } from '../../src/checks/python/checks.ts';
import { pythonInstalls } from '../../src/checks/python/install.ts';

describe('failures in the output of', () => {
  it('pytest 8.3', () => {
    const output = `tests/test_cart.py:11: AssertionError
=========================== short test summary info ============================
FAILED tests/test_cart.py::test_total[1] - AssertionError: assert 'none' == 1
FAILED tests/test_cart.py::test_total[a - b] - AssertionError: assert 'none' == 2
FAILED tests/test_cart.py::U::test_u - AssertionError: 1 != 2
ERROR tests/test_broken.py
3 failed, 2 passed, 1 error in 1.09s`;
    expect(failuresIn('tests', output)).toEqual([
      'tests/test_cart.py::test_total[1]',
      'tests/test_cart.py::test_total[a - b]',
      'tests/test_cart.py::U::test_u',
      'tests/test_broken.py',
    ]);
  });

  it('unittest of Python 3.11, and of 3.8', () => {
    const output = `FEFFF
======================================================================
ERROR: test_imp (unittest.loader._FailedTest.test_imp)
----------------------------------------------------------------------
======================================================================
FAIL: test_doc (test_u.U.test_doc)
A docstring line.
----------------------------------------------------------------------
======================================================================
FAIL: test_sub (test_u.U.test_sub) (n=1)
----------------------------------------------------------------------
======================================================================
FAIL: test_sub (test_u.U.test_sub) [a message] (n=2)
----------------------------------------------------------------------
======================================================================
FAIL: test_u (test_u.U)
----------------------------------------------------------------------
Ran 5 tests in 0.004s

FAILED (failures=4, errors=1)`;
    expect(failuresIn('tests', output)).toEqual([
      'unittest.loader._FailedTest.test_imp',
      'test_u.U.test_doc',
      'test_u.U.test_sub (n=1)',
      'test_u.U.test_sub [a message] (n=2)',
      'test_u.U.test_u',
    ]);
  });

  it('mypy 2.4, pyright 1.1 and ruff 0.17', () => {
    const mypy = `tests/test_broken.py:1: error: Cannot find implementation or library stub for module named "nothing_there"  [import-not-found]
tests/test_broken.py:1: note: See https://mypy.readthedocs.io/en/stable/running_mypy.html#missing-imports
cart.py:3: error: Incompatible return value type (got "str", expected "int")  [return-value]
Found 2 errors in 2 files (checked 3 source files)`;
    expect(failuresIn('types', mypy)).toEqual([
      'tests/test_broken.py Cannot find implementation or library stub for module named "nothing_there"  [import-not-found]',
      'cart.py Incompatible return value type (got "str", expected "int")  [return-value]',
    ]);
    const pyright = `cart.py
  cart.py:3:12 - error: Type "Literal['none']" is not assignable to return type "int"
    "Literal['none']" is not assignable to "int" (reportReturnType)
2 errors, 0 warnings, 0 informations`;
    expect(failuresIn('types', pyright)).toEqual([
      `cart.py Type "Literal['none']" is not assignable to return type "int"`,
    ]);
    const ruff = `cart.py:1:8: F401 [*] \`os\` imported but unused
tests/test_cart.py:1:1: I001 [*] Import block is un-sorted or un-formatted
Found 4 errors.
[*] 4 fixable with the \`--fix\` option.`;
    expect(failuresIn('types', ruff)).toEqual([
      'cart.py F401 [*] `os` imported but unused',
      'tests/test_cart.py I001 [*] Import block is un-sorted or un-formatted',
    ]);
  });

  it('go vet and go test 1.26, tests of one name in two packages apart', () => {
    const vet = `# example.org/shop/broken
# [example.org/shop/broken]
vet: broken/b.go:3:23: undefined: undefinedName
cart/cart.go:10:14: fmt.Printf format %s has arg sum of wrong type int`;
    expect(failuresIn('types', vet)).toEqual([
      'broken/b.go: undefined: undefinedName',
      'cart/cart.go: fmt.Printf format %s has arg sum of wrong type int',
    ]);
    const test = `# example.org/shop/broken [example.org/shop/broken.test]
broken/b.go:3:23: undefined: undefinedName
FAIL\texample.org/shop/broken [build failed]
--- FAIL: TestTotal (0.00s)
    --- FAIL: TestTotal/empty_list (0.00s)
        cart_test.go:6: got 1
--- FAIL: TestPanics (0.00s)
panic: assignment to entry in nil map [recovered, repanicked]

goroutine 6 [running]:
FAIL\texample.org/shop/cart\t0.005s
ok  \texample.org/shop/fine\t0.003s
--- FAIL: TestTotal (0.00s)
FAIL
FAIL\texample.org/shop/order\t0.004s
FAIL`;
    expect(failuresIn('tests', test)).toEqual([
      'example.org/shop/broken does not build',
      'example.org/shop/cart TestTotal',
      'example.org/shop/cart TestTotal/empty_list',
      'example.org/shop/cart TestPanics',
      'example.org/shop/order TestTotal',
    ]);
  });

  it('several programs of a check of its own', () => {
    const output = `src/a.ts(1,7): error TS2322: No.
--- FAIL: TestTotal (0.00s)
FAIL\texample.org/shop/cart\t0.005s
FAILED tests/test_cart.py::test_total - AssertionError`;
    expect(failuresIn('own', output).toSorted()).toEqual([
      'example.org/shop/cart TestTotal',
      'src/a.ts TS2322 No.',
      'tests/test_cart.py::test_total',
    ]);
  });
});

describe('the checks of Python and Go projects', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'suture-languages-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
  };
  const caches = () => cachesOf(path.join(root, '.data'), root);
  const found = async (paths: readonly string[]) => {
    const checks = [
      ...(await findPythonTypes(root, paths, caches())),
      ...(await findPythonTests(root, paths, caches())),
      ...(await findGoTypes(root, paths)),
      ...(await findGoTests(root, paths)),
    ];
    return checks.map(({ name, command: [program = '', ...args] }) =>
      [`${name}:`, path.basename(program), ...args].join(' '),
    );
  };

  it('are found by what pyproject.toml and files beside it are set up for', async () => {
    write({ 'api/pyproject.toml': '[tool.mypy]\n[tool.pytest.ini_options]\n', 'api/ruff.toml': '' });
    write({ 'web/go.mod': 'module example.org/web\n', 'old/requirements.txt': '', 'old/test_a.py': '' });
    expect(await found(['api/src/cart.py'])).toEqual([
      'mypy (api): python -m mypy --no-color-output .',
      'ruff (api): python -m ruff check --output-format=concise .',
      'pytest (api): python -m pytest -q -rfE --color=no --continue-on-collection-errors',
    ]);
    expect(await found(['web/cmd/main.go'])).toEqual([
      'go vet ./... (web): go vet ./...',
      'go test ./... (web): go test ./...',
    ]);
    expect(await found(['old/a.py'])).toEqual(['unittest (old): python -m unittest discover']);
    expect(await found(['README.md'])).toEqual([]);
  });

  it.each([
    ['a section', { 'pyproject.toml': '[tool.pytest]\n' }, 'pytest'],
    ['a dependency', { 'pyproject.toml': '[project]\ndependencies = ["pytest>=8"]\n' }, 'pytest'],
    ['a conftest.py', { 'setup.py': '', 'tests/conftest.py': '' }, 'pytest'],
    ['files of tests only', { 'setup.cfg': '', 'tests/test_a.py': '' }, 'unittest'],
  ])('run tests by what %s says', async (_, files, runner) => {
    write(files);
    expect((await found([]))[0]).toMatch(new RegExp(`^${runner}: `));
  });

  it('read what a project needs, and nothing of a file that is broken or no table', () => {
    const text = `[project]
dependencies = ["requests>=2", "--index-url=http://evil", 5]
[project.optional-dependencies]
dev = ["pytest==8.3.4"]
gpu = ["torch"]
[dependency-groups]
test = ["coverage", { include-group = "dev" }]
[tool.mypy]
strict = true
[tool.ruff]
`;
    write({ 'pyproject.toml': text, 'broken/pyproject.toml': '[project', 'odd/pyproject.toml': 'tool = 1' });
    expect(readPyProject(root, '.')).toEqual({
      packages: ['requests>=2', 'pytest==8.3.4', 'coverage'],
      tools: ['mypy', 'ruff'],
    });
    for (const folder of ['broken', 'odd', 'missing'])
      expect(readPyProject(root, folder)).toEqual({ packages: [], tools: [] });
  });

  it('install into an environment that changes with what names the packages', async () => {
    write({ 'pyproject.toml': '[tool.ruff]\n', 'requirements.txt': 'six\n', 'dev-requirements.txt': 'x\n' });
    const [first] = await pythonInstalls(root, caches());
    const pip = first?.commands[0]?.slice(1);
    expect(pip).toEqual(
      '-m pip install --only-binary :all: -r dev-requirements.txt -r requirements.txt ruff'.split(' '),
    );
    const [again] = await pythonInstalls(root, caches());
    expect(again).toEqual(first);
    write({ 'requirements.txt': 'six==1.16.0\n' });
    const [changed] = await pythonInstalls(root, caches());
    expect(changed?.local).not.toEqual(first?.local);
  });
});
