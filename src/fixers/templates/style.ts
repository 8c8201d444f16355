// How the file's own author writes: guards, semicolons, line ends, steps of indentation.
// It only reads the syntax tree; where the file says nothing, its neighbours do, then the plainest form.

import { Node, SyntaxKind } from 'ts-morph';
import type { IfStatement, SourceFile } from 'ts-morph';

/** `if (x) return;` on one line, the same on two lines, or with braces. */
type GuardForm = 'inline' | 'next-line' | 'braces';

export type Style = {
  guard: GuardForm;
  /** How absence is tested where `!x` is allowed. */
  test: 'not' | 'strict' | 'loose';
  semicolons: boolean;
  eol: '\n' | '\r\n';
  /** One step of indentation. */
  step: string;
};

export function styleOf(file: SourceFile, offset: number): Style {
  const text = file.getFullText();
  return {
    guard: guardForm(file, offset),
    test: testForm(file),
    semicolons: hasSemicolons(file),
    eol: eolAt(text, offset),
    step: stepOf(text),
  };
}

function eolAt(text: string, offset: number): Style['eol'] {
  const next = text.indexOf('\n', offset);
  const end = next === -1 ? text.indexOf('\n') : next;
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}

/** The nearest guard of the file decides; else any of the other loaded files; else any block in this one. */
function guardForm(file: SourceFile, offset: number): GuardForm {
  const own = guardsOf(file).toSorted((left, right) => distance(left, offset) - distance(right, offset))[0];
  if (own) return formOf(own);
  for (const other of file.getProject().getSourceFiles()) {
    const guard =
      other === file || other.isInNodeModules() || other.isDeclarationFile() ? undefined : guardsOf(other)[0];
    if (guard) return formOf(guard);
  }
  const anyIf = file.getFirstDescendantByKind(SyntaxKind.IfStatement);
  return anyIf && Node.isBlock(anyIf.getThenStatement()) ? 'braces' : 'inline';
}

function distance(node: Node, offset: number): number {
  return Math.abs(node.getStart() - offset);
}

/** `if` statements that only leave: return, continue, break or throw. */
function guardsOf(file: SourceFile): IfStatement[] {
  return file.getDescendantsOfKind(SyntaxKind.IfStatement).filter((node) => {
    if (node.getElseStatement()) return false;
    const then = node.getThenStatement();
    const only = Node.isBlock(then)
      ? then.getStatements().length === 1
        ? then.getStatements()[0]
        : undefined
      : then;
    return isLeaving(only) && (Node.isBlock(then) || isShort(node));
  });
}

/** Whether its branch always leaves the place, whatever it does before. */
export function leaves(check: IfStatement): boolean {
  const then = check.getThenStatement();
  return isLeaving(Node.isBlock(then) ? then.getStatements().at(-1) : then);
}

/** A guard that was broken because it is long says nothing about the form of a short one. */
function isShort(guard: IfStatement): boolean {
  return guard.getText().replace(/\s+/g, ' ').length <= 80;
}

function isLeaving(node: Node | undefined): boolean {
  return (
    Node.isReturnStatement(node) ||
    Node.isContinueStatement(node) ||
    Node.isBreakStatement(node) ||
    Node.isThrowStatement(node)
  );
}

function formOf(guard: IfStatement): GuardForm {
  const then = guard.getThenStatement();
  if (Node.isBlock(then)) return 'braces';
  return then.getStartLineNumber() === guard.getExpression().getEndLineNumber() ? 'inline' : 'next-line';
}

function testForm(file: SourceFile): Style['test'] {
  const tests = guardsOf(file).map((guard) => guard.getExpression().getText());
  const count = (pattern: RegExp) => tests.filter((test) => pattern.test(test)).length;
  const not = count(/^![\w$.?[\]]+$/);
  const strict = count(/=== (?:undefined|null)\b/);
  const loose = count(/[^=!]== (?:undefined|null)\b/);
  if (loose > not && loose > strict) return 'loose';
  return strict > not ? 'strict' : 'not';
}

function hasSemicolons(file: SourceFile): boolean {
  const statements = file
    .getDescendantStatements()
    .filter(
      (node) =>
        Node.isExpressionStatement(node) || Node.isVariableStatement(node) || Node.isReturnStatement(node),
    )
    .slice(0, 200);
  const ended = statements.filter((node) => node.getText().endsWith(';')).length;
  return ended * 2 >= statements.length;
}

/** The smallest step between lines; tabs when lines start with them. */
function stepOf(text: string): string {
  if (/^\t/m.test(text)) return '\t';
  const depths = [...text.matchAll(/^( +)[^\s*]/gm)].map((match) => match[1]?.length ?? 0);
  const smallest = Math.min(...depths.filter((depth) => depth > 1), 8);
  return ' '.repeat(depths.length > 0 ? smallest : 2);
}
