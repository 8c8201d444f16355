// Addresses that end up in Markdown: only plain web addresses, only in a form that cannot leave its link.

/** The address when it is http(s) and short enough, with what could end a link encoded; else null. */
export function safeUrl(url: string): string | null {
  if (!/^https?:\/\/[\w.:[\]-]+(?:\/|$)/.test(url) || url.length > 2_000) return null;
  return url.replace(/[\s<>()[\]\\"'`|]/g, (character) => encodeURIComponent(character).replace("'", '%27'));
}

/** `[text](url)`, or the text alone when the address is not one. `text` must be inert already. */
export function link(text: string, url: string): string {
  const safe = safeUrl(url);
  return safe === null ? text : `[${text}](${safe})`;
}
