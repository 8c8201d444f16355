// Tells test code from the code it tests, by path alone. It must not look at contents.

const testPath =
  /(?:^|\/)(?:__tests__|__mocks__|tests?|specs?|e2e|testdata|fixtures|test-support)\/|[._-](?:test|tests|spec|e2e|cy|stories|mock)\.[^/]+$|_test\.\w+$|(?:^|\/)(?:test_[^/]*|conftest)\.py$|(?:^|\/)\w+Tests?\.(?:java|kt|cs|swift|php)$/i;

/** Test code crashes when the code under test does; it is never the suspect. */
export function isTestPath(path: string): boolean {
  return testPath.test(path);
}
