// Reads and compares version names.
// Must not know what a release is.

/** `package@1.2.3-pre+build`, or the same without a package. */
export const semver = /^(?:[^@]+@)?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Negative when `left` is older; build metadata does not count. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [semver.exec(left), semver.exec(right)];
  for (const part of [1, 2, 3]) {
    const order = Number(a?.[part] ?? 0) - Number(b?.[part] ?? 0);
    if (order !== 0) return order;
  }
  const [preA, preB] = [a?.[4], b?.[4]];
  if (preA === preB) return 0;
  if (preA === undefined || preB === undefined) return preA === undefined ? 1 : -1;
  return preA.localeCompare(preB, 'en', { numeric: true });
}
