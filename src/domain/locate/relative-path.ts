// Doubts a relative path that fits the repository's root while it may be meant from a package's folder.
// It must not find files.

import type { FrameQuestion, PathFinding } from './find-path.ts';

/**
 * `src/index.ts` is the root's, or that of any package that has one: bundlers, runtimes and compilers write it
 * from where they were started, and images copy a package's folder to their own root. Names and source lines
 * may still settle it.
 */
export function doubtRelative(finding: PathFinding | null, question: FrameQuestion): PathFinding | null {
  if (finding === null || finding.candidates.length < 2) return finding;
  if (finding.rule !== 'exact path' && finding.rule !== 'unique suffix') return finding;
  const [path = '', ...others] = finding.candidates;
  const packages = question.manifests.packages.filter((one) => one.dir !== '');
  const rivals = others.filter((other) => packages.some((one) => other === `${one.dir}/${path}`));
  const bare = !path.includes('/');
  if (!bare && rivals.length === 0) return finding;
  return { ...finding, rule: 'ambiguous suffix', confidence: bare ? 0.5 / finding.candidates.length : 0.55 };
}
