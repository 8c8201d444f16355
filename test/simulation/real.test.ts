// A few histories with Suture as a process that is really killed; many of them: `npm run simulate -- --real`.

import { expect, it } from 'vitest';
import type { RealHistory } from './real/history.ts';
import { searchReal } from './real/search.ts';

const killed: RealHistory = {
  problems: 1,
  green: true,
  events: [
    { do: 'tick', problem: 0, login: 'mia' },
    { do: 'drop', count: 1 },
    { do: 'kill', ms: 700, back: true },
    { do: 'repeat', count: 2 },
    { do: 'merge', problem: 0 },
    { do: 'kill', ms: 0, back: false },
    { do: 'merge', problem: 0 },
  ],
};

const lost: RealHistory = {
  problems: 1,
  green: true,
  events: [
    { do: 'tick', problem: 0, login: 'ray' },
    { do: 'tick', problem: 0, login: 'mia' },
    { do: 'kill', ms: 1_500, back: false },
    { do: 'lose database' },
    { do: 'fail', method: 'POST', status: 502, after: true },
    { do: 'fix', problem: 0, login: 'mia' },
    { do: 'merge', problem: 0 },
  ],
};

it('keeps the promises on PGlite', async () => {
  const told: string[] = [];
  const tell = (line: string): void => void told.push(line);
  const found = await searchReal({ histories: [killed, lost], newDatabase: null, stages: 1, tell });
  expect(found.broken?.error.message).toBeUndefined();
  expect(found.played, told.join('\n')).toBe(2);
}, 1_800_000);
