// The calls of a subject that may crash it: one for each way to fill its parameters, the plainest first.
// It must not decide which one does; running them does.

import type { Node, Type } from 'ts-morph';
import { JSON_TASTE, tastes } from './tastes.ts';
import type { Subject } from './subject.ts';
import { valueOf, type Taste } from './values.ts';

export type Call = {
  /** `relatedProduct({ products: [] }, '')`. */
  text: string;
  /** Whether it gives a promise. */
  isAsync: boolean;
  /** What it gives, a promise's own value for a promise. */
  gives: Type;
  /** Classes and enums it needs beside the subject. */
  needs: Map<string, Node>;
};

/** At least one call, or why none can be written down, as a clause. */
export function callsOf(subject: Subject, ofText: boolean): Call[] | { why: string } {
  const { gives, isAsync } = resultOf(subject);
  const calls = new Map<string, Call>();
  let why = 'no value of its parameters could be built';
  for (const taste of ofText ? [JSON_TASTE, ...tastes] : tastes) {
    const built = callWith(subject, taste);
    if ('why' in built) why = built.why;
    else if (!calls.has(built.text)) calls.set(built.text, { ...built, isAsync, gives });
  }
  return calls.size > 0 ? [...calls.values()] : { why };
}

function callWith(
  subject: Subject,
  taste: Taste,
): { text: string; needs: Map<string, Node> } | { why: string } {
  const parts: string[] = [];
  const needs = new Map<string, Node>();
  for (const parameter of subject.callable.getParameters()) {
    if (parameter.isRestParameter() || (parameter.isOptional() && !taste.optional)) break;
    const type = parameter.getType();
    const value = valueOf(parameter.isOptional() ? type.getNonNullableType() : type, parameter, taste);
    if ('why' in value) return value;
    parts.push(value.text);
    for (const [name, node] of value.needs) needs.set(name, node);
  }
  const receiver = receiverOf(subject, taste);
  if ('why' in receiver) return receiver;
  for (const [name, node] of receiver.needs) if (name !== subject.imported.name) needs.set(name, node);
  return { text: `${receiver.text}(${parts.join(', ')})`, needs };
}

function receiverOf({ instanceOf, callee, callable }: Subject, taste: Taste): ReturnType<typeof valueOf> {
  if (!instanceOf) return { text: callee, needs: new Map() };
  const made = valueOf(instanceOf.getType(), instanceOf, taste);
  const name = callable.getSymbol()?.getName() ?? '';
  return 'why' in made ? made : { text: `${made.text}.${name}`, needs: made.needs };
}

function resultOf({ callable }: Subject): { gives: Type; isAsync: boolean } {
  const type = callable.getReturnType();
  const [inner] = type.getTypeArguments();
  const isPromise = type.getSymbol()?.getName() === 'Promise';
  return { gives: isPromise && inner ? inner : type, isAsync: isPromise };
}
