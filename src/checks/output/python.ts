// Reads failures out of what Python's tools print. A name carries no line number and no duration.

/** mypy `a.py:3: error: … [code]`, pyright `a.py:3:5 - error: … (rule)`, ruff `a.py:3:5: F401 …`. */
export function pythonErrors(lines: readonly string[]): string[] {
  const patterns = [
    /^\s*(\S+\.pyi?):\d+(?::\d+)?(?: -|:) error: (.+)$/,
    /^(\S+\.pyi?):\d+:\d+: ([A-Z]+\d+ .+)$/,
  ];
  return lines.flatMap((line) => {
    for (const pattern of patterns) {
      const [, file, text] = pattern.exec(line) ?? [];
      if (file && text) return [`${file} ${text}`];
    }
    return [];
  });
}

/** pytest's short summary: `FAILED tests/test_a.py::test_b - AssertionError`; of an error in a file, the file. */
export function pytestTests(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const name = /^(?:FAILED|ERROR) (\S+?\.py(?:::[^[]+?(?:\[.*?\])?)?)(?: - .*)?$/.exec(line)?.[1];
    return name === undefined ? [] : [name];
  });
}

/** unittest: `FAIL: test_total (test_cart.CartTest.test_total)`, before Python 3.11 without the name at the end. */
export function unittestTests(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, test, place, part] = /^(?:FAIL|ERROR): (\S+) \((\S+?)\)(?: (.+))?$/.exec(line) ?? [];
    if (!test || !place) return [];
    const name = place.split('.').at(-1) === test ? place : `${place}.${test}`;
    return [part === undefined ? name : `${name} ${part}`];
  });
}
