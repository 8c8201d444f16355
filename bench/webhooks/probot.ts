// The yardstick: bare Probot 14 behind node:http, one empty handler, no log.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Probot, createNodeMiddleware } from 'probot';
import { secret } from './delivery.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const probot = new Probot({
  appId: 1,
  privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  secret,
  logLevel: 'fatal',
});
const middleware = await createNodeMiddleware(
  (app) => {
    app.on('issues.edited', () => undefined);
  },
  { probot },
);
const server = createServer((request, response) => {
  void middleware(request, response, () => {
    response.writeHead(404).end();
  });
});
server.listen({ host: '127.0.0.1', port: 0, backlog: 2048 }, () => {
  const address = server.address();
  if (address && typeof address === 'object') process.send?.(`http://127.0.0.1:${address.port}`);
});
process.on('message', () => process.send?.('nothing'));
process.on('disconnect', () => process.exit(0));
