// Which page stands at which address of GitHub's and Sentry's stand-ins, and what the forms on them do.
// The pages know nothing that people could not: they read the APIs and act over them.

import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Pages } from '../../test/world/github/http.ts';
import type { World } from '../../test/world/world.ts';
import type { Shop } from '../shop-front.ts';
import { actionsOf, type ActionRoute } from './actions.ts';
import { commitPage, filePage } from './code-pages.ts';
import { html } from './html.ts';
import { isOwnForm, readForm, sendDocument, sendTo } from './http.ts';
import { issuePage, issuesPage } from './issue-page.ts';
import { renderPage, type Page, type Sites } from './layout.ts';
import { overviewPage } from './overview-page.ts';
import { pullPage, pullsPage, runPage } from './pull-page.ts';
import { createReader, statusOf } from './reader.ts';
import { problemPage, problemsPage } from './sentry-pages.ts';
import { shopPage } from './shop-page.ts';

type PageRoute = readonly [pattern: RegExp, page: (found: RegExpExecArray) => Promise<Page | null> | Page];

type Opened = {
  sites: Sites;
  gitHub: readonly PageRoute[];
  sentry: readonly PageRoute[];
  actions: readonly ActionRoute[];
};

export type Site = {
  /** For the stand-ins, which need their pages before the world is there. */
  gitHub: Pages;
  sentry: Pages;
  /** From now on there is something to show. Gives the address to begin at. */
  open(world: World, shop: Shop): string;
};

export function createSite(): Site {
  let opened: Opened | null = null;
  const answer =
    (side: 'gitHub' | 'sentry'): Pages =>
    async (request, response) => {
      if (opened === null) return false;
      const { pathname } = new URL(request.url ?? '/', 'http://pages.invalid');
      const asset = assets.get(pathname);
      if (asset) return sendDocument(request, response, { status: 200, ...asset });
      if (request.method === 'POST' && side === 'gitHub') return act(opened, { request, response, pathname });
      if (request.method !== 'GET') return false;
      return show(opened, { side, request, response, pathname });
    };
  return {
    gitHub: answer('gitHub'),
    sentry: answer('sentry'),
    open: (world, shop) => {
      opened = routesOf(world, shop);
      return opened.sites.demo;
    },
  };
}

const assets = new Map([
  ['/-/demo.css', { text: read('demo.css'), type: 'text/css' }],
  ['/-/demo.js', { text: read('demo.js'), type: 'text/javascript' }],
]);

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function routesOf(world: World, shop: Shop): Opened {
  const reader = createReader(world);
  const sites = {
    demo: `${world.github.url}/`,
    repository: `${world.github.url}/lantern/shop`,
    sentry: `${world.sentry.url}/organizations/lantern/issues/`,
  };
  return {
    sites,
    gitHub: [
      [/^\/$/, () => overviewPage(world, reader, sites)],
      [/^\/-\/shop$/, () => shopPage(shop)],
      [/^\/lantern\/shop\/?$|^\/lantern\/shop\/issues$/, () => issuesPage(reader)],
      [/^\/lantern\/shop\/issues\/(\d+)$/, ([, number]) => issuePage(reader, Number(number))],
      [/^\/lantern\/shop\/pulls$/, () => pullsPage(reader)],
      [
        /^\/lantern\/shop\/pull\/(\d+)(?:\/(?:files|checks|commits))?$/,
        ([, number]) => pullPage(reader, Number(number)),
      ],
      [/^\/lantern\/shop\/runs\/(\d+)$/, ([, id]) => runPage(reader, Number(id))],
      [/^\/lantern\/shop\/commit\/([0-9a-f]{7,40})$/, ([, ref = '']) => commitPage(reader, ref)],
      [
        /^\/lantern\/shop\/blob\/([\w.-]+)\/(.+)$/,
        ([, ref = '', path = '']) => filePage(reader, ref, decodeURIComponent(path)),
      ],
    ],
    sentry: [
      [/^\/(?:organizations\/lantern\/issues\/)?$/, () => problemsPage(world)],
      [
        /^\/organizations\/lantern\/issues\/(\d+)\/(?:events\/\w+\/)?$/,
        ([, id = '']) => problemPage(world, id),
      ],
    ],
    actions: actionsOf(world, shop),
  };
}

type Exchange = { request: IncomingMessage; response: ServerResponse; pathname: string };

async function show(opened: Opened, exchange: Exchange & { side: 'gitHub' | 'sentry' }): Promise<boolean> {
  const { request, response, pathname, side } = exchange;
  const found = matching(opened[side], pathname);
  if (!found) {
    if (!request.headers.accept?.includes('text/html')) return false;
    return sendProblem(opened, exchange, { status: 404, text: 'There is no page at this address.' });
  }
  try {
    const page = await found.handle(found.match);
    if (page) return sendDocument(request, response, { status: 200, text: renderPage(opened.sites, page) });
    return sendProblem(opened, exchange, { status: 404, text: 'Sentry does not know it.' });
  } catch (error) {
    return sendProblem(opened, exchange, problemOf(error));
  }
}

async function act(opened: Opened, exchange: Exchange): Promise<boolean> {
  const { request, response, pathname } = exchange;
  const found = matching(opened.actions, pathname);
  if (!found) return false;
  if (!isOwnForm(request))
    return sendProblem(opened, exchange, { status: 403, text: 'This form was sent from another site.' });
  try {
    return sendTo(response, await found.handle(found.match, await readForm(request)));
  } catch (error) {
    return sendProblem(opened, exchange, problemOf(error));
  }
}

function matching<H>(
  routes: readonly (readonly [RegExp, H])[],
  pathname: string,
): { match: RegExpExecArray; handle: H } | null {
  for (const [pattern, handle] of routes) {
    const match = pattern.exec(pathname);
    if (match) return { match, handle };
  }
  return null;
}

type Problem = { status: number; text: string };

/** What the API refused is told with its words; anything else is a fault of the demo and passed on. */
function problemOf(error: unknown): Problem {
  const status = statusOf(error) ?? (error instanceof RangeError ? 413 : null);
  if (status === null || !(error instanceof Error)) throw error;
  return { status, text: `GitHub answered ${status}: ${error.message}` };
}

function sendProblem(opened: Opened, { request, response }: Exchange, { status, text }: Problem): true {
  const live = html`<h1>That did not work</h1>
    <p class="lead">${text}</p>
    <p><a href="${opened.sites.demo}">To the first page</a></p>`;
  const document = renderPage(opened.sites, { title: `${status}`, tab: 'demo', live });
  return sendDocument(request, response, { status, text: document });
}
