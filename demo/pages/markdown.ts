// Markdown of issues, pull requests and comments as GitHub shows it: tables, line breaks, task boxes, little HTML.
// Bodies are hostile text: nothing in them may run, load or reach out.

import MarkdownIt, { type StateCore, type Token } from 'markdown-it';
import { AllowedHtml } from './allowed-html.ts';
import { escapeHtml, trusted, type Html } from './html.ts';
import { taskOf } from './tasks.ts';

/** `form` is the id of the form that the boxes belong to; without one they cannot be changed. */
export type MarkdownOptions = { form?: string };

type Env = { allowed: AllowedHtml; form: string | null };

const md = new MarkdownIt({ html: true, linkify: true, breaks: true });
md.disable('image');
md.core.ruler.after('inline', 'tasks', markTasks);
md.renderer.rules['html_block'] = (tokens, index, _options, env) => clean(tokens[index], env);
md.renderer.rules['html_inline'] = (tokens, index, _options, env) => clean(tokens[index], env);
md.renderer.rules['task'] = (tokens, index, _options, env) => box(tokens[index], env);
md.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
  tokens[index]?.attrSet('rel', 'nofollow noopener');
  return self.renderToken(tokens, index, options);
};

/** Alignment as an attribute: the pages allow no style of a body's own. */
for (const cell of ['th_open', 'td_open'])
  md.renderer.rules[cell] = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    const side = /text-align:(\w+)/.exec(String(token?.attrGet('style')))?.[1];
    if (token && side) token.attrs = [['align', side]];
    return self.renderToken(tokens, index, options);
  };

export function renderMarkdown(text: string, options: MarkdownOptions = {}): Html {
  const env: Env = { allowed: new AllowedHtml(), form: options.form ?? null };
  const content = md.render(text.replaceAll('\r\n', '\n'), env);
  return trusted(`<div class="markdown">${content}${env.allowed.end()}</div>`);
}

function clean(token: Token | undefined, env: unknown): string {
  return (env as Env).allowed.clean(token?.content ?? '');
}

/** Turns the head of a list item that is a task into a token of its own. */
function markTasks(state: StateCore): void {
  const lines = state.src.split('\n');
  for (const [index, token] of state.tokens.entries()) {
    const inline = state.tokens[index + 2];
    if (token.type !== 'list_item_open' || inline?.type !== 'inline') continue;
    const task = taskOf(lines[token.map?.[0] ?? -1] ?? '');
    const first = inline.children?.[0];
    if (!task || first?.type !== 'text') continue;
    token.attrJoin('class', 'task');
    first.content = first.content.replace(/^\[[ xX]\] /, '');
    const boxToken = new state.Token('task', 'input', 0);
    boxToken.meta = { ...task, label: plainText(inline.children ?? []) } satisfies Box;
    inline.children?.unshift(boxToken);
  }
}

function plainText(tokens: readonly Token[]): string {
  return tokens
    .filter((token) => token.type === 'text' || token.type === 'code_inline')
    .map((token) => token.content)
    .join('')
    .trim();
}

type Box = { id: string; ticked: boolean; label: string };

function box(token: Token | undefined, env: unknown): string {
  if (!token) return '';
  const { id, ticked, label } = token.meta as Box;
  const { form } = env as Env;
  const named = `aria-label="${escapeHtml(label)}"${ticked ? ' checked' : ''}`;
  if (form === null) return `<input type="checkbox" disabled ${named}>`;
  return (
    `<input type="checkbox" id="task-${id}" name="ticked" value="${id}" form="${form}" ${named}>` +
    `<input type="hidden" name="shown" value="${id}" form="${form}">`
  );
}
