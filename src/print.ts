// What the commands print on a terminal when nobody asked for JSON.

import type { Finding } from './doctor.ts';
import type { LocalFix } from './local.ts';

/** ✓ or ✗ per check, and under a ✗ what mends it. */
export function findingsText(findings: readonly Finding[]): string {
  return findings
    .map(({ check, ok, detail }) =>
      ok ? `✓ ${check}: ${oneLine(detail)}` : `✗ ${check}\n    ${oneLine(detail)}`,
    )
    .join('\n');
}

export function fixText(result: LocalFix): string {
  return [
    ...result.diagnosis.map((sentence) => `- ${sentence}`),
    '',
    ...tableText(result.ladder.map((step) => [step.step, step.result, step.detail])),
    '',
    result.outcome === 'fixed' ? result.diff : `${result.outcome}: ${result.reason ?? ''}`,
  ].join('\n');
}

function tableText(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map(oneLine));
  const widths = (clean[0] ?? []).map((_, column) =>
    Math.max(...clean.map((row) => row[column]?.length ?? 0)),
  );
  return clean.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** A terminal obeys control characters; text of events must not reach it with any. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}
