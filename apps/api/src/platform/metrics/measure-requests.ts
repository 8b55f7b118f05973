import { type FastifyInstance } from 'fastify';
import { type Metrics } from './metrics.js';

/** Seconds; a password takes some tens of milliseconds, most else less than one. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Asked so often that to measure a good answer would cost a tenth of it; they are counted, and their look-ups measured. */
const UNMEASURED = '/auth/verify';

/** Measures how long requests take by method, route and status. A path that no route has is not told. */
export function measureRequests(instance: FastifyInstance, metrics: Metrics): void {
  const times = metrics.histogram(
    'latchkey_http_request_duration_seconds',
    `From the arrival of a request to the end of its answer; of ${UNMEASURED} refusals alone.`,
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
