// GitHub's published descriptions of its answers and webhooks, as validators: what breaks them is listed in words.
// Only for the tests of the stand-in; nothing here serves anything.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';

type Schema = { [key: string]: unknown };
type Document = { paths?: Schema; webhooks?: Schema; components: { schemas: Schema } };

export type Description = {
  /** What is wrong with this answer to `POST /repos/:owner/:repo/issues`; empty when nothing is. */
  answerFaults(input: { method: string; pattern: string; status: number; body: unknown }): string[];
};

export type WebhookDescription = {
  /** What is wrong with this payload of `issues` `opened`; empty when nothing is. */
  payloadFaults(input: { event: string; action: string | null; payload: unknown }): string[];
};

const require = createRequire(import.meta.url);

function load(file: string): Document {
  return JSON.parse(readFileSync(require.resolve(file), 'utf8')) as Document;
}

/** GitHub's OpenAPI description of the REST API. Reads 13 MB: once per test file. */
export function describeApi(): Description {
  const document = load('@octokit/openapi/generated/api.github.com.json');
  const paths = new Map(
    Object.entries(document.paths ?? {}).map(([path, item]) => [
      path.replace(/\{[^}]+\}/g, '{}'),
      item as Schema,
    ]),
  );
  const validate = validatorFor(document);
  return {
    answerFaults({ method, pattern, status, body }) {
      const item = paths.get(pattern.replace(/:\w+[+*]?/g, '{}'));
      const operation = item?.[method.toLowerCase()] as Schema | undefined;
      if (!operation) return [`GitHub describes no ${method} ${pattern}`];
      const described = (operation['responses'] as Schema)[`${status}`];
      if (!described && status < 300) return [`GitHub does not answer ${status} to ${method} ${pattern}`];
      const undescribed = status >= 400 ? { $ref: '#/components/schemas/basic-error' } : undefined;
      const schema = described
        ? (exception(paths, `${method} ${pattern} ${status}`) ?? schemaOf(resolve(document, described)))
        : undescribed;
      if (!schema) return body === undefined || status >= 300 ? [] : ['GitHub sends no body here'];
      const faults = validate(schema, body);
      // Since 2024 every error body has a `status` that the description leaves out.
      return status < 400 ? faults : faults.filter((fault) => !fault.startsWith('/status is not'));
    },
  };
}

/**
 * The description of this one list asks for an account that is a person and an enterprise at once, which nothing
 * can be; its items are held against the description of a single installation.
 */
function exception(paths: ReadonlyMap<string, Schema>, route: string): Schema | undefined {
  if (route !== 'GET /app/installations 200') return undefined;
  const one = paths.get('/app/installations/{}')?.['get'] as { responses: Record<string, Schema> };
  return { type: 'array', items: schemaOf(one.responses['200']) };
}

/** GitHub's description of its webhooks. */
export function describeWebhooks(): WebhookDescription {
  const document = load('@octokit/openapi-webhooks/generated/api.github.com.json');
  const validate = validatorFor(document);
  return {
    payloadFaults({ event, action, payload }) {
      const name = [event, action].filter(Boolean).join('-').replaceAll('_', '-');
      const item = document.webhooks?.[name] as { post: { requestBody: Schema } } | undefined;
      const schema = item && schemaOf(item.post.requestBody);
      return schema ? validate(schema, payload) : [`GitHub describes no webhook ${name}`];
    },
  };
}

function schemaOf(holder: Schema | undefined): Schema | undefined {
  const content = holder?.['content'] as Record<string, { schema: Schema }> | undefined;
  return content?.['application/json']?.schema;
}

function resolve(document: Document, node: unknown): Schema | undefined {
  const reference = (node as Schema | undefined)?.['$ref'];
  if (typeof reference !== 'string') return node as Schema | undefined;
  const target = reference
    .split('/')
    .slice(1)
    .reduce<unknown>((at, key) => (at as Schema)[key], document);
  return resolve(document, target);
}

/** Schema faults, and keys the description does not know: an invented key would otherwise pass. */
function validatorFor(document: Document): (schema: Schema, value: unknown) => string[] {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    validateSchema: false,
    logger: false,
    inlineRefs: false,
    code: { optimize: false },
  });
  formats.default(ajv);
  // Bots' addresses have brackets, which the format would refuse and GitHub sends.
  ajv.addFormat('email', /^\S+@\S+$/);
  ajv.addFormat('uri-template', true);
  ajv.addSchema({ $id: 'github', components: withNull(document.components) as Schema });
  const compiled = new Map<Schema, ReturnType<Ajv['compile']>>();
  return (schema, value) => {
    const check = compiled.get(schema) ?? ajv.compile(absolute(withNull(schema)) as Schema);
    compiled.set(schema, check);
    const faults = check(value)
      ? []
      : (check.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`.trim());
    return [...faults, ...undeclared(document, { schemas: [schema], value, at: '' })];
  };
}

/** OpenAPI 3.0 says `nullable: true` where JSON Schema says "or null". */
function withNull(node: unknown): unknown {
  if (Array.isArray(node)) return node.map((one) => withNull(one));
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, example: _example, examples: _examples, ...rest } = node as Schema;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withNull(value)]));
  return nullable === true ? { anyOf: [{ type: 'null' }, inner] } : inner;
}

/** References of a schema that stands outside the document point into it. */
function absolute(node: unknown): unknown {
  if (Array.isArray(node)) return node.map((one) => absolute(one));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? `github${value}` : absolute(value),
    ]),
  );
}

type Walk = { schemas: Schema[]; value: unknown; at: string };

/** Every way the description allows at this place, references and alternatives followed. */
function alternatives(document: Document, schemas: readonly Schema[]): Schema[] {
  return schemas.flatMap((schema) => {
    const real = resolve(document, schema) ?? {};
    const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => (real[key] as Schema[] | undefined) ?? []);
    return [real, ...alternatives(document, parts)];
  });
}

function undeclared(document: Document, { schemas, value, at }: Walk): string[] {
  const known = alternatives(document, schemas);
  if (Array.isArray(value)) {
    const items = known.flatMap((schema): Schema[] => (schema['items'] ? [schema['items'] as Schema] : []));
    return value
      .slice(0, 3)
      .flatMap((one) => undeclared(document, { schemas: items, value: one, at: `${at}[]` }));
  }
  if (typeof value !== 'object' || value === null) return [];
  const declared = known.filter((schema) => schema['properties']);
  const open = known.some((schema) => isOpen(schema)) || declared.length === 0;
  if (open) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const places = declared.flatMap((schema): Schema[] => {
      const place = (schema['properties'] as Record<string, Schema>)[key];
      return place ? [place] : [];
    });
    if (places.length === 0) return [`${at}/${key} is not in GitHub's description`];
    return undeclared(document, { schemas: places, value: child, at: `${at}/${key}` });
  });
}

/** Takes any key: says so, or is an object without properties. */
const isOpen = (schema: Schema): boolean =>
  schema['additionalProperties'] === true ||
  typeof schema['additionalProperties'] === 'object' ||
  (schema['type'] === 'object' && !schema['properties'] && !schema['allOf']);
