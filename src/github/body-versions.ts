// Who edited the body of an issue or a comment, and to what: GitHub tells it by GraphQL only (reference github.md, 3.2).
// It must not guess: an edit whose text GitHub has forgotten has none.

import { z } from 'zod';
import { Bug } from '../domain/failure.ts';
import type { BodyVersion } from '../domain/triage/edit-history.ts';
import type { CodeHost } from '../ports.ts';
import type { Calls } from './calls.ts';
import { moment } from './shapes.ts';

const edits =
  'userContentEdits(first: 100) { nodes { editor { login __typename } editedAt deletedAt diff } }';

const issueQuery = `query ($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) { ${edits} }
  }
}`;

const commentQuery = `query ($id: ID!) { node(id: $id) { ... on IssueComment { ${edits} } } }`;

const edit = z
  .object({
    editor: z.object({ login: z.string(), __typename: z.string() }).nullish(),
    editedAt: moment,
    deletedAt: z.string().nullish(),
    diff: z.string().nullish(),
  })
  .transform(({ editor, editedAt: at, deletedAt, diff }): BodyVersion => {
    const kind = editor?.__typename === 'User' ? 'human' : editor?.__typename === 'Bot' ? 'bot' : 'other';
    return { editor: { login: editor?.login ?? 'ghost', kind }, at, body: deletedAt ? null : (diff ?? null) };
  });

const edited = z
  .object({ userContentEdits: z.object({ nodes: z.array(edit) }).nullish() })
  .transform(({ userContentEdits }) => userContentEdits?.nodes.toReversed() ?? null);

const issueAnswer = z
  .object({ repository: z.object({ issue: edited }) })
  .transform(({ repository }) => repository.issue);
const commentAnswer = z.object({ node: edited.nullable() }).transform(({ node }) => node);

const named = z.object({ node_id: z.string().min(1) });

/** GitHub lists the newest first. Null when it gives no history. */
export function createBodyVersions(calls: Calls): Pick<CodeHost, 'readBodyVersions' | 'readCommentVersions'> {
  return {
    readBodyVersions: (repo, number) =>
      calls.run(repo, `read who edited #${number}`, async (client, { owner, repo: name }) => {
        return readAnswer(
          issueAnswer,
          await client.graphql(issueQuery, { owner, name, number }),
          `issue ${number}`,
        );
      }),

    readCommentVersions: async (repo, commentId) =>
      calls.find(repo, `read who edited comment ${commentId}`, async (client, place) => {
        const { data } = await client.rest.issues.getComment({ ...place, comment_id: commentId });
        const { node_id: id } = named.parse(data);
        return readAnswer(commentAnswer, await client.graphql(commentQuery, { id }), `comment ${commentId}`);
      }),
  };
}

function readAnswer(
  shape: z.ZodType<BodyVersion[] | null>,
  data: unknown,
  what: string,
): BodyVersion[] | null {
  const read = shape.safeParse(data);
  if (!read.success) throw new Bug(`GitHub's history of ${what} is not in the form Suture knows.`);
  return read.data;
}
