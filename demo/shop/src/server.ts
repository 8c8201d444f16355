import { createShopServer } from './http.ts';
import { log } from './log.ts';
import { openShop } from './shop.ts';

const port = Number(process.env['PORT'] ?? 8080);
const paymentUrl = process.env['PAYMENT_URL'] ?? 'http://127.0.0.1:9090';

const server = createShopServer(openShop({ paymentUrl }));
server.listen(port, '127.0.0.1', () => {
  const address = server.address();
  const listening = typeof address === 'object' && address ? address.port : port;
  log.info('listening', { url: `http://127.0.0.1:${listening}` });
});
