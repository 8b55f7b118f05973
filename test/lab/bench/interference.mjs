// Latency of verifications while logins run. An open loop: requests are sent on schedule, not after the previous response.
import autocannon from 'autocannon';
import { openLoop, percentile } from './open-loop.mjs';
import { spread } from './rounds.mjs';
import { CREDENTIALS, logIn, startLatchkey, stop } from './server.mjs';

const A_SECOND = 200;
const SECONDS = 5;
const LOGGING_IN = 4;
/** Connections of the service that verifies. */
const CONNECTIONS = 50;

/** Returns a row for the idle and one for the busy server, in milliseconds from the time a request was due. */
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
  const answers = await openLoop(`${url}/auth/verify`, {
    headers: { 'X-Auth-Token': token },
    aSecond: A_SECOND,
    seconds: SECONDS,
    connections: CONNECTIONS,
  });
  const { status } = answers.find(({ status }) => status !== 200) ?? {};
  if (status !== undefined) {
    throw new Error(`A verification returned ${status}`);
  }
  const at = (percent) =>
    Math.round(
      percentile(
        answers.map(({ milliseconds }) => milliseconds),
        percent,
      ) * 10,
    ) / 10;
  return { p50: at(50), p99: at(99) };
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
