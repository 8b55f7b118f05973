import { once } from 'node:events';
import { createGuard, createVerifier } from '@latchkey/client/express';
import express from 'express';

const verifier = createVerifier({
  url: process.env.AUTH_URL,
  tokenFile: process.env.AUTH_TOKEN_FILE,
  name: 'example-express',
});
const requireToken = createGuard(verifier);

const app = express();
app.get('/health', (request, response) => response.json(verifier.status()));
// All routes below need a token.
app.use(requireToken());
app.get('/hello', (request, response) => response.json({ hello: request.principal.name }));
app.get('/orders', requireToken({ permissions: ['orders:read'] }), (request, response) => response.json([]));

const server = app.listen(process.env.PORT ?? 8080, '127.0.0.1');
await once(process, 'SIGTERM');
server.close();
server.closeIdleConnections();
await once(server, 'close');
// Reports the last uses.
await verifier.close();
