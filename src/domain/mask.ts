// Secrets and personal data out of texts that get published. Better one word too many than one token.
// It must not change what remains.

type Rule = { pattern: RegExp; replacement: string };

const rules: Rule[] = [
  {
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    replacement: '[private key]',
  },
  { pattern: /\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g, replacement: '[token]' },
  {
    pattern:
      /\b(?:gh[pousr]_|github_pat_|glpat-|sntry[a-z]*_|xox[abeoprs]-|npm_|pypi-|hf_|dop_v1_)[\w.-]{6,}/g,
    replacement: '[token]',
  },
  { pattern: /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[\w-]{12,}/g, replacement: '[token]' },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b|\bAIza[\w-]{20,}/g, replacement: '[token]' },
  { pattern: /\b(bearer|basic|token)\s+[\w+/=.~-]{8,}/gi, replacement: '$1 [token]' },
  {
    pattern:
      /((?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|access[_-]?key|auth(?:orization)?|session(?:[_-]?id)?|cookie|credential)s?["']?\s*[=:]\s*)(?!\[)["']?[^\s"'&,;)\]}]{3,}/gi,
    replacement: '$1[masked]',
  },
  { pattern: /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, replacement: '$1[masked]@' },
  { pattern: /(\b[a-z][a-z0-9+.-]*:\/\/[^\s?#"'<>]*)\?[^\s"'<>)]*/gi, replacement: '$1?[masked]' },
  { pattern: /[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b/gi, replacement: '[email]' },
  { pattern: /\b(?:\d{1,3}\.){3}\d{1,3}\b/g, replacement: '[ip]' },
  {
    pattern: /(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}(?:[0-9a-f]{1,4}|:)(?:[0-9a-f:]*)(?![\w:])/gi,
    replacement: '[ip]',
  },
  { pattern: /\b(?:\d[ -]?){13,16}\b(?=\D|$)/g, replacement: '[number]' },
];

/** Replaces tokens, keys, passwords, mail and IP addresses, card-like numbers and the queries of addresses. */
export function mask(text: string): string {
  return rules.reduce((masked, rule) => masked.replace(rule.pattern, rule.replacement), text);
}

/**
 * A copy of the value with these words masked in every text it holds, however deep; case does not count. For words
 * that a repository wants masked on top of everything above. Gives the value itself for no words.
 */
export function maskWords<T>(value: T, words: readonly string[]): T {
  return words.length === 0 ? value : (masked(value, wordPattern(words)) as T);
}

function wordPattern(words: readonly string[]): RegExp {
  const longestFirst = words.toSorted((left, right) => right.length - left.length);
  const escaped = longestFirst.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  return new RegExp(escaped.join('|'), 'gi');
}

function masked(value: unknown, pattern: RegExp): unknown {
  if (typeof value === 'string') return value.replace(pattern, '[masked]');
  if (Array.isArray(value)) return value.map((item) => masked(item, pattern));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, pattern)]));
}
