// The part of GitHub's GraphQL schema that is served: whatever stands here is answered, and nothing else may be asked.
// A test compares every line with the schema that GitHub publishes.

export const servedSchema = `
scalar DateTime
scalar GitObjectID
scalar URI

interface Node { id: ID! }
interface Actor { login: String! }

type User implements Actor & Node { id: ID!  login: String! }
type Bot implements Actor & Node { id: ID!  login: String! }

type Query {
  node(id: ID!): Node
  repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
}

type Mutation {
  deleteIssue(input: DeleteIssueInput!): DeleteIssuePayload
  markPullRequestReadyForReview(
    input: MarkPullRequestReadyForReviewInput!
  ): MarkPullRequestReadyForReviewPayload
}

input DeleteIssueInput { clientMutationId: String  issueId: ID! }
type DeleteIssuePayload { clientMutationId: String  repository: Repository }

input MarkPullRequestReadyForReviewInput { clientMutationId: String  pullRequestId: ID! }
type MarkPullRequestReadyForReviewPayload { clientMutationId: String  pullRequest: PullRequest }

type Repository implements Node {
  id: ID!
  nameWithOwner: String!
  issue(number: Int!): Issue
  pullRequest(number: Int!): PullRequest
}

type Issue implements Node {
  id: ID!
  number: Int!
  userContentEdits(first: Int, last: Int): UserContentEditConnection
}

type IssueComment implements Node {
  id: ID!
  userContentEdits(first: Int, last: Int): UserContentEditConnection
}

type UserContentEditConnection { nodes: [UserContentEdit]  totalCount: Int! }
type UserContentEdit {
  createdAt: DateTime!
  deletedAt: DateTime
  diff: String
  editedAt: DateTime!
  editor: Actor
}

enum PullRequestState { CLOSED MERGED OPEN }
enum MergeableState { CONFLICTING MERGEABLE UNKNOWN }

type PullRequest implements Node {
  baseRefName: String!
  baseRefOid: GitObjectID!
  commits(first: Int, last: Int): PullRequestCommitConnection!
  headRefName: String!
  headRefOid: GitObjectID!
  id: ID!
  isDraft: Boolean!
  mergeable: MergeableState!
  number: Int!
  state: PullRequestState!
  title: String!
  updatedAt: DateTime!
  url: URI!
}

type PageInfo { hasNextPage: Boolean!  hasPreviousPage: Boolean! }

type PullRequestCommitConnection { nodes: [PullRequestCommit]  pageInfo: PageInfo! }
type PullRequestCommit { commit: Commit! }
type Commit { oid: GitObjectID!  statusCheckRollup: StatusCheckRollup }

type StatusCheckRollup {
  contexts(first: Int, last: Int): StatusCheckRollupContextConnection!
}
type StatusCheckRollupContextConnection {
  nodes: [StatusCheckRollupContext]
  pageInfo: PageInfo!
  totalCount: Int!
}
union StatusCheckRollupContext = CheckRun | StatusContext

enum CheckStatusState { COMPLETED IN_PROGRESS QUEUED }
enum CheckConclusionState { ACTION_REQUIRED CANCELLED FAILURE NEUTRAL SKIPPED SUCCESS TIMED_OUT }
enum StatusState { ERROR FAILURE PENDING SUCCESS }

type CheckRun implements Node {
  checkSuite: CheckSuite!
  completedAt: DateTime
  conclusion: CheckConclusionState
  id: ID!
  name: String!
  startedAt: DateTime
  status: CheckStatusState!
  url: URI!
}
type CheckSuite implements Node { app: App  id: ID! }
type App implements Node { databaseId: Int  id: ID!  slug: String! }

type StatusContext implements Node {
  avatarUrl(size: Int = 40): URI
  context: String!
  createdAt: DateTime!
  id: ID!
  state: StatusState!
  targetUrl: URI
}
`;
