// Fills in what only a run knows: `{model-url}` and the like in commands, variables and files.

export type Filling = {
  'model-url': string;
  'model-key': string;
  /** Null where the operator named none. */
  model: string | null;
  home: string;
  dir: string;
};

const place = /\{(model-url|model-key|model|home|dir)\}/g;

export function fill(text: string, filling: Filling): string {
  return text.replaceAll(place, (_, name: string) => filling[name as keyof Filling] ?? '');
}

/** A variable that is nothing but the model is left out where there is none. */
export function fillAll(texts: Readonly<Record<string, string>>, filling: Filling): Record<string, string> {
  const known = Object.entries(texts).filter(([, text]) => text !== '{model}' || filling.model !== null);
  return Object.fromEntries(known.map(([name, text]) => [name, fill(text, filling)]));
}
