// The floor: Sentry's pages and GitHub's few requests with fetch alone, read and thrown away.

import { serve, settings } from './settings.ts';

const sentry = { headers: { authorization: `Bearer ${settings.token}` } };
const github = { headers: { authorization: `Bearer ${settings.person}` } };

serve(async (pages) => {
  await read(`${settings.githubUrl}/repos/lantern/shop`, github);
  await read(`${settings.githubUrl}/repos/lantern/shop/issues?labels=sentry-triage`, github);
  const list = `${settings.sentryUrl}/api/0/organizations/lantern/issues/?query=is:unresolved&statsPeriod=14d&groupStatsPeriod=14d&limit=100&sort=freq`;
  for (let page = 0; page < Number(pages); page += 1) await read(`${list}&cursor=0:${page * 100}:0`, sentry);
});

async function read(url: string, options: RequestInit): Promise<void> {
  await (await fetch(url, options)).json();
}
