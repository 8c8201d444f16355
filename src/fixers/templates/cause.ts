// One step back from the crash: where the absent value came from.
// It reads declarations; it must not claim more than one step.

import { relative } from 'node:path';
import { Node } from 'ts-morph';
import { enclosingFunction, functionName } from './scope.ts';
import type { Scene } from './template.ts';

/** `null` when the value is a lookup that may miss: then the assumption on the line is the cause itself. */
export function symptomOf(value: Node, scene: Scene, depth = 3): string | null {
  if (isWrapped(value)) return symptomOf(value.getExpression(), scene, depth);
  if (Node.isElementAccessExpression(value)) return null;
  if (Node.isCallExpression(value)) return fromCall(value, scene);
  if (Node.isPropertyAccessExpression(value)) return fromDeclaration(value.getNameNode(), scene);
  return Node.isIdentifier(value) && depth > 0 ? fromName(value, scene, depth) : null;
}

function isWrapped(node: Node) {
  return (
    Node.isAwaitExpression(node) || Node.isParenthesizedExpression(node) || Node.isNonNullExpression(node)
  );
}

function fromName(value: Node, scene: Scene, depth: number): string | null {
  const declared = value.getSymbol()?.getDeclarations()[0];
  if (
    declared?.getFirstAncestor((up) => Node.isParameterDeclaration(up)) ||
    Node.isParameterDeclaration(declared)
  )
    return fromCaller(value, scene);
  const initial = Node.isVariableDeclaration(declared) ? declared.getInitializer() : undefined;
  return initial ? symptomOf(initial, scene, depth - 1) : fromDeclaration(value, scene);
}

/** Lookups of the language answer "nothing" as a matter of course; a project's own function is a step back. */
function fromCall(call: Node, scene: Scene): string | null {
  if (!Node.isCallExpression(call)) return null;
  const callee = call.getExpression();
  const name = Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
  const declared = name.getSymbol()?.getDeclarations()[0];
  if (!declared || isForeign(declared)) return null;
  return sentence(`\`${name.getText()}\` gave nothing back`, declared, scene);
}

function isForeign(node: Node): boolean {
  const file = node.getSourceFile();
  return file.isDeclarationFile() || file.isInNodeModules();
}

function fromDeclaration(name: Node, scene: Scene): string {
  const declared = name.getSymbol()?.getDeclarations()[0];
  const missing = scene.crash.value ?? 'undefined';
  const text = `\`${name.getText()}\``;
  if (!declared || isForeign(declared))
    return `Symptom-level guard: the cause is where ${text} became \`${missing}\`, outside of this function.`;
  if (Node.isPropertySignature(declared))
    return `Symptom-level guard: the cause is where ${text} was left \`${missing}\`, as its declaration allows (\`${placeOf(declared, scene)}\`).`;
  return sentence(`${text} became \`${missing}\``, declared, scene);
}

function fromCaller(value: Node, scene: Scene): string {
  const owner = enclosingFunction(value);
  const callee = (owner && functionName(owner)) ?? 'the function';
  const caller = scene.frames.find((frame) => frame.index > 0 && frame.path !== null && frame.line !== null);
  const where = caller ? ` (\`${caller.path}:${caller.line}\`)` : '';
  return `Symptom-level guard: the cause is the caller of \`${callee}\` that passed no \`${value.getText()}\`${where}.`;
}

function sentence(what: string, declared: Node, scene: Scene): string {
  return `Symptom-level guard: the cause is where ${what} (\`${placeOf(declared, scene)}\`).`;
}

function placeOf(node: Node, scene: Scene): string {
  const path = relative(scene.project.root, node.getSourceFile().getFilePath()).replaceAll('\\', '/');
  return `${path}:${node.getStartLineNumber()}`;
}
