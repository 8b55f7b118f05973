// Requests a second of GET /auth/verify beside a bare Nest-on-Fastify route, in turn, on this machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { logIn, start, stop } from './server.mjs';

const ROUNDS = Number(process.argv[2] ?? 5);
const SECONDS = 4;
const CONNECTIONS = 50;
const NAME = 'admin';
const PASSWORD = 'only for this benchmark';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
const bare = await start('test/bench/bare-server.mjs', '/bare', {});
const environment = (name) => ({
  DATABASE_URL: `sqlite:${join(folder, `${name}.sqlite`)}`,
  LATCHKEY_ADMIN_PASSWORD: PASSWORD,
  LATCHKEY_LOG_LEVEL: 'warn',
});
const MAIN = 'dist/apps/api/bundle/main.js';
const latchkey = await start(MAIN, '/health/live', environment('cached'));
const asking = await start(MAIN, '/health/live', {
  ...environment('uncached'),
  LATCHKEY_TOKEN_CACHE_SECONDS: '0',
});
try {
  const token = await logIn(latchkey.url, NAME, PASSWORD);
  const subjects = [
    { name: 'bare route', url: `${bare.url}/bare`, headers: {} },
    { name: 'GET /auth/verify', url: `${latchkey.url}/auth/verify`, headers: { 'X-Auth-Token': token } },
    {
      name: 'GET /auth/verify, nothing remembered',
      url: `${asking.url}/auth/verify`,
      headers: { 'X-Auth-Token': await logIn(asking.url, NAME, PASSWORD) },
    },
  ];
  const rates = subjects.map(() => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, subject] of subjects.entries()) {
      const { requests, non2xx } = await autocannon({
        ...subject,
        connections: CONNECTIONS,
        duration: SECONDS,
      });
      if (non2xx > 0) {
        throw new Error(`${subject.name}: ${non2xx} answers were not 2xx`);
      }
      // The first round warms both up.
      if (round > 0) {
        rates[index].push(requests.average);
      }
    }
    process.stderr.write(round === 0 ? 'warm\n' : `round ${round} of ${ROUNDS}\n`);
  }
  report(subjects, rates);
} finally {
  await stop(bare);
  await stop(latchkey);
  await stop(asking);
  rmSync(folder, { recursive: true, force: true });
}

function report(subjects, rates) {
  const medians = rates.map((values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]);
  console.log(
    `${process.version}, ${availableParallelism()} cores, ${CONNECTIONS} connections, ${ROUNDS} x ${SECONDS} s`,
  );
  console.table(
    subjects.map(({ name }, index) => ({
      subject: name,
      'median req/s': Math.round(medians[index]),
      minimum: Math.round(Math.min(...rates[index])),
      maximum: Math.round(Math.max(...rates[index])),
      'of the bare route': `${Math.round((100 * medians[index]) / medians[0])} %`,
    })),
  );
}
