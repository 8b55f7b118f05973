// Cost of recording the last use of tokens, compared with a copy of the server that does not record it.
import { addActiveTokens } from './active-tokens.mjs';
import { verifyAny } from './load.mjs';
import { inRounds, spread } from './rounds.mjs';
import { serverWithout } from './server-without.mjs';
import { startLatchkey, stop } from './server.mjs';

/** Each use is written once a minute, so this number corresponds to 10,000 tokens in constant use. */
const SECONDS = 8;
const TOKENS = Math.round((10_000 * SECONDS) / 60);
/** Returns a row for each server and database. */
export async function measureLastUse({ rounds, databases }) {
  const copies = serverWithout('last-use', 'note(tokenId, origin, supersededDigest) {');
  const subjects = [];
  try {
    for (const [kind, newDatabase] of Object.entries(databases)) {
      for (const [way, main] of [
        ['not recorded', copies.without],
        ['recorded', copies.complete],
      ]) {
        const server = await startLatchkey({ DATABASE_URL: await newDatabase() }, main);
        subjects.push({
          name: `last use ${way}, ${kind}`,
          server,
          presented: await addActiveTokens(server.databaseUrl, TOKENS),
        });
      }
    }
    const results = await inRounds(subjects, rounds, ({ server, presented }) =>
      verifyAny(server, presented, SECONDS),
    );
    return describe(subjects, results);
  } finally {
    await Promise.all(subjects.map(({ server }) => stop(server)));
    copies.remove();
  }
}

function describe(subjects, results) {
  const median = (index, name) => spread(results[index].map((result) => result[name])).median;
  return subjects.map(({ name }, index) => {
    const without = index - (index % 2);
    return {
      subject: name,
      'req/s': Math.round(median(index, 'rate')),
      'of those without': `${Math.round((100 * median(index, 'rate')) / median(without, 'rate'))} %`,
      'µs per request': Math.round(median(index, 'processor') * 10) / 10,
      'p99 ms': median(index, 'p99'),
    };
  });
}
