// Load of one kind of request, and its cost for the server.
import autocannon from 'autocannon';
import { processorSeconds, residentMebibytes } from './process-usage.mjs';

const CONNECTIONS = 50;

/**
 * Sends requests for a few seconds.
 *
 * @param {import('node:child_process').ChildProcess} child the server
 * @param {import('autocannon').Options} request
 * @param {number} seconds
 */
export async function load(child, request, seconds) {
  const before = processorSeconds(child);
  const { requests, latency, non2xx } = await autocannon({
    connections: CONNECTIONS,
    duration: seconds,
    ...request,
  });
  const after = processorSeconds(child);
  if (non2xx > 0) {
    throw new Error(`${request.url}: ${non2xx} responses were not 2xx`);
  }
  const microseconds = (mode) => ((after[mode] - before[mode]) * 1e6) / requests.total;
  return {
    rate: requests.average,
    /** Microseconds of processor time per request, and how many of them are in user mode. */
    processor: microseconds('own') + microseconds('system'),
    own: microseconds('own'),
    p99: latency.p99,
    memory: residentMebibytes(child),
  };
}

/**
 * Sends `GET /auth/verify` with random tokens for a few seconds.
 *
 * @param {{ child: import('node:child_process').ChildProcess, url: string }} server
 * @param {string[]} presented values of `X-Auth-Token`
 * @param {number} seconds
 */
export function verifyAny({ child, url }, presented, seconds) {
  const setupClient = (client) => {
    const draw = () =>
      client.setHeaders({ 'X-Auth-Token': presented[Math.floor(Math.random() * presented.length)] });
    draw();
    client.on('response', draw);
  };
  return load(child, { url: `${url}/auth/verify`, setupClient }, seconds);
}

/**
 * Presents each token once, to fill the cache.
 *
 * @param {{ url: string }} server
 * @param {string[]} presented values of `X-Auth-Token`
 */
export async function verifyEach({ url }, presented) {
  let next = 0;
  const { non2xx } = await autocannon({
    url: `${url}/auth/verify`,
    connections: CONNECTIONS,
    amount: presented.length,
    setupClient: (client) => {
      const draw = () => client.setHeaders({ 'X-Auth-Token': presented[next++ % presented.length] });
      draw();
      client.on('response', draw);
    },
  });
  if (non2xx > 0) {
    throw new Error(`${non2xx} responses were not 2xx`);
  }
}
