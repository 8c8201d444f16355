// A syntax tree in the few words that walking it needs, so that two engines can stand behind it.
// It must not know languages.

export type Span = { start: { line: number; column: number }; end: { line: number; column: number } };

/** 0-based lines and columns, as parsers count. */
export type TreeNode = {
  kind(): string | number;
  text(): string;
  range(): Span;
  children(): TreeNode[];
  ancestors(): TreeNode[];
  field(name: string): TreeNode | null;
  next(): TreeNode | null;
  prev(): TreeNode | null;
};

export type Tree = { root: TreeNode; ofKinds(kinds: ReadonlySet<string>): TreeNode[] };

export function kindOf(node: TreeNode): string {
  return String(node.kind());
}
