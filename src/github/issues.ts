// Issues, their comments and labels. It must not decide what is written; a creation is sent exactly once.

import type { CodeHost, HostIssue } from '../ports.ts';
import { createBodyVersions } from './body-versions.ts';
import type { Calls } from './calls.ts';
import { commentShape, issueShape } from './shapes.ts';

const PAGE = 100;

export type IssueMethods = Pick<
  CodeHost,
  | 'listIssues'
  | 'readIssue'
  | 'createIssue'
  | 'updateIssue'
  | 'ensureLabel'
  | 'listComments'
  | 'comment'
  | 'updateComment'
  | 'react'
  | 'readBodyVersions'
  | 'readComment'
  | 'readCommentVersions'
>;

/** The issue part of the CodeHost port (ports.ts). Pull requests, which GitHub lists as issues, are left out. */
export function createIssues(calls: Calls): IssueMethods {
  return {
    listIssues: (repo, label, state) =>
      calls.run(repo, `list the issues with the label "${label}"`, async (client, place) => {
        const parameters = { ...place, labels: label, state, per_page: PAGE };
        const all = await client.paginate(client.rest.issues.listForRepo, parameters);
        return all
          .map((entry) => issueShape.parse(entry))
          .flatMap(({ issue, isPull }) => (isPull ? [] : [issue]));
      }),

    readIssue: (repo, number) =>
      calls.find(repo, `read issue #${number}`, async (client, place) =>
        toIssue(await client.rest.issues.get({ ...place, issue_number: number })),
      ),

    createIssue: (repo, issue) =>
      calls.run(repo, 'open an issue', async (client, place) =>
        toIssue(await client.rest.issues.create({ ...place, ...issue })),
      ),

    updateIssue: (repo, number, change) =>
      calls.run(repo, `change issue #${number}`, async (client, place) =>
        toIssue(await client.rest.issues.update({ ...place, ...change, issue_number: number })),
      ),

    ...createBodyVersions(calls),
    ...createComments(calls),
    ensureLabel: createEnsureLabel(calls),
  };
}

function createComments(
  calls: Calls,
): Pick<CodeHost, 'listComments' | 'readComment' | 'comment' | 'updateComment' | 'react'> {
  return {
    readComment: (repo, commentId) =>
      calls.find(repo, `read comment ${commentId}`, async (client, place) => {
        const { data } = await client.rest.issues.getComment({ ...place, comment_id: commentId });
        return commentShape.parse(data);
      }),

    listComments: (repo, number) =>
      calls.run(repo, `read the comments on #${number}`, async (client, place) => {
        const parameters = { ...place, issue_number: number, per_page: PAGE };
        const all = await client.paginate(client.rest.issues.listComments, parameters);
        return all.map((entry) => commentShape.parse(entry));
      }),

    comment: (repo, number, body) =>
      calls.run(repo, `comment on #${number}`, async (client, place) => {
        const { data } = await client.rest.issues.createComment({ ...place, issue_number: number, body });
        return commentShape.parse(data);
      }),

    updateComment: (repo, commentId, body) =>
      calls.run(repo, `change comment ${commentId}`, async (client, place) => {
        await client.rest.issues.updateComment({ ...place, comment_id: commentId, body });
      }),

    /** Repeating a reaction is answered with the one that is there. */
    react: (repo, commentId, reaction) =>
      calls.run(repo, `react to comment ${commentId}`, async (client, place) => {
        const parameters = { ...place, comment_id: commentId, content: reaction };
        await client.rest.reactions.createForIssueComment(parameters);
      }),
  };
}

/** A label that is there is left as it is: people may have given it another colour or description. */
function createEnsureLabel(calls: Calls): CodeHost['ensureLabel'] {
  return async (repo, label) => {
    const look = () =>
      calls.find(repo, `look for the label "${label.name}"`, async (client, place) => {
        await client.rest.issues.getLabel({ ...place, name: label.name });
        return true;
      });
    if ((await look()) === true) return;
    const color = label.color.replace(/^#/, '');
    try {
      await calls.run(repo, `create the label "${label.name}"`, (client, place) =>
        client.rest.issues.createLabel({ ...place, ...label, color }),
      );
    } catch (error) {
      // Another process may have been quicker.
      if ((await look()) !== true) throw error;
    }
  };
}

function toIssue(answer: { data: unknown }): HostIssue {
  return issueShape.parse(answer.data).issue;
}
