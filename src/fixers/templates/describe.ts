// The words of a guard for the commit and the pull request: built from names in the code, never from the event.
// Only sentences; it must not decide anything.

import { Node } from 'ts-morph';
import type { FixDescription } from '../../ports.ts';
import { symptomOf } from './cause.ts';
import { shortCode } from './quote.ts';
import type { Guard, Wanted } from './guard.ts';
import { enclosingFunction, functionName } from './scope.ts';
import type { Scene } from './template.ts';
import { spoken, withArticle } from './words.ts';

/** Describes a planned guard. `assumption` is the code that took the value for granted. */
export function describeGuard(
  guard: Guard,
  wanted: Wanted,
  told: { scene: Scene; strategy: string; assumption: string },
): FixDescription {
  const { scene } = told;
  const line = (wanted.declaration ?? wanted.access.node).getStartLineNumber();
  const missing = scene.crash.value ?? 'undefined';
  const taken = told.assumption.endsWith('!') ? 'the value' : `\`${shortCode(wanted.value)}\``;
  const read =
    scene.crash.property === null
      ? 'it was needed'
      : `\`${scene.crash.property}\` was ${scene.crash.kind === 'write' ? 'written' : 'read'}`;
  return {
    summary: summaryOf(guard, wanted),
    rootCause: `\`${told.assumption}\` in line ${line} of \`${scene.suspect.path}\` takes ${taken} for granted, and it was \`${missing}\` when ${propertyIsCode(scene) ? read : 'it was needed'}.`,
    change: changeOf(guard, wanted),
    strategy: told.strategy,
    symptom: symptomOf(wanted.value, scene),
  };
}

/** Names from the event are repeated only when they are written in the code. */
function propertyIsCode(scene: Scene): boolean {
  const property = scene.crash.property;
  return (
    property !== null &&
    scene.accesses.some(
      (access) =>
        access.property === property || (access.kind === 'destructure' && /^[\w$]+$/.test(property)),
    )
  );
}

/** A commit title has about 72 characters, and its area and the problem's id take some. */
const longestSummary = 56;

function summaryOf(guard: Guard, wanted: Wanted): string {
  const how = guard.exit.text === 'continue' ? 'skip the round' : 'return early';
  const summary = `${how} when ${absenceInWords(guard, wanted)}`;
  return summary.length > longestSummary ? `${how} when a value is missing` : summary;
}

function absenceInWords(guard: Guard, { value, declaration }: Wanted): string {
  if (declaration || guard.bound !== null) return `there is no ${spoken(guard.tested)}`;
  if (
    Node.isPropertyAccessExpression(value) &&
    Node.isIdentifier(value.getExpression()) &&
    !/^(?:props|this)$/.test(value.getExpression().getText()) &&
    value.getName() !== 'current'
  )
    return `${withArticle(spoken(value.getExpression().getText()))} has no ${spoken(value.getName())}`;
  return `there is no ${spoken(nameOf(value) ?? guard.tested)}`;
}

/** The last name of a path; `.current` only wraps what its holder is called after. */
function nameOf(value: Node): string | null {
  if (Node.isIdentifier(value)) return value.getText();
  if (!Node.isPropertyAccessExpression(value)) return null;
  const holder = nameOf(value.getExpression());
  return value.getName() === 'current' && holder !== null ? holder.replace(/Ref$/, '') : value.getName();
}

function changeOf(guard: Guard, { access }: Wanted): string {
  const owner = enclosingFunction(access.node);
  const name = (owner && functionName(owner)) ?? null;
  const who = name === null ? 'The function' : `\`${name}\``;
  const how = guard.exit.text === 'continue' ? 'skips the round' : 'returns early';
  return `${who} ${how} when \`${guard.tested}\` is missing; ${guard.exit.because}.`;
}
