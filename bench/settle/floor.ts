// The floor: each pull request asked for once with fetch alone, read and thrown away.

import { queues } from '../../src/store/queues.ts';
import { atOnce } from './at-once.ts';
import { serve } from './settings.ts';

serve(
  async ({ githubUrl, person, pulls }) =>
    () =>
      atOnce(queues.settle.workers, pulls, async ({ number }) => {
        const headers = { authorization: `Bearer ${person}` };
        await (await fetch(`${githubUrl}/repos/lantern/shop/pulls/${number}`, { headers })).json();
      }),
);
