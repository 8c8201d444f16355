// Where the served schema differs from the one that GitHub publishes.
// Knows no GraphQL type by name.

import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

type Field = GraphQLField<unknown, unknown> | GraphQLInputField;

/** A line for everything that is served and not published so, or would have to be asked otherwise. */
export function schemaFaults(served: GraphQLSchema, published: GraphQLSchema): string[] {
  return Object.values(served.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((ours) => {
      const theirs = published.getType(ours.name);
      if (theirs?.constructor !== ours.constructor) return [`${ours.name} is not published as such`];
      const missing = namesIn(ours).filter((name) => !namesIn(theirs).includes(name));
      return [...missing.map((name) => `${ours.name} has no ${name}`), ...fieldFaults(ours, theirs)];
    });
}

/** Values of an enum, members of a union, fields, and the interfaces of an object. */
function namesIn(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => name);
  if (isUnionType(type)) return type.getTypes().map(({ name }) => name);
  const interfaces = isObjectType(type) ? type.getInterfaces().map(({ name }) => name) : [];
  return [...Object.keys(fieldsOf(type)), ...interfaces];
}

function fieldsOf(type: GraphQLNamedType): Record<string, Field> {
  return isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? type.getFields() : {};
}

function fieldFaults(ours: GraphQLNamedType, theirs: GraphQLNamedType): string[] {
  const published = fieldsOf(theirs);
  return Object.entries(fieldsOf(ours)).flatMap(([name, field]) => {
    const known = published[name];
    if (!known) return [];
    const what = `${ours.name}.${name}`;
    const [served, real] = [signature(field), signature(known)];
    const wrong = [...served].filter(([part, type]) => real.get(part) !== type);
    const asked = argumentsOf(known).filter((one) => isRequiredArgument(one) && !served.has(one.name));
    return [
      ...wrong.map(([part, type]) => `${what}: ${part} is ${real.get(part) ?? 'not there'}, not ${type}`),
      ...asked.map((one) => `${what} asks for ${one.name}`),
    ];
  });
}

const argumentsOf = (field: Field) => ('args' in field ? field.args : []);

function signature(field: Field): Map<string, string> {
  const given = argumentsOf(field).map(({ name, type }) => [name, String(type)] as const);
  return new Map([['it', String(field.type)], ...given]);
}
