// Checks whether response times reveal names or canaries: wrong passwords for a known and an unknown name, and requests with a
// canary and an unknown token, in pairs of random order.
import { createTokenSecret } from '../../../dist/apps/api/src/platform/crypto/secrets.js';
import { spread } from './rounds.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const WARM_UP = 10;
const KNOWN = 'admin';
const UNKNOWN = 'nobody';

/** Returns two rows for each database: milliseconds, and the known name or canary relative to the unknown one. */
export async function measureEnumeration({ rounds, databases }) {
  const rows = [];
  for (const [database, create] of Object.entries(databases)) {
    const server = await startLatchkey({ DATABASE_URL: await create() });
    try {
      // A known network has its own counter, which must not be visible either.
      const session = await logIn(server.url);
      const names = await measurePairs(60 * rounds, KNOWN, UNKNOWN, (name) => logInWrongly(server.url, name));
      const canary = await createCanary(server.url, session);
      const send = (token) => useToken(server.url, token);
      const tokens = await measurePairs(600 * rounds, canary, createTokenSecret(), send);
      rows.push({ database, of: 'names', ...names }, { database, of: 'canaries', ...tokens });
    } finally {
      await stop(server);
    }
  }
  return rows;
}

async function measurePairs(count, known, unknown, send) {
  const pairs = [];
  for (let index = -WARM_UP; index < count; index += 1) {
    const pair = {};
    for (const subject of Math.random() < 0.5 ? [known, unknown] : [unknown, known]) {
      const start = performance.now();
      await send(subject);
      pair[subject] = performance.now() - start;
    }
    if (index >= 0) {
      pairs.push(pair);
    }
  }
  const knownMedian = spread(pairs.map((pair) => pair[known])).median;
  const unknownMedian = spread(pairs.map((pair) => pair[unknown])).median;
  const slower = pairs.filter((pair) => pair[known] > pair[unknown]).length / pairs.length;
  return {
    pairs: count,
    'known, median ms': round(knownMedian),
    'unknown, median ms': round(unknownMedian),
    'ratio (0.8 to 1.25)': round(knownMedian / unknownMedian),
    'known slower % (25 to 75)': Math.round(slower * 100),
  };
}

async function logInWrongly(url, name) {
  const answer = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${name}:a wrong password`).toString('base64')}` },
  });
  await expectRejection(answer);
}

async function useToken(url, token) {
  await expectRejection(await fetch(`${url}/me`, { headers: { Authorization: `Bearer ${token}` } }));
}

async function expectRejection(answer) {
  await answer.arrayBuffer();
  if (answer.status !== 401) {
    throw new Error(`A wrong credential returned ${answer.status}`);
  }
}

async function createCanary(url, session) {
  const answer = await fetch(`${url}/me/tokens`, {
    method: 'POST',
    headers: { 'X-Auth-Token': session, 'Content-Type': 'application/json' },
    body: '{"kind":"canary"}',
  });
  return (await answer.json()).token;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
