// The part of a CI job's log that tells why it failed. It takes hostile text and gives less of it.

const mostBefore = 60;

/** Without the times before each line and the terminal's colours; up to the last error, where the log marks one. */
export function failureTail(log: string, max: number): string {
  const lines = log.split(/\r?\n/).map(bare);
  const last = lines.findLastIndex((line) => line.startsWith('##[error]'));
  const end = last < 0 ? lines.length : last + 1;
  const shown = lines.slice(Math.max(0, end - mostBefore), end).map((line) => line.replace(/^##\[\w+\]/, ''));
  return Array.from(shown.join('\n').trim()).slice(-max).join('');
}

const colours = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, 'g');

function bare(line: string): string {
  return line.replace(/^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z ?/, '').replaceAll(colours, '');
}
