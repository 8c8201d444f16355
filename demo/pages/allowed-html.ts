// Which HTML inside Markdown reaches a page: a handful of tags without attributes; all else becomes text.
// What a body opens it also closes, so that no body can change the page around it.

import { escapeHtml } from './html.ts';

const allowed = new Set('details summary sub sup code kbd br table thead tbody tr th td'.split(' '));

/** Holds what is open while one body is rendered, from its first piece of HTML to its last. */
export class AllowedHtml {
  readonly #open: string[] = [];

  /** The piece with only what is allowed. Comments vanish. */
  clean(piece: string): string {
    return piece.replace(
      /<!--[\s\S]*?-->|<(\/?)([a-z]+)([^<>]*)>|[<>]/gi,
      (found: string, slash: string | undefined, name: string | undefined) => {
        if (found.startsWith('<!--')) return '';
        const tag = name?.toLowerCase() ?? '';
        if (!allowed.has(tag)) return escapeHtml(found);
        return slash === '/' ? this.#close(tag) : this.#begin(tag);
      },
    );
  }

  /** What is still open, closed. */
  end(): string {
    return this.#open
      .splice(0)
      .toReversed()
      .map((tag) => `</${tag}>`)
      .join('');
  }

  #begin(tag: string): string {
    if (tag !== 'br') this.#open.push(tag);
    return `<${tag}>`;
  }

  #close(tag: string): string {
    const at = this.#open.lastIndexOf(tag);
    if (at < 0) return '';
    return this.#open
      .splice(at)
      .toReversed()
      .map((open) => `</${open}>`)
      .join('');
  }
}
