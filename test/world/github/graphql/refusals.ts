// How GraphQL refuses: 200 with a list of errors in GitHub's words, each with a type or a code.
// Knows the form of a query, nothing of what is asked.

import {
  GraphQLError,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Json } from '../answers.ts';
import { Refused } from '../answers.ts';

export type Variables = Readonly<Record<string, unknown>>;

const mostAPage = 100;
const mostNodes = 500_000;

/** A refusal on its way to the client, at the field where it is thrown. */
export const refused = (type: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { type } });

export const forbidden = (): GraphQLError => refused('FORBIDDEN', 'Resource not accessible by integration');

/** Does what a REST route does, and refuses as GraphQL does. */
export function asGraphql<T>(absent: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.answer.status === 404 || error.answer.status === 410) throw refused('NOT_FOUND', absent);
    throw error.answer.status === 403 ? refused('FORBIDDEN', error.message) : error;
  }
}

/** What GitHub's validation says, for what graphql-js found. */
export function validationError(error: GraphQLError): Json {
  const { message, locations } = error;
  const [, field, type] = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(message) ?? [];
  if (field === undefined) return { message, locations };
  const extensions = { code: 'undefinedField', typeName: type, fieldName: field };
  return { extensions, locations, message: `Field '${field}' doesn't exist on type '${type}'` };
}

/** What went wrong at a field. A fault of the stand-in itself is none of GitHub's. */
export function fieldError(error: GraphQLError): Json {
  const { type } = error.extensions;
  if (typeof type !== 'string') throw error.originalError ?? error;
  const failure = type === 'FORBIDDEN' ? { extensions: { saml_failure: false } } : {};
  return { type, path: error.path, ...failure, locations: error.locations, message: error.message };
}

type Paged = { first?: number | null; last?: number | null };

/** The part of a list that was asked for, and whether there is more. */
export function pageOf<T>(name: string, all: readonly T[], { first, last }: Paged) {
  const size = first ?? last;
  if (size == null)
    throw refused(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  const way = first == null ? 'last' : 'first';
  if (size < 1 || size > mostAPage)
    throw refused(
      'EXCESSIVE_PAGINATION',
      `Requesting ${size} records on the \`${name}\` connection exceeds the \`${way}\` limit of ${mostAPage} records.`,
    );
  const nodes = way === 'first' ? all.slice(0, size) : all.slice(-size);
  const more = all.length > size;
  const pageInfo = { hasNextPage: way === 'first' && more, hasPreviousPage: way === 'last' && more };
  return { nodes, totalCount: all.length, pageInfo };
}

/** Null when the query is small enough. Every page that is asked for counts in full. */
export function tooManyNodes(document: DocumentNode, variables: Variables): GraphQLError | null {
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return null;
  const nodes = nodesOf({ fragments, variables }, operation.selectionSet, 1);
  if (nodes <= mostNodes) return null;
  const [asked, limit] = [nodes, mostNodes].map((number) => number.toLocaleString('en-US'));
  return refused(
    'MAX_NODE_LIMIT_EXCEEDED',
    `This query requests up to ${asked} possible nodes which exceeds the maximum limit of ${limit}.`,
  );
}

type Counting = { fragments: ReadonlyMap<string, FragmentDefinitionNode>; variables: Variables };

function nodesOf(counting: Counting, set: SelectionSetNode | undefined, times: number): number {
  let nodes = 0;
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.INLINE_FRAGMENT) nodes += nodesOf(counting, selection.selectionSet, times);
    else if (selection.kind === Kind.FRAGMENT_SPREAD)
      nodes += nodesOf(counting, counting.fragments.get(selection.name.value)?.selectionSet, times);
    else {
      const size = sizeOf(counting, selection);
      nodes += (size ?? 0) * times + nodesOf(counting, selection.selectionSet, times * (size ?? 1));
    }
  }
  return nodes;
}

function sizeOf({ variables }: Counting, { arguments: given = [] }: FieldNode): number | null {
  const value = given.find(({ name }) => name.value === 'first' || name.value === 'last')?.value;
  if (value?.kind === Kind.INT) return Number(value.value);
  return value?.kind === Kind.VARIABLE ? Number(variables[value.name.value]) : null;
}
