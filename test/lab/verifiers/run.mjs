// Load on services with verifiers, with random revocations and a faulty link: npm run verifiers -- [minutes]
// Exits with 1 if a service accepted a token after a complete proof, or if no proof was complete.
import { setTimeout as pause } from 'node:timers/promises';
import { FaultyProxy } from './faulty-proxy.mjs';
import { healthOf, Lab, percentiles, statusOf, stopService } from './lab.mjs';

const MINUTES = Number(process.argv[2] ?? 20);
const TOKENS = 40;
const CLIENTS_PER_SERVICE = 3;
const random = (min, max) => min + Math.random() * (max - min);

const lab = await Lab.start();
const [first, second] = lab.replicas;
const proxy = await FaultyProxy.open(second.url);

/** Direct and faulty links have tokens of their own, because a lost response can be a use that no client knows of. */
const pools = { direct: [], faulty: [] };
for (const pool of Object.values(pools)) {
  // One after the other, for a busy machine.
  while (pool.length < TOKENS) {
    pool.push(await lab.createToken());
  }
}
const services = await Promise.all([
  startService('nest', first.url, 'direct'),
  startService('express', second.url, 'direct'),
  startService('fastify', first.url, 'direct'),
  startService('fastify', proxy.url, 'faulty'),
]);
const used = new Map();
const times = { acknowledged: [], direct: [], faulty: [] };
const statuses = {};
/** Rejected requests whose token was valid when they began. The server may have counted their look-ups. */
const undecided = { direct: 0, faulty: 0 };
let violations = 0;
let complete = 0;
let revocations = 0;
let isOver = false;

const clients = services.flatMap((service) =>
  Array.from({ length: CLIENTS_PER_SERVICE }, () => load(service)),
);
const faults = breakLink();
const revoking = revokeTokens();
await pause(MINUTES * 60_000);
isOver = true;
await Promise.all([...clients, faults, revoking]);

const health = await Promise.all(services.map(healthOf));
await Promise.all(services.map(stopService));
const { direct, faulty } = await countedUses();

console.log(JSON.stringify({ minutes: MINUTES, statuses, revocations, complete }));
console.log(`accepted after an acknowledged revocation: ${violations}`);
for (const [name, values] of Object.entries(times)) {
  console.log(`${name}: ${percentiles(values)} ms from the revocation, in ${values.length} cases`);
}
services.forEach(({ name, link }, index) => {
  const { local, asked } = health[index];
  console.log(
    `${name} (${link}): ${((100 * local) / (local + asked)).toFixed(2)} % of ${local + asked} from memory`,
  );
});
for (const [link, { counted, accepted }] of Object.entries({ direct, faulty })) {
  console.log(
    `uses on ${link} links: ${counted} counted, ${accepted} accepted` +
      `, ${undecided[link]} rejected whose token was valid when they began`,
  );
}
await lab.stop();
process.exit(violations === 0 && complete > 0 ? 0 : 1);

/** Sends requests with random tokens. */
async function load(service) {
  while (!isOver) {
    const token = pools[service.link][Math.floor(Math.random() * TOKENS)];
    const startedAt = performance.now();
    const status = await use(service, token);
    undecided[service.link] += Number(status !== 200 && startedAt < (token.revokedAt ?? Infinity));
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status === 200 && startedAt > (token.deadAt ?? Infinity)) {
      violations += 1;
    }
    await pause(random(10, 60));
  }
}

async function revokeTokens() {
  while (!isOver) {
    const link = Math.random() < 0.75 ? 'direct' : 'faulty';
    const pool = pools[link];
    const index = Math.floor(Math.random() * TOKENS);
    const token = pool[index];
    const start = performance.now();
    token.revokedAt = start;
    const revocation = revoke(token, start);
    await Promise.all(
      services
        .filter((service) => service.link === link)
        .map(async (service) => {
          // A service whose link is silent answers 503 in the meantime.
          while ((await use(service, token)) !== 401) {
            await pause(5);
          }
          times[link].push(performance.now() - start);
        }),
    );
    await revocation;
    pool[index] = await lab.createToken();
    await pause(random(1_000, 3_000));
  }
}

async function revoke(token, start) {
  const proof = await lab.revoke(token);
  revocations += 1;
  if (proof.acknowledged === proof.verifiers && proof.replicasReached === proof.replicas) {
    token.deadAt = performance.now();
    times.acknowledged.push(token.deadAt - start);
    complete += 1;
  }
}

async function breakLink() {
  while (!isOver) {
    await pause(random(2_000, 8_000));
    const fault = [
      () => proxy.stall(random(200, 5_000)),
      () => proxy.slow(random(50, 1_500), random(1_000, 5_000)),
      () => proxy.drop(),
    ][Math.floor(random(0, 3))];
    await fault();
  }
}

async function startService(name, url, link) {
  return { ...(await lab.startService(name, url)), link };
}

/** Sends a request, and counts it if it was accepted. */
async function use(service, token) {
  const status = await statusOf(service, token);
  if (status === 200) {
    used.set(token.id, { link: service.link, uses: (used.get(token.id)?.uses ?? 0) + 1 });
  }
  return status;
}

/** Returns the accepted requests, and the uses that the server counted once it has written all. */
async function countedUses() {
  let totals;
  let previous = '';
  do {
    previous = JSON.stringify(totals);
    totals = { direct: { counted: 0, accepted: 0 }, faulty: { counted: 0, accepted: 0 } };
    // The server writes uses at least once a minute.
    await pause(65_000);
    for (const [id, { uses, link }] of used) {
      const response = await lab.call(first.url, 'GET', `/tokens/${id}/usage`);
      const { days } = await response.json();
      const total = totals[link];
      total.accepted += uses;
      total.counted += days.reduce((sum, day) => sum + day.uses, 0);
    }
  } while (JSON.stringify(totals) !== previous);
  return totals;
}
