// Reads the Link header of a list: is there another page, and under which cursor.
// It must never hand out the address in the header: the server's idea of its own host is not ours.

const longestCursor = 200;

/**
 * The cursor of the next page, or null at the end. `results="true"` decides, not the presence of
 * `rel="next"`; unknown parts and stray semicolons are ignored (reference sentry.md, 4.1).
 */
export function nextCursor(link: string | undefined): string | null {
  for (const part of (link ?? '').split(/,\s*(?=<)/)) {
    const { address, values } = readPart(part);
    if (values['rel'] !== 'next' || values['results'] !== 'true') continue;
    return usableCursor(values['cursor'] ?? cursorOf(address));
  }
  return null;
}

function readPart(part: string): { address: string; values: Record<string, string> } {
  const [, address = '', rest = ''] = /^\s*<([^>]*)>(.*)$/s.exec(part) ?? [];
  const pairs = rest.matchAll(/;\s*([\w-]+)\s*=\s*"?([^";]*)"?/g);
  const values = Object.fromEntries(
    [...pairs].map(([, name, value]) => [name?.toLowerCase(), value?.trim()]),
  );
  return { address, values };
}

/** Some servers say the cursor in the address only. */
function cursorOf(address: string): string | null {
  return new URLSearchParams(address.split('?', 2)[1] ?? '').get('cursor');
}

function usableCursor(cursor: string | null | undefined): string | null {
  return cursor && cursor.length <= longestCursor ? cursor : null;
}
