// Upper bound for the benchmark: node:http without a framework, with the constant response headers and nothing else.
import { createServer } from 'node:http';
import { CONSTANT_HEADERS } from '../../../dist/apps/api/src/http/server/constant-headers.js';

const FIELDS = Object.entries({ ...CONSTANT_HEADERS, 'content-length': '0' }).flat();

const server = createServer((_request, response) => {
  response.writeHead(200, FIELDS).end();
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
