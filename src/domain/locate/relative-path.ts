// Doubts a relative path that fits the repository's root while it may be meant from a package's folder.
// It must not find files.

import type { FrameQuestion, PathFinding } from './find-path.ts';

/**
 * `src/index.ts` is the root's, or that of any package that has one: bundlers and runtimes write it from
 * where they were started. Rust writes it from the workspace's root, so a root manifest settles it there.
 */
export function doubtRelative(finding: PathFinding | null, question: FrameQuestion): PathFinding | null {
  if (finding?.rule !== 'exact path' || finding.candidates.length < 2) return finding;
  const [path = '', ...others] = finding.candidates;
  if (question.language === 'rust' && question.index.has('Cargo.toml')) return finding;
  const packages = question.manifests.packages.filter((one) => one.dir !== '');
  const rivals = others.filter((other) => packages.some((one) => other === `${one.dir}/${path}`));
  const bare = !path.includes('/');
  if (!bare && rivals.length === 0) return finding;
  return { ...finding, rule: 'ambiguous suffix', confidence: 0.5 / finding.candidates.length };
}
