// Who edited an issue's body, and to what: GitHub tells it by GraphQL only (reference github.md, 3.2).
// It must not guess: an edit whose text GitHub has forgotten has none.

import { z } from 'zod';
import { Bug } from '../domain/failure.ts';
import type { BodyVersion } from '../domain/edit-history.ts';
import type { CodeHost } from '../ports.ts';
import type { Calls } from './calls.ts';
import { moment } from './shapes.ts';

const query = `query ($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      userContentEdits(first: 100) { nodes { editor { login __typename } editedAt deletedAt diff } }
    }
  }
}`;

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

const answer = z.object({
  repository: z.object({
    issue: z.object({ userContentEdits: z.object({ nodes: z.array(edit) }).nullish() }),
  }),
});

/** GitHub lists the newest first. Null when it gives no history. */
export function createReadBodyVersions(calls: Calls): CodeHost['readBodyVersions'] {
  return (repo, number) =>
    calls.run(repo, `read who edited #${number}`, async (client) => {
      const { owner, name } = repo;
      const read = answer.safeParse(await client.graphql(query, { owner, name, number }));
      if (!read.success)
        throw new Bug(`GitHub's history of issue ${number} is not in the form Suture knows.`);
      return read.data.repository.issue.userContentEdits?.nodes.toReversed() ?? null;
    });
}
