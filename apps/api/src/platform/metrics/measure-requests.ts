import { type FastifyInstance } from 'fastify';
import { type Metrics } from './metrics.js';

/** In seconds. Hashing a password takes tens of milliseconds; most other requests take less than one. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Route whose successful requests are counted but not timed, which would add a tenth to their cost. Its reads are timed. */
const UNMEASURED = '/auth/verify';

/** Measures the duration of requests by method, route and status. Paths without a route are not recorded. */
export function measureRequests(instance: FastifyInstance, metrics: Metrics): void {
  const times = metrics.histogram(
    'latchkey_http_request_duration_seconds',
    `Time from the arrival of a request to the end of its response; for ${UNMEASURED} only rejected requests.`,
    ['method', 'route', 'status'],
    BUCKETS,
  );
  instance.addHook('onResponse', ({ method, routeOptions: { url: route = 'none' } }, reply, done) => {
    const { statusCode: status } = reply;
    if (status >= 400 || route !== UNMEASURED) {
      times.observe({ method, route, status }, reply.elapsedTime / 1_000);
    }
    done();
  });
}
