// Cost of the export by OTLP: GET /auth/verify of a cached token, a creation of a token, and the start,
// without it, with it, and with 1 % of the traces.
import { load, processorSeconds } from './measure.mjs';
import { logIn, send } from './server.mjs';

/** Creations per measurement. */
const CREATIONS = 200;

export async function subjectsOf(servers) {
  const sink = await servers.startScript('test/lab/bench/otlp-sink.mjs');
  const exporting = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
  const sampled = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.01' };
  const ways = [
    ['without export', {}],
    ['with export', exporting],
    ['with 1 % of the traces', { ...exporting, ...sampled }],
    ['with metrics only', { ...exporting, OTEL_TRACES_EXPORTER: 'none' }],
  ];
  const subjects = [];
  for (const [database, start] of await servers.onEachDatabase()) {
    const compared = {};
    for (const [way, environment] of ways) {
      const server = await start(environment);
      for (const [what, measure] of await measuresOf(server)) {
        const subject = { name: `${what}, ${database}, ${way}`, comparedWith: compared[what], measure };
        compared[what] ??= subject;
        subjects.push(subject);
      }
    }
  }
  let first;
  for (const [way, environment] of ways.slice(0, 2)) {
    const subject = {
      name: `start, ${way}`,
      comparedWith: first,
      measure: () => measureStart(servers, environment),
    };
    first ??= subject;
    subjects.push(subject);
  }
  return subjects;
}

async function measuresOf({ child, url }) {
  const admin = await logIn(url);
  await send(url, admin, 'POST', '/users', { name: 'shop', kind: 'service' });
  const { token } = await send(url, admin, 'POST', '/users/shop/tokens', {});
  const headers = { 'X-Auth-Token': Buffer.from(`shop:${token}`).toString('base64') };
  return [
    ['verify', () => load(child, { url: `${url}/auth/verify`, headers })],
    ['create a token', () => measureCreations(child, url, admin)],
  ];
}

/** Creates tokens and revokes them, one after the other. */
async function measureCreations(child, url, admin) {
  const before = processorSeconds(child);
  const start = performance.now();
  for (let count = 0; count < CREATIONS; count += 1) {
    const { id } = await send(url, admin, 'POST', '/users/shop/tokens', {});
    await send(url, admin, 'DELETE', `/tokens/${id}`);
  }
  return {
    'per second': (1_000 * CREATIONS) / (performance.now() - start),
    'µs of processor': ((processorSeconds(child) - before) * 1e6) / CREATIONS,
  };
}

async function measureStart(servers, environment) {
  const start = performance.now();
  const server = await servers.start(environment);
  const ready = performance.now() - start;
  const processor = processorSeconds(server.child) * 1_000;
  await servers.stop(server);
  return { 'ready after ms': ready, 'ms of processor': processor };
}
