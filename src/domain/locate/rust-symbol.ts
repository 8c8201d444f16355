// Reads a demangled Rust symbol: crate, modules, type and function, whatever the mangling left in it.
// It must not look at files.

export type RustSymbol = {
  crate: string;
  /** Modules between the crate and the item, types excluded. */
  modules: string[];
  /** The function's own name; null when only closures are left. */
  name: string | null;
};

const longestSymbol = 1024;

/**
 * Shapes of reference sentry.md, 7.3: `a::b::f`, `a::b::f::{{closure}}` and `{closure#0}`, `<a::T as
 * b::Trait>::f`, `a::b::_<impl …>::f`, `a::{{impl}}::f`, hashes, generics. Null when it is no Rust path.
 */
export function rustSymbol(symbol: string): RustSymbol | null {
  if (symbol.length > longestSymbol || !/::|^_<.*\.\./.test(symbol)) return null;
  const bare = symbol
    .replace(/::h[0-9a-f]{16}$/, '')
    .replaceAll(/\[[0-9a-f]{8,}\]/g, '')
    .replace(/^_</, '<');
  const subject = bare.startsWith('<') ? subjectOf(bare) : bare;
  const parts = withoutGenerics(subject)
    .split('::')
    .map((part) => part.trim())
    .filter((part) => /^\w+$/.test(part) && part !== '_');
  const [crate, ...rest] = parts;
  if (crate === undefined || /^[A-Z0-9]/.test(crate)) return null;
  const end = rest.findIndex((part) => /^[A-Z]/.test(part));
  const modules = end < 0 ? rest.slice(0, -1) : rest.slice(0, end);
  return { crate, modules, name: lastFunction(rest) };
}

/** `<a::T as b::Trait>::f` and `<impl b::Trait for a::T>::f` speak of a::T; what follows is kept. */
function subjectOf(symbol: string): string {
  const end = closing(symbol);
  const inside = symbol.slice(1, end).replace(/^impl\b(?:.*\bfor\s+)?/, '');
  const type = inside.replace(/\s+as\s+.*$/s, '').replace(/^(?:&|\*|dyn |mut |const |'\w+ )+/, '');
  return `${type.replaceAll('..', '::')}${symbol.slice(end + 1)}`;
}

/** Where the bracket that opens the text closes; the end when it does not. */
function closing(symbol: string): number {
  let depth = 0;
  for (let at = 0; at < symbol.length; at += 1) {
    if (symbol[at] === '<') depth += 1;
    if (symbol[at] === '>' && symbol[at - 1] !== '-') depth -= 1;
    if (depth === 0) return at;
  }
  return symbol.length;
}

function withoutGenerics(path: string): string {
  let depth = 0;
  let kept = '';
  for (let at = 0; at < path.length; at += 1) {
    const character = path[at];
    if (character === '<') depth += 1;
    else if (character === '>' && path[at - 1] !== '-') depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += character;
  }
  return kept;
}

function lastFunction(parts: readonly string[]): string | null {
  return parts.findLast((part) => /^[a-z_]/.test(part) && part !== 'closure') ?? null;
}
