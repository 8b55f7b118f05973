// Load on two servers and services with verifiers, with random revocations, while links fail, processes are
// paused and PostgreSQL fails over:
// npm run lab -- verifiers [minutes]
//
// Exits with 1 if a token was accepted after `effectiveBy` of its revocation, or if nothing was revoked.
import { setTimeout as pause } from 'node:timers/promises';
import { DamagingProxy } from '../../support/damaging-proxy.mjs';
import { StallingProxy } from '../../support/stalling-proxy.mjs';
import { healthOf, Lab, LEASE_MILLISECONDS, percentiles, statusOf, stopService } from './lab.mjs';

const MINUTES = Number(process.argv[2] ?? 20);
const TOKENS = 40;
const CLIENTS_PER_SERVICE = 3;
const REVOKERS = 5;
/** Time after `effectiveBy` in which a revoked token is still sent. */
const WATCHED_MILLISECONDS = 4_000;
/** Time until the old PostgreSQL is stopped. */
const FAULT_MILLISECONDS = 10_000;
/**
 * Delay of connections to a promoted PostgreSQL, long enough that the previous proof expires before a probe
 * succeeds.
 */
const SLOW_MILLISECONDS = 1_300;
const DAMAGES = ['drop', 'repeat', 'swap', 'alter'];
const random = (min, max) => min + Math.random() * (max - min);
const oneOf = (values) => values[Math.floor(random(0, values.length))];

const lab = await Lab.start();
const [first, second] = lab.replicas;
const proxy = await StallingProxy.open(second.url);
const damaging = await DamagingProxy.open(second.url);

const services = [
  { name: 'server', link: 'none', path: '/auth/verify', ...first },
  { name: 'server', link: 'none', path: '/auth/verify', ...second },
  ...(await Promise.all([
    startService('nest', first.url, 'direct'),
    startService('express', second.url, 'direct'),
    startService('fastify', first.url, 'direct'),
    startService('fastify', proxy.url, 'faulty'),
    startService('express', damaging.url, 'damaged'),
    startService('flask', first.url, 'direct'),
    startService('fastapi', proxy.url, 'faulty'),
    startService('django', damaging.url, 'damaged'),
  ])),
];
const verifiers = services.filter(({ link }) => link !== 'none');
const tokens = [];
// One after the other, for a busy machine.
while (tokens.length < TOKENS) {
  tokens.push(await createToken());
}
const revoked = [];
/** Milliseconds from the commit of a revocation to its first rejection, by link. */
const times = { none: [], direct: [], faulty: [], damaged: [] };
const counts = { requests: 0, accepted: 0, failovers: 0, pauses: 0, faults: 0 };
const statuses = {};
let isOver = false;

// Most heartbeats arrive, so that the memory is usually fresh.
damaging.choose = (event) =>
  Math.random() < (event.includes('event: user') ? 0.15 : 0.02) ? oneOf(DAMAGES) : undefined;
const work = [
  ...services.flatMap((service) => Array.from({ length: CLIENTS_PER_SERVICE }, () => load(service))),
  breakLink(),
  pauseProcesses(),
  failOver(),
  ...Array.from({ length: REVOKERS }, revokeTokens),
];
await pause(MINUTES * 60_000);
isOver = true;
await Promise.all(work);

const health = await Promise.all(verifiers.map(healthOf));
await Promise.all(verifiers.map(stopService));
await lab.stop();

// In milliseconds after `effectiveBy`.
const acceptances = revoked.flatMap(({ acceptances, effectiveBy }) =>
  acceptances.map((sentTime) => sentTime - effectiveBy),
);
const late = acceptances.filter((time) => time > 0).length;
console.log(
  JSON.stringify({
    minutes: MINUTES,
    revocations: revoked.length,
    ...counts,
    damaged: damaging.damaged,
    statuses,
  }),
);
console.log(`accepted after effectiveBy: ${late} of ${counts.accepted}`);
console.log(
  `latest acceptance, in milliseconds after effectiveBy: ${acceptances.reduce((a, b) => Math.max(a, b))}`,
);
for (const [link, values] of Object.entries(times)) {
  console.log(
    `link ${link}: ${percentiles(values)} ms from revocation to rejection, in ${values.length} cases`,
  );
}
verifiers.forEach(({ name, link }, index) => {
  const { local, asked } = health[index];
  const share = ((100 * local) / (local + asked)).toFixed(2);
  console.log(`${name} (link ${link}): ${share} % of ${local + asked} from memory`);
});
process.exit(late === 0 && revoked.length > 0 ? 0 : 1);

