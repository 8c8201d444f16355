// The frame of every page: head, bar, where one is, and what refreshes itself.

import { html, type Html } from './html.ts';

/** Where the other pages are; full addresses, because GitHub's and Sentry's pages have different hosts. */
export type Sites = { demo: string; repository: string; sentry: string };

export type Page = {
  title: string;
  tab: 'demo' | 'issues' | 'pulls' | 'sentry' | 'shop';
  /** Replaced whenever it changes; anything that people type stands outside. */
  live: Html;
  /** Below it, never touched. */
  still?: Html;
};

export function renderPage(sites: Sites, page: Page): string {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.title}</title>
        <link rel="stylesheet" href="/-/demo.css" />
        <script src="/-/demo.js" defer></script>
      </head>
      <body class="${page.tab === 'sentry' ? 'at-sentry' : 'at-github'}">
        <header class="bar">
          <a class="home" href="${sites.demo}"><span class="mark" aria-hidden="true"></span>Suture demo</a>
          <nav aria-label="Pages">
            ${tabs(sites).map(({ id, name, href }) => tab({ id, name, href, current: page.tab }))}
          </nav>
        </header>
        <main>
          <div id="live">${page.live}</div>
          ${page.still ?? ''}
        </main>
        <footer>
          Everything here runs on this machine: stand-ins of GitHub and Sentry, real HTTP, real git, the real
          Suture. <noscript>Without JavaScript, reload to see what moved.</noscript>
        </footer>
      </body>
    </html> `;
  return document.text;
}

function tabs(sites: Sites) {
  return [
    { id: 'issues', name: 'Issues', href: `${sites.repository}/issues` },
    { id: 'pulls', name: 'Pull requests', href: `${sites.repository}/pulls` },
    { id: 'sentry', name: 'Sentry', href: sites.sentry },
    { id: 'shop', name: 'The shop', href: `${sites.demo}-/shop` },
  ];
}

function tab(input: { id: string; name: string; href: string; current: string }): Html {
  const current = input.id === input.current ? html` aria-current="page"` : '';
  return html`<a href="${input.href}" ${current}>${input.name}</a>`;
}

/** `open`, `merged`, `closed`, `resolved`, `unresolved` … as a coloured pill. */
export function pill(state: string, text = state): Html {
  return html`<span class="pill is-${state}">${text}</span>`;
}

/** To the second, in UTC, as the bodies say it too. */
export function moment(iso: string | null | undefined): Html | '' {
  if (!iso) return '';
  const shown = new Date(iso).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: 'UTC',
  });
  return html`<time datetime="${iso}">${shown} UTC</time>`;
}
