// Whether the time of a refusal tells if somebody has a name: wrong passwords for one that exists and one that does not, in
// pairs whose order is drawn.
import { spread } from './rounds.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const PAIRS = 60;
const WARM_UP = 10;
const KNOWN = 'admin';
const UNKNOWN = 'nobody';

/** Runs it, and returns a row for each kind of database: milliseconds, and how the known name compares. */
export async function measureEnumeration({ rounds, databases }) {
  const rows = [];
  for (const [database, create] of Object.entries(databases)) {
    const server = await startLatchkey({ DATABASE_URL: await create() });
    try {
      // A network that is known for the account is counted apart, which must not show either.
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
      throw new Error(`A wrong password was answered with ${answer.status}`);
    }
  }
  return pair;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
