// Numbers about what is unresolved and about our own record, as people read them.

import MarkdownIt from 'markdown-it';
import { expect, it } from 'vitest';
import { statsOf } from '../../src/domain/record/stats.ts';
import { statsText } from '../../src/domain/record/stats-text.ts';
import { binding, fix, now, problem, pull, viewOf } from './triage-samples.ts';

const hour = 60 * 60 * 1000;
const passed = { state: 'passed' as const, detail: 'all passed' };
const merged = { ...pull, state: 'merged' as const, verdict: passed };
const resolution = { at: now, how: 'in-next-release' as const, note: null };

it('count what is there and what was done', () => {
  const fixes = [
    fix('8', { proposedAt: now - hour + 10 * 60_000, pull: merged, resolution }),
    fix('9', { proposedAt: now - hour + 30 * 60_000, pull: merged, resolution }),
    fix('3', { ending: { kind: 'refused', reason: 'No.', at: now } }),
  ];
  const view = viewOf(
    [
      problem('1', { platform: 'rust', count: 1, firstSeen: now - hour }),
      problem('2', { level: 'warning', count: 1_500 }),
      problem('3', { platform: '"evil"] --> x' }),
      problem('9', { substatus: 'regressed' }),
    ],
    fixes,
  );
  expect(view.binding).toBe(binding);
  const text = statsText(statsOf(view, fixes, now));
  expect(text).toMatchInlineSnapshot(`
    "**4 unresolved**, 3 active, 1 hidden as noise.

    | How often | Sentry issues |
    |---|--:|
    | once | 1 |
    | 2 to 9 times | 0 |
    | 10 to 99 times | 2 |
    | 100 to 999 times | 0 |
    | 1000 times or more | 1 |

    \`\`\`mermaid
    pie showData
      title How often
      "once" : 1
      "10 to 99 times" : 2
      "1000 times or more" : 1
    \`\`\`

    | By level | Sentry issues |
    |---|--:|
    | error | 3 |
    | warning | 1 |

    \`\`\`mermaid
    pie showData
      title By level
      "error" : 3
      "warning" : 1
    \`\`\`

    | By platform | Sentry issues |
    |---|--:|
    | node | 2 |
    | "evil"\\] --&gt; x | 1 |
    | rust | 1 |

    \`\`\`mermaid
    pie showData
      title By platform
      "node" : 2
      "evil   --  x" : 1
      "rust" : 1
    \`\`\`

    | Known for | Sentry issues |
    |---|--:|
    | less than a day | 1 |
    | less than a week | 3 |
    | less than a month | 0 |
    | older | 0 |

    \`\`\`mermaid
    pie showData
      title Known for
      "less than a day" : 1
      "less than a week" : 3
    \`\`\`

    | My record | |
    |---|--:|
    | fixed and resolved | 2 |
    | pull request open or merged | 0 |
    | left to a person | 1 |
    | archived | 0 |
    | came back after a fix | 1 |
    | median time from tick to pull request | 20 min |"
  `);
  const html = new MarkdownIt().render(text);
  expect(html.match(/<table>/g)?.length).toBe(5);
});
