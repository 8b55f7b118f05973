// What log-ins do to verifications beside them: an open loop, in which a request that is due does not wait for the one before.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import autocannon from 'autocannon';
import { spread } from './rounds.mjs';
import { CREDENTIALS, logIn, startLatchkey, stop } from './server.mjs';

const A_SECOND = 200;
const SECONDS = 5;
const LOGGING_IN = 4;

/** Runs it, and returns a row for the quiet server and one for the busy one: milliseconds from the time a request was due. */
export async function measureInterference({ rounds }) {
  const server = await startLatchkey();
  const token = await logIn(server.url);
  const rows = { quiet: [], [`beside ${LOGGING_IN} connections that log in`]: [] };
  try {
    await verifyAtRate(server.url, token);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, latencies] of Object.values(rows).entries()) {
        const load = index === 1 ? startLogIns(server.url) : undefined;
        latencies.push(await verifyAtRate(server.url, token));
        await load?.end();
      }
      process.stderr.write(`  round ${round + 1} of ${rounds}\n`);
    }
  } finally {
    await stop(server);
  }
  return Object.entries(rows).map(([subject, latencies]) => ({
    subject,
    'p50 ms': spread(latencies.map(({ p50 }) => p50)).median,
    'p99 ms': spread(latencies.map(({ p99 }) => p99)).median,
    'p99 least': spread(latencies.map(({ p99 }) => p99)).minimum,
    'p99 most': spread(latencies.map(({ p99 }) => p99)).maximum,
  }));
}

async function verifyAtRate(url, token) {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const start = performance.now();
  const due = Array.from({ length: A_SECOND * SECONDS }, (_, index) => start + (index * 1_000) / A_SECOND);
  const latencies = await Promise.all(
    due.map(async (dueTime) => {
      await pause(Math.max(0, dueTime - performance.now()));
      await verify(`${url}/auth/verify`, token, agent);
      return performance.now() - dueTime;
    }),
  );
  agent.destroy();
  const sorted = latencies.sort((a, b) => a - b);
  const at = (part) => Math.round(sorted[Math.floor(sorted.length * part)] * 10) / 10;
  return { p50: at(0.5), p99: at(0.99) };
}

function verify(url, token, agent) {
  return new Promise((resolve, reject) => {
    request(url, { agent, headers: { 'X-Auth-Token': token } })
      .on('response', (response) => {
        if (response.statusCode !== 200) {
          reject(new Error(`A verification was answered with ${response.statusCode}`));
        }
        response.resume().on('end', resolve);
      })
      .on('error', reject)
      .end();
  });
}

function startLogIns(url) {
  const load = autocannon({
    url: `${url}/auth/login`,
    method: 'POST',
    headers: CREDENTIALS,
    connections: LOGGING_IN,
    duration: 60,
  });
  return {
    end: async () => {
      load.stop();
      await load;
    },
  };
}
