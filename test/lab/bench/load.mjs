// Load of one kind of request, and its cost for the server.
import autocannon from 'autocannon';
import { processorSeconds, residentMebibytes } from './process-usage.mjs';

const CONNECTIONS = 50;

/**
 * Sends `GET /auth/verify` with random tokens for a few seconds.
 *
 * @param {{ child: import('node:child_process').ChildProcess, url: string }} server
 * @param {string[]} presented values of `X-Auth-Token`
 * @param {number} seconds
 */
export async function verifyAny({ child, url }, presented, seconds) {
  const before = processorSeconds(child);
  const { requests, latency, non2xx } = await autocannon({
    url: `${url}/auth/verify`,
    connections: CONNECTIONS,
    duration: seconds,
    setupClient: (client) => {
      const draw = () =>
        client.setHeaders({ 'X-Auth-Token': presented[Math.floor(Math.random() * presented.length)] });
      draw();
      client.on('response', draw);
    },
  });
  const after = processorSeconds(child);
  if (non2xx > 0) {
    throw new Error(`${non2xx} responses were not 2xx`);
  }
  const used = after.own - before.own + after.system - before.system;
  return {
    rate: requests.average,
    processor: (used * 1e6) / requests.total,
    p99: latency.p99,
    memory: residentMebibytes(child),
  };
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