/** Sends requests with random tokens. */
async function load(service) {
  while (!isOver) {
    await send(service, oneOf(tokens));
    await pause(random(50, 250));
  }
}

/** Sends a request, records when it was sent if it is accepted, and returns whether it is rejected. */
async function send(service, token) {
  const sentTime = Date.now();
  // A server that was paused can close a connection.
  const status = await statusOf(service, token).catch(() => 'failed');
  statuses[status] = (statuses[status] ?? 0) + 1;
  counts.requests += 1;
  if (status === 200) {
    counts.accepted += 1;
    token.acceptances.push(sentTime);
  }
  return status === 401;
}

async function revokeTokens() {
  while (!isOver) {
    await revoke(oneOf(lab.replicas));
    await pause(random(0, 2_000));
  }
}

/** Replaces a token. Revokes it and sends it to all services until long after its revocation is in effect. */
async function revoke(replica) {
  const [token] = tokens.splice(Math.floor(random(0, tokens.length)), 1);
  // So that it is in memory.
  await Promise.all(services.map((service) => send(service, token)));
  const rejections = [];
  let end = Infinity;
  const revocation = lab.revoke(token, replica).then((effectiveBy) => {
    token.effectiveBy = effectiveBy;
    end = effectiveBy + WATCHED_MILLISECONDS;
  });
  await Promise.all(
    services.map(async (service) => {
      let isRejected = false;
      while (Date.now() < end) {
        if ((await send(service, token)) && !isRejected) {
          isRejected = true;
          rejections.push([service.link, Date.now()]);
        }
        await pause(isRejected ? 100 : 5);
      }
    }),
  );
  await revocation;
  revoked.push(token);
  for (const [link, time] of rejections) {
    times[link].push(time - (token.effectiveBy - LEASE_MILLISECONDS));
  }
  tokens.push(await createToken());
}

async function createToken() {
  return { ...(await lab.createToken()), acceptances: [] };
}

/** Suspends single processes, longer than they may answer from the same data. */
async function pauseProcesses() {
  while (!isOver) {
    await pause(random(5_000, 15_000));
    const { child } = oneOf(services);
    child.kill('SIGSTOP');
    await pause(random(2_500, 5_000));
    child.kill('SIGCONT');
    counts.pauses += 1;
  }
}

async function breakLink() {
  while (!isOver) {
    await pause(random(2_000, 8_000));
    const [fault, milliseconds] = oneOf([
      [() => proxy.stall(), random(200, 5_000)],
      [() => proxy.slow(random(50, 1_500)), random(1_000, 5_000)],
      [() => proxy.cut(), 0],
    ]);
    fault();
    await pause(milliseconds);
    proxy.resume();
    counts.faults += 1;
  }
}

/**
 * Promotes another PostgreSQL and revokes tokens there while one server is still connected to the old one.
 * Meanwhile the old one runs, is frozen or is killed, or the new one is slow.
 */
async function failOver() {
  while (!isOver) {
    await pause(random(30_000, 60_000));
    const old = await lab.failOver();
    const ahead = oneOf(lab.replicas);
    ahead.database.cut();
    ahead.database.resume();
    const [fault, undo = () => undefined] = oneOf([
      [() => undefined],
      [() => old.kill()],
      [() => old.freeze(), () => old.thaw()],
      [() => slowNew(SLOW_MILLISECONDS), () => slowNew(0)],
    ]);
    await fault();
    await Promise.all([pause(FAULT_MILLISECONDS), ...Array.from({ length: REVOKERS }, () => revoke(ahead))]);
    undo();
    await old.stop();
    counts.failovers += 1;
  }
}

function slowNew(milliseconds) {
  lab.replicas.forEach(({ database }) => database.slowNew(milliseconds));
}

async function startService(name, url, link) {
  return { ...(await lab.startService(name, url)), link };
}
