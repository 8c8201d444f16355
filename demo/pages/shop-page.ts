// The shop: buttons that make it crash, and one that deploys what was merged.

import { crashNames, crashStories } from '../cast.ts';
import type { Shop } from '../shop-front.ts';
import { html } from './html.ts';
import { moment, type Page } from './layout.ts';

export function shopPage(shop: Shop): Page {
  const buttons = crashNames.map(
    (name) =>
      html`<li>
        <form method="post" action="/-/shop/crash"><button name="name" value="${name}">${name}</button></form>
        <div>${crashStories[name]}</div>
      </li>`,
  );
  const { release, commit } = shop.deployed();
  const live = html`<h1>The shop</h1>
    <p class="lead">
      It runs under the official Sentry SDK, release
      <code>${release}</code>${commit ? html` (<code>${commit.slice(0, 10)}</code>)` : ''}. Each button starts
      it and makes the request that crashes it.
    </p>
    <ul class="list">
      ${buttons}
    </ul>
    <form class="deploy" method="post" action="/-/shop/deploy">
      <button class="primary">Deploy main as the next release</button>
      <span class="muted">takes what was merged; a fixed crash then stays away</span>
    </form>
    <h2>What happened lately</h2>
    ${
      shop.log().length === 0
        ? html`<p class="empty">Nothing yet.</p>`
        : html`<ul class="list">
            ${shop.log().map(
              ({ at, text }) =>
                html`<li>
                  <div>${text} <span class="muted">${moment(at)}</span></div>
                </li>`,
            )}
          </ul>`
    }`;
  return { title: 'The shop · Suture demo', tab: 'shop', live };
}
