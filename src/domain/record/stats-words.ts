// Names in a chart: Mermaid has no way to escape, so they become plain words.

export function plainWords(text: string): string {
  return (
    text
      .replace(/[^\p{L}\p{N} .+-]/gu, ' ')
      .trim()
      .slice(0, 40) || 'unnamed'
  );
}
