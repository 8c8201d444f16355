// Reads the plain string values of a TOML file: enough for the names in a manifest.
// It must not pretend to be a TOML parser: multi-line values and inline tables are passed over.

export type TomlValues = {
  /** Every value at `table.key`, in order; arrays of tables give several. */
  all(name: string): readonly string[];
};

export function tomlValues(text: string): TomlValues {
  const values = new Map<string, string[]>();
  let table = '';
  for (const line of text.split('\n')) {
    const header = /^\s*\[\[?\s*([\w."-]+)\s*\]\]?/.exec(line)?.[1];
    if (header !== undefined) table = header;
    const pair = /^\s*([\w.-]+)\s*=\s*(?:"([^"\\]*)"|'([^']*)')/.exec(line);
    if (!pair) continue;
    const name = table === '' ? `${pair[1]}` : `${table}.${pair[1]}`;
    values.set(name, [...(values.get(name) ?? []), pair[2] ?? pair[3] ?? '']);
  }
  return { all: (name) => values.get(name) ?? [] };
}
