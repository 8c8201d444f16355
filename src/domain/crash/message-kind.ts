// What an exception's message says happened, with the names in it and without the values.
// Engines word the same mistake differently: two messages of one kind mean the same crash.

export type MessageKind = {
  /** `absence`, `not-json`, …, or the message itself with its values blanked out. */
  kind: string;
  /** `undefined` or `null`, when the message says which. */
  value: string | null;
  /** The property that was asked for, when the message names it. */
  property: string | null;
};

type Rule = { kind: string; pattern: RegExp };

/** First match wins. Named groups: `value`, `property`. */
const rules: readonly Rule[] = [
  {
    kind: 'not-iterable',
    pattern:
      /is not iterable|Symbol\(Symbol\.iterator\)|^Spread syntax requires|return value is not iterable/,
  },
  {
    kind: 'absence',
    pattern:
      /^Cannot (?:read|set) properties of (?<value>undefined|null)(?: \((?:reading|setting) '(?<property>[^']+)'\))?/,
  },
  {
    kind: 'absence',
    pattern: /^Cannot (?:read|set) property '(?<property>[^']+)' of (?<value>undefined|null)/,
  },
  {
    kind: 'absence',
    pattern:
      /^Cannot destructure (?:property '(?<property>[^']+)' of )?'.+' as it is (?<value>undefined|null)/,
  },
  {
    kind: 'absence',
    pattern: /^can't access property "(?<property>[^"]+)"(?:, .+ is| of) (?<value>undefined|null)/,
  },
  {
    kind: 'absence',
    pattern: /^(?<value>undefined|null) is not an object(?: \(evaluating '.*?(?:\.(?<property>[\w$]+))?'\))?/,
  },
  { kind: 'not-a-function', pattern: /is not a function/ },
  { kind: 'absence', pattern: /^\S+ is (?<value>undefined|null)$/ },
  { kind: 'not-searchable', pattern: /^Cannot use 'in' operator|right-hand side of 'in' should be/i },
  { kind: 'empty-reduce', pattern: /reduce of empty array with no initial value/i },
  {
    kind: 'not-json',
    pattern:
      /\bin JSON\b|is not valid JSON|^Unexpected (?:token|end of JSON|string|number)\b|^JSON\.parse: |^JSON Parse error: /,
  },
  { kind: 'index', pattern: /^(?:index out of bounds: the len is|range (?:start|end) index) / },
  { kind: 'char-boundary', pattern: /is not a char boundary/ },
  { kind: 'none', pattern: /^called `Option::unwrap\(\)` on a `None` value/ },
  { kind: 'err', pattern: /^called `Result::unwrap\(\)` on an `Err` value/ },
];

/** Reads the first line of a message. */
export function messageKind(message: string): MessageKind {
  const text = message.split('\n', 1)[0]?.slice(0, 500).trim() ?? '';
  for (const { kind, pattern } of rules) {
    const found = pattern.exec(text);
    if (found)
      return { kind, value: found.groups?.['value'] ?? null, property: found.groups?.['property'] ?? null };
  }
  return { kind: withoutValues(text), value: null, property: null };
}

/** Whether two messages tell of one mistake; what only one of them says does not count. */
export function sameKind(one: MessageKind, other: MessageKind): boolean {
  return one.kind === other.kind && agree(one.value, other.value) && agree(one.property, other.property);
}

function agree(left: string | null, right: string | null): boolean {
  return left === null || right === null || left === right;
}

function withoutValues(text: string): string {
  return text
    .replace(/'[^']*'|"[^"]*"|`[^`]*`/g, '…')
    .replace(/\d+(?:\.\d+)?/g, 'N')
    .replace(/\s+/g, ' ')
    .slice(0, 200);
}
