// The texts of the demo's pages: what Markdown of hostile bodies becomes, how boxes are ticked, what entries say.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../demo/pages/markdown.ts';
import { setTasks, taskOf } from '../../demo/pages/tasks.ts';
import { readEntries } from '../../demo/triage-entries.ts';

const inner = (text: string): string =>
  renderMarkdown(text)
    .text.replace(/^<div class="markdown">|<\/div>$/g, '')
    .trim();

describe('Markdown on the pages', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['a <img src=x onerror=alert(1)> b', '<p>a &lt;img src=x onerror=alert(1)&gt; b</p>'],
    ['a <sub onclick="x()">b</sub>', '<p>a <sub>b</sub></p>'],
    ['a <kbd>b', '<p>a <kbd>b</p>\n</kbd>'],
    ['a</sub> b', '<p>a b</p>'],
    ['<!-- suture:tick 1 a -->\nb', '<p>b</p>'],
    ['[a](javascript:alert(1))', '<p>[a](javascript:alert(1))</p>'],
    ['![a](http://x.example/)', '<p>!<a href="http://x.example/" rel="nofollow noopener">a</a></p>'],
    ['one\ntwo', '<p>one<br>\ntwo</p>'],
  ])('%s', (text, expected) => {
    expect(inner(text)).toBe(expected);
  });

  it('closes a table that a body leaves open, so that the page around it stays whole', () => {
    expect(inner('<table><tr><td>\n\na')).toBe('<table><tr><td>\n<p>a</p>\n</td></tr></table>');
  });

  it('lets no tag through but the few it knows, whatever the text', () => {
    const known =
      /^<\/?(?:div|p|br|hr|h[1-6]|ul|ol|li|pre|code|em|strong|s|a|blockquote|table|thead|tbody|tr|th|td|details|summary|sub|sup|kbd|input)(?: (?:class|href|rel|title|align|start|type|disabled|checked|aria-label)(?:="[^"<>]*")?)*>$/;
    const marks = [
      '<',
      '>',
      '"',
      "'",
      '`',
      '<!--',
      '-->',
      '</',
      '&lt;',
      '\n',
      '\n\n',
      '- [ ] ',
      '|',
      '|-|',
      '](',
    ];
    const words = [
      '[',
      'script',
      'img src=x onerror=y',
      'details',
      'table',
      'a href=',
      'javascript:',
      ' x',
      '<b>',
    ];
    const piece = fc.constantFrom(...marks, ...words);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const tags = renderMarkdown(pieces.join('')).text.match(/<[^>]*>/g) ?? [];
        expect(tags.filter((tag) => !known.test(tag))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('shows a task as a box that belongs to the form, named by its words', () => {
    const text = renderMarkdown('- [x] **S-1** · a `b` <!-- unseen -->', { form: 'tasks' }).text;
    expect(text).toMatch(/<input type="checkbox" id="task-\w{16}" name="ticked" value="\w{16}" form="tasks"/);
    expect(text).toContain('aria-label="S-1 · a b" checked>');
    expect(text).not.toContain('unseen');
    expect(renderMarkdown('- [ ] a').text).toContain('<input type="checkbox" disabled aria-label="a">');
  });
});

const id = (line: string): string => taskOf(line)?.id ?? '';

describe('ticking', () => {
  const body = 'x\n- [ ] a\n- [x] b\n- [ ] c';

  it('changes the named boxes and nothing else', () => {
    const wishes = new Map([
      [id('- [ ] a'), true],
      [id('- [ ] b'), false],
      ['gone', true],
    ]);
    expect(setTasks(body, wishes)).toBe('x\n- [x] a\n- [ ] b\n- [ ] c');
  });

  it('knows a box by its words, ticked or not', () => {
    expect(id('- [x] a')).toBe(id('- [ ] a'));
    expect(id('- [ ] a')).not.toBe(id('- [ ] a changed'));
    expect(taskOf('a - [ ] b')).toBeNull();
  });
});

describe('entries of the triage issue', () => {
  it('are read with their heading, their box and all that is said', () => {
    const body = [
      '### Waiting for you',
      '',
      '- [ ] **S-1** · one <!-- mark -->',
      '### Needs a person',
      '',
      '- **S-2** · because',
      '  <details><summary>What I found</summary>',
      '',
      '  words',
      '  </details>',
      '',
      '<details><summary>Done (1)</summary>',
      '',
      '- **S-3** · fixed',
    ].join('\r\n');
    expect(Object.fromEntries(readEntries(body))).toMatchInlineSnapshot(`
      {
        "S-1": {
          "group": "Waiting for you",
          "text": "one <!-- mark -->",
          "ticked": false,
        },
        "S-2": {
          "group": "Needs a person",
          "text": "because
        <details><summary>What I found</summary>
        words
        </details>",
          "ticked": null,
        },
        "S-3": {
          "group": "Done",
          "text": "fixed",
          "ticked": null,
        },
      }
    `);
  });
});
