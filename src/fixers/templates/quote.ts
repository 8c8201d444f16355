// Code as it is quoted in sentences.
// It must stay on one line and never hold a backtick: sentences put it between two.

import type { Node } from 'ts-morph';

/** Code for a sentence: call arguments shortened, one line, no backticks. */
export function shortCode(node: Node): string {
  const text = node
    .getText()
    .replace(/[`\s]+/g, ' ')
    .replace(/ (?=\??\.\w)/g, '')
    .replace(/(?<=[\w$>\])])\((?:[^()]|\((?:[^()]|\([^()]*\))*\))+\)/g, '(...)');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
