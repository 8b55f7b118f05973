// Events: what they add to the creation of a token, how soon they arrive, and verifications beside receivers
// that never respond.
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { load, processorSeconds } from './measure.mjs';
import { logIn, send } from './server.mjs';

/** Tokens per figure, created one after the other. */
const CREATIONS = 300;
/** Events per figure whose delays are measured. */
const DELIVERIES = 100;
/** The server allows 1,000 targets, with the one for owners. */
const STALLED = Number(process.env.BENCH_RECEIVERS ?? 990);
/** Interval of the events for stalled receivers. Each is another delivery for all of them. */
const CAUSE_MILLISECONDS = 5_000;
const EVENT_MILLISECONDS_MAX = 120_000;
/** Time without requests after which no events of earlier figures are on their way. */
const QUIET_MILLISECONDS = 1_000;

const ENVIRONMENT = {
  LATCHKEY_EVENT_HOSTS: '127.0.0.1',
  LATCHKEY_API_TOKENS_PER_USER: '100000',
  LATCHKEY_FRESH_SECONDS: '31622400',
  LATCHKEY_SEAL_KEY: Buffer.alloc(32, 8).toString('base64'),
};

export async function subjectsOf(servers) {
  const receiver = await openReceiver();
  const stalledPort = await listen(createTcpServer((socket) => socket.on('error', () => undefined).resume()));
  const subjects = [];
  for (const [database, start] of await servers.onEachDatabase()) {
    const [quiet, watched, crowded] = [
      await start(ENVIRONMENT),
      await start(ENVIRONMENT),
      await start(ENVIRONMENT),
    ];
    for (const server of [quiet, watched, crowded]) {
      server.token = await logIn(server.url);
    }
    const name = `${subjects.length}`;
    await addTarget(watched, 'receiver', `http://127.0.0.1:${receiver.port}/${name}`);
    await addTarget(crowded, 'receiver', `http://127.0.0.1:${receiver.port}/${name}`);
    for (let number = 0; number < STALLED; number += 1) {
      await addTarget(
        crowded,
        `stalled-${number}`,
        `http://127.0.0.1:${stalledPort}/${number}`,
        'user.disabled',
      );
    }
    await send(crowded.url, crowded.token, 'POST', '/users', { name: 'anna', kind: 'service' });
    const creation = { name: `create a token on ${database}, without targets`, measure: () => create(quiet) };
    const verification = {
      name: `GET /auth/verify on ${database}`,
      measure: () => load(quiet.child, verify(quiet)),
    };
    const delivery = {
      name: `event on ${database}`,
      measure: () => deliver(watched, receiver),
    };
    const leak = {
      name: `leak on ${database}`,
      comparedWith: delivery,
      measure: () => deliver(watched, receiver, true),
    };
    subjects.push(
      creation,
      {
        name: `create a token on ${database}, with a webhook`,
        comparedWith: creation,
        measure: () => create(watched),
      },
      delivery,
      leak,
      {
        name: `event on ${database}, beside ${STALLED} stalled receivers`,
        comparedWith: delivery,
        measure: () => besideStalled(crowded, () => deliver(crowded, receiver)),
      },
      verification,
      {
        name: `GET /auth/verify on ${database}, beside ${STALLED} stalled receivers`,
        comparedWith: verification,
        measure: () => besideStalled(crowded, () => load(crowded.child, verify(crowded))),
      },
    );
  }
  return subjects;
}

function verify({ url, token }) {
  return { url: `${url}/auth/verify`, headers: { 'X-Auth-Token': token } };
}

async function addTarget({ url, token }, name, target, ...types) {
  const body = {
    name,
    kind: 'webhook',
    url: target,
    types: types.length > 0 ? types : ['token.created', 'token.leaked'],
  };
  await send(url, token, 'POST', '/event-targets', body);
}

/** Creates tokens one after the other. The processor time includes that of the deliveries. */
async function create({ child, url, token }) {
  const before = processorSeconds(child);
  const times = [];
  for (let count = 0; count < CREATIONS; count += 1) {
    const start = performance.now();
    await createToken({ url, token });
    times.push(performance.now() - start);
  }
  return {
    ...percentiles(times),
    'ms of processor': ((processorSeconds(child) - before) * 1_000) / CREATIONS,
  };
}

function createToken({ url, token }) {
  return send(url, token, 'POST', '/me/tokens', {});
}

/** Causes events one after the other and measures the time from the request until each arrives. */
async function deliver(server, receiver, isLeak = false) {
  await receiver.isQuiet();
  const times = [];
  for (let count = 0; count < DELIVERIES; count += 1) {
    let start = performance.now();
    const { id, token } = await createToken(server);
    if (isLeak) {
      await receiver.arrival('token.created', id);
      start = performance.now();
      await send(server.url, server.token, 'POST', '/auth/report-leak', { tokens: [token] });
    }
    times.push((await receiver.arrival(isLeak ? 'token.leaked' : 'token.created', id)) - start);
  }
  return percentiles(times);
}

/** Measures while all stalled targets have deliveries, and get more. */
async function besideStalled(server, measure) {
  let isOver = false;
  const causing = (async () => {
    for (let isEnabled = false; !isOver; isEnabled = !isEnabled) {
      const { version } = await send(server.url, server.token, 'GET', '/users/anna');
      await send(server.url, server.token, 'PATCH', '/users/anna', { enabled: isEnabled, version });
      await pause(CAUSE_MILLISECONDS);
    }
  })();
  try {
    await pause(2_000);
    return await measure();
  } finally {
    isOver = true;
    await causing;
  }
}

function percentiles(times) {
  times.sort((a, b) => a - b);
  return { 'p50 ms': times[times.length / 2], 'p99 ms': times[Math.floor(times.length * 0.99)] };
}

/** Starts a receiver that responds at once and keeps the times at which events arrive. */
async function openReceiver() {
  const arrivals = new Map();
  let lastAt = 0;
  const port = await listen(
    createHttpServer((request, response) => {
      request.toArray().then((chunks) => {
        lastAt = performance.now();
        const { type, data } = JSON.parse(Buffer.concat(chunks).toString());
        response.writeHead(204).end();
        arrivals.set(`${type} ${data.tokens[0].id}`, lastAt);
      });
    }),
  );
  /** Waits for the event of a type about a token, and returns its time. */
  const arrival = async (type, id) => {
    const end = performance.now() + EVENT_MILLISECONDS_MAX;
    while (!arrivals.has(`${type} ${id}`)) {
      if (performance.now() > end) {
        throw new Error(`No ${type} arrived`);
      }
      await pause(1);
    }
    return arrivals.get(`${type} ${id}`);
  };
  const isQuiet = async () => {
    while (performance.now() - lastAt < QUIET_MILLISECONDS) {
      await pause(100);
    }
  };
  return { port, arrival, isQuiet };
}

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return server.address().port;
}
