import { once } from 'node:events';
import { createVerifier, latchkey } from '@latchkey/client/fastify';
import { fastify } from 'fastify';

const verifier = createVerifier({
  url: process.env.AUTH_URL,
  tokenFile: process.env.AUTH_TOKEN_FILE,
  name: 'example-fastify',
});

const app = fastify();
// Routes without config.latchkey return 403.
await app.register(latchkey, { verifier });
app.get('/health', { config: { latchkey: 'public' } }, () => verifier.status());
app.get('/hello', { config: { latchkey: 'authenticated' } }, ({ principal }) => ({ hello: principal.name }));
app.get('/orders', { config: { latchkey: { permissions: ['orders:read'] } } }, () => []);

await app.listen({ port: process.env.PORT ?? 8080, host: '127.0.0.1' });
await once(process, 'SIGTERM');
// Closes the verifier too, which reports the last uses.
await app.close();
