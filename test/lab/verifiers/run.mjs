// Load on services with verifiers, with random revocations, a faulty link, a damaged feed and paused processes:
// npm run lab -- verifiers [minutes]
// Exits with 1 if a service accepted a token that it received after `effectiveBy` of its revocation, or nothing was revoked.
import { setTimeout as pause } from 'node:timers/promises';
import { DamagingProxy } from '../../support/damaging-proxy.mjs';
import { FaultyProxy } from './faulty-proxy.mjs';
import { healthOf, Lab, percentiles, statusOf, stopService } from './lab.mjs';

const MINUTES = Number(process.argv[2] ?? 20);
const TOKENS = 40;
const CLIENTS_PER_SERVICE = 3;
const DAMAGES = ['drop', 'repeat', 'swap', 'alter'];
const random = (min, max) => min + Math.random() * (max - min);

const lab = await Lab.start();
const [first, second] = lab.replicas;
const proxy = await FaultyProxy.open(second.url);
const damaging = await DamagingProxy.open(second.url);

/**
 * Each kind of link has tokens of its own, because a lost response of a faulty one can be a use that no
 * client knows of.
 */
const pools = { direct: [], faulty: [], damaged: [] };
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
  startService('express', damaging.url, 'damaged'),
]);
const used = new Map();
const times = { direct: [], faulty: [], damaged: [] };
const statuses = {};
/** Rejected requests whose token was valid when they began. The server may have counted their look-ups. */
const undecided = { direct: 0, faulty: 0, damaged: 0 };
let violations = 0;
/** Latest acceptance, in milliseconds after the revocation. */
let latest = 0;
let accepted = 0;
let pauses = 0;
let revocations = 0;
let isOver = false;

const clients = services.flatMap((service) =>
  Array.from({ length: CLIENTS_PER_SERVICE }, () => load(service)),
);
// Most heartbeats arrive, so that the memory is usually fresh.
damaging.choose = (event) =>
  Math.random() < (event.includes('event: user') ? 0.15 : 0.02)
    ? DAMAGES[Math.floor(random(0, 4))]
    : undefined;
const work = [breakLink(), pauseServices(), ...Object.keys(pools).map(revokeTokens)];
await pause(MINUTES * 60_000);
isOver = true;
await Promise.all([...clients, ...work]);

const health = await Promise.all(services.map(healthOf));
await Promise.all(services.map(stopService));
const uses = await countedUses();

console.log(JSON.stringify({ minutes: MINUTES, statuses, accepted, revocations, pauses }));
console.log(`accepted after effectiveBy: ${violations}`);
console.log(`latest acceptance: ${Math.round(latest)} ms after the response to the revocation`);
console.log(`damaged feed: ${damaging.feeds} connections, ${JSON.stringify(damaging.damaged)}`);
for (const [name, values] of Object.entries(times)) {
  console.log(`${name}: ${percentiles(values)} ms from the revocation, in ${values.length} cases`);
}
services.forEach(({ name, link }, index) => {
  const { local, asked } = health[index];
  console.log(
    `${name} (${link}): ${((100 * local) / (local + asked)).toFixed(2)} % of ${local + asked} from memory`,
  );
});
for (const [link, { counted, accepted }] of Object.entries(uses)) {
  console.log(
    `uses on ${link} links: ${counted} counted, ${accepted} accepted` +
      `, ${undecided[link]} rejected whose token was valid when they began`,
  );
}
await lab.stop();
process.exit(violations === 0 && revocations > 0 ? 0 : 1);

/** Sends requests with random tokens. */
async function load(service) {
  while (!isOver) {
    const token = pools[service.link][Math.floor(Math.random() * TOKENS)];
    const startedAt = performance.now();
    const status = await observe(service, token);
    undecided[service.link] += Number(status !== 200 && startedAt < (token.revokedAt ?? Infinity));
    statuses[status] = (statuses[status] ?? 0) + 1;
    await pause(random(10, 60));
  }
}

/** Sends a request, and counts it if it was accepted too late. */
async function observe(service, token) {
  const startedAt = Date.now();
  const status = await use(service, token);
  if (status === 200) {
    accepted += 1;
    violations += Number(startedAt > (token.effectiveBy ?? Infinity));
    latest = Math.max(latest, startedAt - (token.respondedAt ?? Infinity));
  }
  return status;
}

/** Revokes tokens of the services with this kind of link. */
async function revokeTokens(link) {
  while (!isOver) {
    const index = Math.floor(Math.random() * TOKENS);
    const token = pools[link][index];
    const affected = services.filter((service) => service.link === link);
    // So that it is in memory.
    await Promise.all(affected.map((service) => observe(service, token)));
    const start = performance.now();
    token.revokedAt = start;
    const revocation = lab.revoke(token).then((effectiveBy) => {
      token.effectiveBy = effectiveBy;
      token.respondedAt = Date.now();
      revocations += 1;
    });
    await Promise.all(
      affected.map(async (service) => {
        // A service whose link is silent answers 503 in the meantime.
        while ((await observe(service, token)) !== 401) {
          await pause(5);
        }
        times[link].push(performance.now() - start);
      }),
    );
    await revocation;
    pools[link][index] = await lab.createToken();
    await pause(random(1_000, 3_000));
  }
}

/** Suspends single services, longer than they may answer from the same data. */
async function pauseServices() {
  while (!isOver) {
    await pause(random(5_000, 15_000));
    const { child } = services[Math.floor(Math.random() * services.length)];
    child.kill('SIGSTOP');
    await pause(random(2_500, 5_000));
    child.kill('SIGCONT');
    pauses += 1;
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
    totals = Object.fromEntries(Object.keys(pools).map((link) => [link, { counted: 0, accepted: 0 }]));
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
