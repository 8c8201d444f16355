// GitHub's record of the deliveries to this app, read and asked as the app itself (reference github.md, 2.3).
// It must not choose which are wanted again: the domain does.

import { z } from 'zod';
import type { DeliveryTry } from '../domain/redelivery.ts';
import type { MissedDeliveries } from '../ports.ts';
import type { AppClient } from './app-client.ts';
import { moment } from './shapes.ts';

const PAGE = 100;

const tryShape = z
  .object({
    id: z.int(),
    guid: z.string().min(1),
    delivered_at: moment,
    redelivery: z.boolean(),
    status_code: z.int(),
  })
  .transform(({ id, guid, delivered_at: at, redelivery: again, status_code: code }): DeliveryTry => ({
    id,
    delivery: guid.toLowerCase(),
    at,
    again,
    arrived: code >= 200 && code < 300,
  }));

/**
 * The whole list is read, newest first, as far back as wanted: the filter `status=failure` leaves out those that met
 * nobody, and only the whole list tells that a later try of the same delivery arrived.
 */
export function createMissedDeliveries(app: AppClient): MissedDeliveries {
  return {
    readTries: (since) =>
      app.call('read which webhooks it could not deliver', async (client) => {
        const tries: DeliveryTry[] = [];
        const newest = client.paginate.iterator(client.rest.apps.listWebhookDeliveries, { per_page: PAGE });
        for await (const { data } of newest) {
          const page = data.map((entry) => tryShape.parse(entry));
          tries.push(...page.filter(({ at }) => at >= since));
          if (page.some(({ at }) => at < since)) break;
        }
        return tries;
      }),
    tryAgain: (id) =>
      app.call(`send the webhook delivery ${id} again`, async (client) => {
        await client.rest.apps.redeliverWebhookDelivery({ delivery_id: id });
      }),
  };
}
