// What people do on the pages, done over GitHub's API as that person.

import type { World } from '../../test/world/world.ts';
import { people, place } from '../../test/world/world.ts';
import { crashNames } from '../cast.ts';
import type { Shop } from '../shop-front.ts';
import { setTasks } from './tasks.ts';

/** Gives the path of the page to show then. */
export type Action = (found: RegExpExecArray, form: URLSearchParams) => Promise<string>;

export type ActionRoute = readonly [pattern: RegExp, action: Action];

export function actionsOf(world: World, shop: Shop): readonly ActionRoute[] {
  return [
    [/^(\/lantern\/shop\/issues\/(\d+))\/tasks$/, tasksAction(world)],
    [/^(\/lantern\/shop\/(?:issues|pull)\/(\d+))\/comments$/, commentAction(world)],
    [/^(\/lantern\/shop\/pull\/(\d+))\/merge$/, mergeAction(world)],
    [
      /^(\/lantern\/shop\/pull\/(\d+))\/close$/,
      async ([, page = '', number]) => {
        await world.closePull(Number(number));
        return page;
      },
    ],
    [/^\/-\/shop\/crash$/, crashAction(shop)],
    [
      /^\/-\/shop\/deploy$/,
      async () => {
        await shop.deploy();
        return '/-/shop';
      },
    ],
  ];
}

/** Sends the whole new body, as GitHub's own page does; two ticks in a row wait for each other. */
function tasksAction(world: World): Action {
  const { rest } = world.github.as(people.maintainer);
  let last: Promise<unknown> = Promise.resolve();
  return async ([, page = '', number], form) => {
    const ticked = new Set(form.getAll('ticked'));
    const wishes = new Map(form.getAll('shown').map((id) => [id, ticked.has(id)]));
    const change = async (): Promise<void> => {
      const at = { ...place, issue_number: Number(number) };
      const before = (await rest.issues.get(at)).data.body ?? '';
      const body = setTasks(before, wishes);
      if (body !== before) await rest.issues.update({ ...at, body });
    };
    const mine = last.then(change);
    last = mine.catch(() => undefined);
    await mine;
    return page;
  };
}

function commentAction(world: World): Action {
  return async ([, page = '', number], form) => {
    const login = form.get('as') === people.reader ? people.reader : people.maintainer;
    await world.comment(Number(number), form.get('body') ?? '', login);
    return page;
  };
}

function mergeAction(world: World): Action {
  return async ([, page = '', number], form) => {
    const asked = form.get('method');
    await world.merge(Number(number), asked === 'merge' || asked === 'rebase' ? asked : 'squash');
    return page;
  };
}

function crashAction(shop: Shop): Action {
  return async (_found, form) => {
    const name = crashNames.find((known) => known === form.get('name'));
    if (name) await shop.crash(name);
    return '/-/shop';
  };
}
