// Cost of keeping rejected requests for their explanation, compared with a copy of the server that keeps none, and what a flood of
// unknown tokens leaves of them.
import autocannon from 'autocannon';
import { createTokenSecret } from '../../../dist/apps/api/src/platform/crypto/secrets.js';
import { addActiveTokens } from './active-tokens.mjs';
import { processorSeconds, residentMebibytes } from './process-usage.mjs';
import { inRounds, spread } from './rounds.mjs';
import { serverWithout } from './server-without.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const SECONDS = 6;
const CONNECTIONS = 50;
/** Longer than what the server keeps of it. */
const AGENT = 'x'.repeat(4_000);
/** Tokens whose owners were disabled, each rejected once before the flood. */
const KNOWN = 500;
const UNKNOWN = Array.from({ length: 10_000 }, () =>
  Buffer.from(`anna:${createTokenSecret()}`).toString('base64'),
);

/** Returns a row for each server and database. */
export async function measureRejections({ rounds, databases }) {
  const copies = serverWithout('explanations', 'note(request, error, status) {');
  const subjects = [];
  try {
    for (const [kind, newDatabase] of Object.entries(databases)) {
      for (const [way, main] of [
        ['not kept', copies.without],
        ['kept', copies.complete],
      ]) {
        const server = await startLatchkey({ DATABASE_URL: await newDatabase() }, main);
        subjects.push({ name: `rejections ${way}, ${kind}`, server, known: await rejectKnown(server) });
      }
    }
    const before = subjects.map(({ server }) => residentMebibytes(server.child));
    const results = await inRounds(subjects, rounds, ({ server }) => flood(server));
    return await Promise.all(subjects.map((subject, index) => describe(subjects, results, before, index)));
  } finally {
    await Promise.all(subjects.map(({ server }) => stop(server)));
    copies.remove();
  }
}

/** Presents tokens from an address that they do not allow, and returns the ids of the requests. */
async function rejectKnown({ url, databaseUrl }) {
  const presented = await addActiveTokens(databaseUrl, KNOWN);
  const headers = { 'X-Auth-Token': await logIn(url), 'Content-Type': 'application/json' };
  const body = JSON.stringify({ action: 'disable', filter: { kind: 'service' }, expectedCount: KNOWN });
  const disabled = await fetch(`${url}/users/bulk`, { method: 'POST', headers, body });
  if (disabled.status !== 200) {
    throw new Error(`The users were not disabled: ${await disabled.text()}`);
  }
  const ids = [];
  for (const token of presented) {
    const response = await fetch(`${url}/auth/verify`, { headers: { 'X-Auth-Token': token } });
    ids.push(response.headers.get('x-request-id'));
  }
  return ids;
}

/** Sends random tokens of the right form as fast as the server rejects them. */
async function flood({ child, url }) {
  const before = processorSeconds(child);
  const { requests, latency, statusCodeStats } = await autocannon({
    url: `${url}/auth/verify`,
    connections: CONNECTIONS,
    duration: SECONDS,
    setupClient: (client) => {
      const draw = () =>
        client.setHeaders({
          'X-Auth-Token': UNKNOWN[Math.floor(Math.random() * UNKNOWN.length)],
          'User-Agent': AGENT,
        });
      draw();
      client.on('response', draw);
    },
  });
  if (Object.keys(statusCodeStats).join() !== '401') {
    throw new Error(`Expected only 401, got ${JSON.stringify(statusCodeStats)}`);
  }
  const after = processorSeconds(child);
  const used = after.own - before.own + after.system - before.system;
  return { rate: requests.average, processor: (used * 1e6) / requests.total, p99: latency.p99 };
}

async function describe(subjects, results, before, index) {
  const { name, server, known } = subjects[index];
  const median = (at, member) => spread(results[at].map((result) => result[member])).median;
  const headers = { 'X-Auth-Token': await logIn(server.url) };
  let explained = 0;
  for (const id of known) {
    explained += Number((await fetch(`${server.url}/explanations/${id}`, { headers })).status === 200);
  }
  if (index % 2 === 1 && explained < known.length) {
    throw new Error(`${name}: only ${explained} of ${known.length} known rejections survived the flood`);
  }
  const without = index - (index % 2);
  return {
    subject: name,
    'rejections/s': Math.round(median(index, 'rate')),
    'µs each': Math.round(median(index, 'processor') * 10) / 10,
    'of those without': `${Math.round((100 * median(index, 'processor')) / median(without, 'processor'))} %`,
    'p99 ms': median(index, 'p99'),
    'MiB before': before[index],
    'MiB after': residentMebibytes(server.child),
    'known explained': `${explained} of ${known.length}`,
  };
}
