// Builds values of a type as an expression of code, as small as the type admits.
// It must not use a value of the event, and refuses what cannot be written down in one expression.

import { Node, Scope } from 'ts-morph';
import type { Symbol as TypeSymbol, Type } from 'ts-morph';
import { standardValue } from './standard-values.ts';

/** Which of the many values of a type is taken. */
export type Taste = {
  /** Entries of a list. */
  entries: 0 | 1;
  /** Whether optional properties and parameters are there. */
  optional: boolean;
  /** Whether a value that may be missing is. */
  missing: boolean;
  text: string;
  number: number;
  flag: boolean;
};

export type Built = { text: string; /** Classes and enums it needs, by name. */ needs: Map<string, Node> };

export type Unbuilt = { why: string };

type Build = { at: Node; taste: Taste; needs: Map<string, Node>; depth: number };

class CannotBuild extends Error {}

const deepest = 5;
const mostProperties = 30;

/** A value of that type, seen from `at`; or why there is none. */
export function valueOf(type: Type, at: Node, taste: Taste): Built | Unbuilt {
  const needs = new Map<string, Node>();
  try {
    return { text: build(type, { at, taste, needs, depth: 0 }), needs };
  } catch (error) {
    if (error instanceof CannotBuild) return { why: error.message };
    throw error;
  }
}

function build(type: Type, how: Build): string {
  if (how.depth > deepest) throw new CannotBuild('a value of its parameters nests too deep');
  return (
    enumMember(type, how) ??
    simple(type, how.taste) ??
    union(type, how) ??
    compound(type, { ...how, depth: how.depth + 1 })
  );
}

function simple(type: Type, taste: Taste): string | null {
  if (type.isAny() || type.isUnknown() || type.isUndefined() || type.isVoid()) return 'undefined';
  if (type.isNull()) return 'null';
  if (type.isStringLiteral()) return JSON.stringify(type.getLiteralValue());
  if (type.isNumberLiteral() || type.isBooleanLiteral()) return type.getText();
  if (type.isString() || type.isTemplateLiteral()) return JSON.stringify(taste.text);
  if (type.isNumber()) return String(taste.number);
  if (type.isBigInt()) return `${taste.number}n`;
  return type.isBoolean() ? String(taste.flag) : null;
}

function union(type: Type, how: Build): string | null {
  if (!type.isUnion()) return null;
  const parts = type.getUnionTypes();
  const nothing = parts.find((part) => part.isUndefined()) ?? parts.find((part) => part.isNull());
  if (nothing && how.taste.missing) return nothing.isNull() ? 'null' : 'undefined';
  const something = parts.filter((part) => !part.isUndefined() && !part.isNull());
  return firstBuilt(something, how);
}

function firstBuilt(types: readonly Type[], how: Build): string {
  let why = new CannotBuild('a type of its parameters admits nothing');
  for (const type of types) {
    try {
      return build(type, how);
    } catch (error) {
      if (!(error instanceof CannotBuild)) throw error;
      why = error;
    }
  }
  throw why;
}

function enumMember(type: Type, { needs }: Build): string | null {
  if (!type.isEnumLiteral() && !type.isEnum()) return null;
  const declared = type.getSymbol()?.getDeclarations()[0];
  const list = Node.isEnumMember(declared) ? declared.getParent() : declared;
  if (!Node.isEnumDeclaration(list) || !list.isExported())
    throw new CannotBuild('an enum of its parameters is not exported');
  const member = Node.isEnumMember(declared) ? declared.getName() : list.getMembers()[0]?.getName();
  needs.set(list.getName(), list);
  return `${list.getName()}.${member ?? ''}`;
}

function compound(type: Type, how: Build): string {
  if (type.isTypeParameter()) {
    const constraint = type.getConstraint();
    return constraint ? build(constraint, how) : 'undefined';
  }
  if (type.isTuple())
    return `[${type
      .getTupleElements()
      .map((part) => build(part, how))
      .join(', ')}]`;
  if (type.isArray() || type.isReadonlyArray()) {
    const element = type.getArrayElementType();
    return how.taste.entries === 0 || !element ? '[]' : `[${build(element, how)}]`;
  }
  const standard = standardValue(type, how.taste, (inner) => build(inner, how));
  if (standard !== null) return standard;
  if (isForeign(type)) throw new CannotBuild(`a value of type ${nameOf(type)} cannot be written down`);
  return callback(type, how) ?? instance(type, how) ?? objectOf(type, how);
}

function isForeign(type: Type): boolean {
  const declared = (type.getAliasSymbol() ?? type.getSymbol())?.getDeclarations() ?? [];
  return declared.some((one) => one.getSourceFile().isInNodeModules() || isLibrary(one));
}

function isLibrary(node: Node): boolean {
  return /\/lib\.[\w.]*d\.ts$/.test(node.getSourceFile().getFilePath());
}

function nameOf(type: Type): string {
  const name = (type.getAliasSymbol() ?? type.getSymbol())?.getName() ?? 'object';
  return `\`${name.replace(/[^\w$]/g, '')}\``;
}

function callback(type: Type, how: Build): string | null {
  const [signature] = type.getCallSignatures();
  if (!signature) return null;
  const given = build(signature.getReturnType(), how);
  if (given === 'undefined') return '() => {}';
  return given.startsWith('{') ? `() => (${given})` : `() => ${given}`;
}

/** An exported class whose constructor takes what can be built. */
function instance(type: Type, how: Build): string | null {
  const declared = type
    .getSymbol()
    ?.getDeclarations()
    .find((one) => Node.isClassDeclaration(one));
  if (!Node.isClassDeclaration(declared)) return null;
  const name = declared.getName();
  const [maker, ...more] = declared.getConstructors();
  if (name === undefined || !declared.isExported() || declared.isDefaultExport() || declared.isAbstract())
    throw new CannotBuild(`the class ${nameOf(type)} cannot be made from a test`);
  if (more.length > 0 || (maker && maker.getScope() !== Scope.Public))
    throw new CannotBuild(`the constructor of ${nameOf(type)} cannot be called from a test`);
  how.needs.set(name, declared);
  const given = (maker?.getParameters() ?? []).filter((one) => !one.isOptional() && !one.isRestParameter());
  return `new ${name}(${given.map((one) => build(one.getType(), how)).join(', ')})`;
}

function objectOf(type: Type, how: Build): string {
  const properties = type.getProperties();
  if (!type.isObject() && !type.isIntersection())
    throw new CannotBuild(`a value of type ${nameOf(type)} cannot be written down`);
  if (properties.length > mostProperties)
    throw new CannotBuild(`a value of type ${nameOf(type)} has too many properties`);
  const wanted = properties.filter((one) => !one.isOptional() || how.taste.optional);
  const parts = wanted.map((one) => `${keyOf(one)}: ${build(propertyType(one, how), how)}`);
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

/** A property that may be left out, and is there, has a value. */
function propertyType(property: TypeSymbol, { at }: Build): Type {
  const type = property.getTypeAtLocation(at);
  return property.isOptional() ? type.getNonNullableType() : type;
}

function keyOf(property: TypeSymbol): string {
  const name = property.getName();
  if (name.startsWith('__@') || name.startsWith('#'))
    throw new CannotBuild('a value of its parameters has a key that cannot be written down');
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
