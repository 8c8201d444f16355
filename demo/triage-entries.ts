// Reads the triage issue as a person does: which problem stands under which heading, and with which words.
// It knows no mark and no database; what people cannot see it cannot say.

export type Entry = {
  /** The heading it stands under, such as `Waiting for you`. */
  group: string;
  /** `null` where the line has no box. */
  ticked: boolean | null;
  /** Markdown of the line and of what is indented below it, without the short id. */
  text: string;
};

const heading = /^(?:#+ |<details><summary>)([^(<]+?)\s*(?:\(\d+\))?(?:<\/summary>)?$/;
const item = /^- (?:\[([ xX])\] )?\*\*([^*]+)\*\*(?: · )?(.*)$/;

/** Every problem of that body by its short id. */
export function readEntries(body: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  let group = '';
  let current: Entry | null = null;
  for (const line of body.replaceAll('\r\n', '\n').split('\n')) {
    const [, title] = heading.exec(line) ?? [];
    const [, mark, shortId, text] = item.exec(line) ?? [];
    if (title !== undefined) group = title;
    if (shortId !== undefined) {
      current = { group, ticked: mark === undefined ? null : mark !== ' ', text: text ?? '' };
      entries.set(shortId, current);
    } else if (current && /^\s+\S/.test(line)) current.text += `\n${line}`;
    else if (line.trim() !== '') current = null;
  }
  return entries;
}

/** The entry's words without marks and markup, for a terminal: its first line only. */
export function firstLine(entry: Entry): string {
  const line = entry.text.split('\n')[0] ?? '';
  return line
    .replace(/<!--.*?-->/g, '')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/&#8203;|\\(?=[\\`*_[\]~])|\*\*/g, '')
    .trim();
}
