// Logins, compared with the hash alone, and verifications while others log in.
import { availableParallelism } from 'node:os';
import { Algorithm, hash, verify } from '@node-rs/argon2';
import autocannon from 'autocannon';
import { load } from './measure.mjs';
import { CREDENTIALS, logIn } from './server.mjs';

const SECONDS = 4;
/** A third of what two cores can process. */
const STEADY_RATE = 30 * (availableParallelism() / 2);
const VERIFICATIONS = { connections: 50, overallRate: 200 };
const LOGGING_IN = 4;

export async function subjectsOf(servers) {
  const { child, url } = await servers.start();
  const headers = { 'X-Auth-Token': await logIn(url) };
  const logins = { url: `${url}/auth/login`, method: 'POST', headers: CREDENTIALS };
  const bumps = { url: `${url}/auth/bump`, method: 'POST', headers };
  const verifications = { url: `${url}/auth/verify`, headers, ...VERIFICATIONS };
  const alone = { name: 'hash alone, argon2id 19456/2/1', measure: hashAlone };
  const quiet = {
    name: `${VERIFICATIONS.overallRate} verifications/s`,
    measure: () => load(child, verifications),
  };
  return [
    alone,
    {
      name: 'POST /auth/login',
      comparedWith: alone,
      // Enough connections to keep the server busy.
      measure: () => load(child, { ...logins, connections: 4 * availableParallelism() }),
    },
    {
      name: `POST /auth/login, ${STEADY_RATE}/s`,
      comparedWith: alone,
      measure: () => load(child, { ...logins, overallRate: STEADY_RATE }),
    },
    { name: 'POST /auth/bump', measure: () => load(child, bumps) },
    quiet,
    {
      name: `${quiet.name} while ${LOGGING_IN} connections log in`,
      comparedWith: quiet,
      measure: async () => {
        const flood = autocannon({ ...logins, connections: LOGGING_IN, duration: 10 * SECONDS });
        try {
          return await load(child, verifications);
        } finally {
          flood.stop();
          await flood;
        }
      },
    },
  ];
}

/** Verifies a hash on all cores. */
async function hashAlone() {
  const options = { algorithm: Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
  const stored = await hash('only for this benchmark', options);
  let count = 0;
  const start = performance.now();
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      while (performance.now() < start + SECONDS * 1_000) {
        await verify(stored, 'only for this benchmark');
        count += 1;
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return {
    'per second': (count * 1_000) / (performance.now() - start),
    'µs of processor': (user + system) / count,
  };
}
