// Cost of recording the last use of tokens, compared with a copy of the server that does not record it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { addActiveTokens } from './active-tokens.mjs';
import { verifyAny } from './load.mjs';
import { inRounds, spread } from './rounds.mjs';
import { MAIN, startLatchkey, stop } from './server.mjs';

/** Each use is written once a minute, so this number corresponds to 10,000 tokens in constant use. */
const SECONDS = 8;
const TOKENS = Math.round((10_000 * SECONDS) / 60);
const WITHOUT = MAIN.replace('main.js', 'main-without-last-use.js');
/** The first line of the method that records a use. */
const NOTE = /note\(tokenId, origin, supersededDigest\) \{\n/g;

/** Returns a row for each server and database. */
export async function measureLastUse({ rounds, databases }) {
  writeCopyWithout();
  const subjects = [];
  try {
    for (const [kind, newDatabase] of Object.entries(databases)) {
      for (const [way, main] of [
        ['not recorded', WITHOUT],
        ['recorded', MAIN],
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
    rmSync(WITHOUT);
  }
}

function writeCopyWithout() {
  const text = readFileSync(MAIN, 'utf8');
  const { length } = text.match(NOTE) ?? [];
  if (length !== 1) {
    throw new Error(`Expected 1 method that records uses in the built server, found ${length ?? 0}`);
  }
  writeFileSync(
    WITHOUT,
    text.replace(NOTE, (line) => `${line}return;\n`),
  );
}

function describe(subjects, results) {
  const median = (index, name) => spread(results[index].map((result) => result[name])).median;
  return subjects.map(({ name }, index) => {
    const without = index - (index % 2);
    return {
      subject: name,
      'req/s': Math.round(median(index, 'rate')),
      'of those without': `${Math.round((100 * median(index, 'rate')) / median(without, 'rate'))} %`,
      'µs a request': Math.round(median(index, 'processor') * 10) / 10,
      'p99 ms': median(index, 'p99'),
    };
  });
}
