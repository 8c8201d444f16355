// Reads JSON as compilers' configuration files have it: with comments and trailing commas.
// It must not throw: what cannot be read is null.

/** The value, or null. Strings are kept as they are, whatever they contain. */
export function looseJson(text: string): unknown {
  return parsed(text) ?? parsed(withoutComments(text));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function withoutComments(text: string): string {
  const tokens = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=\s*[}\]])/g;
  return text.replaceAll(tokens, (token) => (token.startsWith('"') ? token : ' '));
}
