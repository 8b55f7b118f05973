// Checks whether response times reveal names: wrong passwords for a known and an unknown name, in pairs of random order.
import { spread } from './rounds.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const PAIRS = 60;
const WARM_UP = 10;
const KNOWN = 'admin';
const UNKNOWN = 'nobody';

/** Returns a row for each database: milliseconds, and the known name relative to the unknown one. */
export async function measureEnumeration({ rounds, databases }) {
  const rows = [];
  for (const [database, create] of Object.entries(databases)) {
    const server = await startLatchkey({ DATABASE_URL: await create() });
    try {
      // A known network has its own counter, which must not be visible either.
      await logIn(server.url);
      const pairs = [];
      for (let index = -WARM_UP; index < PAIRS * rounds; index += 1) {
        const pair = await measurePair(server.url);
        if (index >= 0) {
          pairs.push(pair);
        }
      }
      const known = spread(pairs.map((pair) => pair[KNOWN])).median;
      const unknown = spread(pairs.map((pair) => pair[UNKNOWN])).median;
      const slower = pairs.filter((pair) => pair[KNOWN] > pair[UNKNOWN]).length / pairs.length;
      rows.push({
        database,
        pairs: pairs.length,
        'known, median ms': round(known),
        'unknown, median ms': round(unknown),
        'ratio (0.8 to 1.25)': round(known / unknown),
        'known slower % (25 to 75)': Math.round(slower * 100),
      });
    } finally {
      await stop(server);
    }
  }
  return rows;
}

async function measurePair(url) {
  const names = Math.random() < 0.5 ? [KNOWN, UNKNOWN] : [UNKNOWN, KNOWN];
  const pair = {};
  for (const name of names) {
    const start = performance.now();
    const answer = await fetch(`${url}/auth/login`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(`${name}:a wrong password`).toString('base64')}` },
    });
    await answer.arrayBuffer();
    pair[name] = performance.now() - start;
    if (answer.status !== 401) {
      throw new Error(`A wrong password returned ${answer.status}`);
    }
  }
  return pair;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
