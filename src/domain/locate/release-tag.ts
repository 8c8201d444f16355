// Finds the tag that a release's name means. It must not accept a tag that merely resembles it.

export type ReleaseTag = { name: string; commit: string };

/**
 * A release is `1.4.2`, `v1.4.2`, `shop@1.4.2`, `com.example.shop@1.4.2+45`, `shop-1.4.2` or a commit's id
 * (reference sentry.md, 9). Null when no tag, or more than one commit, fits equally.
 */
export function tagOfRelease(release: string, tags: readonly ReleaseTag[]): ReleaseTag | null {
  for (const wanted of spellings(release.slice(0, 250))) {
    const fitting = tags.filter((tag) => tag.name.toLowerCase() === wanted);
    const commits = new Set(fitting.map((tag) => tag.commit));
    if (commits.size === 1) return fitting[0] ?? null;
  }
  return null;
}

/** A commit's id at the end of the release's name, as many deploy scripts send it. */
export function commitInRelease(release: string): string | null {
  return /(?:^|[@+._-])([0-9a-f]{7,40})$/.exec(release.slice(-60))?.[1] ?? null;
}

/** Most exact first. */
function spellings(release: string): string[] {
  const whole = release.toLowerCase().trim();
  const at = whole.lastIndexOf('@');
  const name = at < 0 ? '' : (whole.slice(0, at).split(/[./]/).at(-1) ?? '');
  const version = at < 0 ? whole : whole.slice(at + 1);
  const bare = version.replace(/\+.*$/, '').replace(/^v(?=\d)/, '');
  const named =
    name === ''
      ? []
      : [`${name}@${bare}`, `${name}-v${bare}`, `${name}-${bare}`, `${name}/v${bare}`, `${name}/${bare}`];
  const plain = /\d/.test(bare)
    ? [bare, `v${bare}`, `v.${bare}`, `release-${bare}`, `release/${bare}`, `version-${bare}`]
    : [];
  return [...new Set([whole, version, ...named, ...plain])].filter((spelling) => spelling !== '');
}
