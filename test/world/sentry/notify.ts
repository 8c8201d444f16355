// Builds the bodies of webhooks and hands them to the deliveries (reference sentry.md, 1.5 to 1.8).
// Must not decide when one is due.

import { asciiJson } from './signature.ts';
import { webhookEvent } from './render-event.ts';
import { webhookIssue } from './render-issue.ts';
import type { Actor, Installation, Issue, Org, World } from './state.ts';
import type { StoredEvent } from './stored-event.ts';

type Webhook = { resource: string; action: string; data: Record<string, unknown>; by: Actor };

export function notifyIssue(
  world: World,
  issue: Issue,
  change: { action: string; by: Actor; extra?: Record<string, unknown> },
): void {
  const data = { issue: webhookIssue(world, issue, change.action), ...change.extra };
  const webhook = { resource: 'issue', action: change.action, data, by: change.by };
  for (const installation of subscribers(issue.project.org, 'issue')) send(world, installation, webhook);
}

export function notifyError(world: World, issue: Issue, event: StoredEvent): void {
  const webhook: Webhook = {
    resource: 'error',
    action: 'created',
    data: { error: webhookEvent(world, issue, event) },
    by: 'sentry',
  };
  for (const installation of subscribers(issue.project.org, 'error')) send(world, installation, webhook);
}

/** An alert rule with the integration as its action fired; no subscription is asked for. */
export function notifyAlert(world: World, alert: { issue: Issue; event: StoredEvent; rule: string }): void {
  const { issue, event, rule } = alert;
  const data = { event: webhookEvent(world, issue, event), triggered_rule: rule };
  for (const installation of issue.project.org.installations) {
    send(world, installation, { resource: 'event_alert', action: 'triggered', data, by: 'sentry' });
  }
}

export function notifyComment(
  world: World,
  issue: Issue,
  comment: { id: string; text: string; timestamp: string },
): void {
  const data = {
    comment: comment.text,
    comment_id: Number(comment.id),
    issue_id: Number(issue.id),
    project_slug: issue.project.slug,
    timestamp: comment.timestamp,
  };
  const webhook: Webhook = { resource: 'comment', action: 'created', data, by: 'integration' };
  for (const installation of subscribers(issue.project.org, 'comment')) send(world, installation, webhook);
}

function subscribers(org: Org, resource: string): Installation[] {
  return org.installations.filter((installation) => installation.events.has(resource));
}

function send(world: World, installation: Installation, webhook: Webhook): void {
  const body = asciiJson({
    action: webhook.action,
    installation: { uuid: installation.uuid },
    data: webhook.data,
    actor: actorFor(installation, webhook.by),
  });
  world.deliveries.enqueue(
    { resource: webhook.resource, action: webhook.action, installation: installation.uuid, body },
    () => ({ url: installation.webhookUrl, clientSecret: installation.clientSecret }),
  );
}

/** The receiver sees its own app as the actor whichever integration acted (reference sentry.md, 1.5). */
function actorFor(installation: Installation, by: Actor): Record<string, unknown> {
  if (by === 'sentry') return { type: 'application', id: 'sentry', name: 'Sentry' };
  return { type: 'application', id: installation.appUuid, name: installation.slug };
}
