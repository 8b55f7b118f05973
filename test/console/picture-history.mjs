// Simulates weeks of use on a server: users are created and sign in, tokens are created and used, mistakes
// are corrected.
import { createServer } from 'node:http';
import {
  ANNA,
  ELIF,
  EVENT_TARGETS,
  FIRST_DAY,
  HUMANS,
  NEWCOMER,
  ROLES,
  SERVICES,
  TOKENS,
} from './picture-data.mjs';
import { ADMIN, DAY, headersOf } from './picture-server.mjs';

/** Days that the chart of logins shows. */
const LOGIN_DAYS = 30;
/** Day with guesses at user names. */
const NIGHT_OF_GUESSES = 9;
/** Time in which the server sends the last events. */
const SENDING_MILLISECONDS = 3_000;

/**
 * Fills a server that is {@link FIRST_DAY} days old and returns the id of a token whose old secret is in use.
 */
export async function simulate(server) {
  const shared = { tokens: new Map(), dice: dice(20_251) };
  const receiver = await startReceiver();
  const acts = [
    ...arrivals(),
    ...eventTargets(receiver),
    ...tokenCreations(shared),
    ...daysOf(shared),
    ...edits(shared),
    ...rotation(shared),
  ];
  acts.sort(([one], [other]) => other - one);
  for (const [daysAgo, act] of acts) {
    await server.setClock(-daysAgo * DAY);
    await act(server);
  }
  await server.setClock(0);
  await new Promise((resolve) => setTimeout(resolve, SENDING_MILLISECONDS));
  receiver.close();
  return shared.tokens.get('Dashboards').id;
}

function arrivals() {
  const made = [...HUMANS, ...SERVICES.map((service) => ({ ...service, kind: 'service' }))];
  return [
    ...ROLES.map((role, index) => [
      FIRST_DAY - 0.3 - index / 100,
      async (server) => server.call('POST', '/roles', await server.as(ANNA), role),
    ]),
    ...made.map(({ since, kind = 'human', name, displayName, email, roles }) => [
      since + 0.4,
      async (server) =>
        server.call('POST', '/users', await server.as(since > 100 ? ANNA : ELIF), {
          name,
          kind,
          roles,
          ...(displayName && { displayName }),
          ...(email && { email }),
          ...(kind === 'human' && { password: ADMIN.password }),
        }),
    ]),
    [3.2, async (server) => server.call('POST', '/users', await server.as(ELIF), NEWCOMER)],
  ];
}

/** Receives webhooks: accepts them, or asks for a day of patience. */
async function startReceiver() {
  const receiver = createServer((request, response) => {
    request.resume();
    const isAccepted = request.url === '/ok';
    response.writeHead(isAccepted ? 204 : 503, isAccepted ? {} : { 'Retry-After': '86400' }).end();
  });
  await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  return receiver;
}

function eventTargets(receiver) {
  return EVENT_TARGETS.map(({ since, path, ...target }) => [
    since,
    async (server) =>
      server.call('POST', '/event-targets', await server.as(ANNA), {
        ...target,
        kind: path ? 'webhook' : 'email',
        ...(path && { url: `http://127.0.0.1:${receiver.address().port}${path}` }),
      }),
  ]);
}

function tokenCreations({ tokens }) {
  return TOKENS.map(({ user, note, since, endsIn, permissions }) => [
    since,
    async (server) => {
      const expirationTime = endsIn === undefined ? null : new Date(Date.now() + endsIn * DAY).toISOString();
      const dto = { note, expirationTime, ...(permissions && { permissions }) };
      const admin = await server.as(since > 100 ? ANNA : ELIF);
      tokens.set(note, await server.call('POST', `/users/${user}/tokens`, admin, dto));
    },
  ]);
}

/** Daily events: logins, wrong passwords, uses of tokens. */
function daysOf({ tokens, dice }) {
  const acts = [];
  for (let day = FIRST_DAY - 2; day >= 0; day -= 1) {
    const isWorkday = ![0, 6].includes(new Date(Date.now() - day * DAY).getUTCDay());
    const sometime = () => day + 0.02 + dice() * 0.3;
    if (day < LOGIN_DAYS) {
      const staff = [ANNA, ...HUMANS].filter(
        ({ since = FIRST_DAY, until = 0 }) => since > day + 1 && until <= day,
      );
      for (const person of staff.filter(() => dice() < (isWorkday ? 0.7 : 0.12))) {
        if (dice() < 0.12) {
          acts.push([sometime() + 0.3, (server) => server.failToLogIn(person.name, person.address)]);
        }
        acts.push([sometime(), (server) => server.logIn(person)]);
      }
      const guesses = day === NIGHT_OF_GUESSES ? 13 : dice() < 0.3 ? 1 : 0;
      for (let guess = 0; guess < guesses; guess += 1) {
        acts.push([sometime(), (server) => server.failToLogIn(`info${guess}`, '203.0.113.201')]);
      }
    }
    for (const { note, since, until = 0, uses, onWorkdays, agent, address } of TOKENS) {
      if (uses && since > day + 1 && until <= day && (isWorkday || !onWorkdays)) {
        const count = uses[0] + Math.round(dice() * (uses[1] - uses[0]));
        acts.push([sometime(), (server) => use(server, tokens.get(note), { agent, address }, count)]);
      }
    }
  }
  return acts;
}

function edits({ tokens }) {
  const by = (person, daysAgo, method, path, body) => [
    daysAgo,
    async (server) =>
      server.call(method, path, { ...(await server.as(person)), ...(body && { 'If-Match': '*' }) }, body),
  ];
  return [
    by(ELIF, 47, 'PATCH', '/roles/support', {
      permissions: ['users:read', 'users:write', 'tokens:read', 'tokens:write'],
    }),
    by(ANNA, 30.2, 'PATCH', '/users/ines', { roles: ['user', 'auditor'] }),
    by(ANNA, 16.9, 'PATCH', '/users/hana', { enabled: false }),
    by(ANNA, 5.8, 'PATCH', '/users/kofi.mensah', { roles: ['user'] }),
    by(ELIF, 4.1, 'PATCH', '/users/lena', { email: 'lena.brandt@example.org' }),
    [2.2, async (server) => server.call('POST', '/users/mateo/set-up-link', await server.as(ELIF))],
    [
      1.6,
      async (server) => {
        const { id } = tokens.get('Command line');
        const admin = { ...(await server.as(ELIF)), 'If-Match': '*' };
        await server.call('PATCH', `/tokens/${id}`, admin, { note: 'Command line, home office' });
      },
    ],
    by(ELIF, 0.22, 'PATCH', '/users/ines', { displayName: 'Inês Carvalho Lopes' }),
    ...[0.06, 0.059].map((daysAgo) => [daysAgo, (server) => server.failToLogIn('jonas', '2001:db8:44::9f')]),
  ];
}

/** Rotation of a service's token, with a client that still uses the old secret. */
function rotation({ tokens }) {
  const machine = { agent: 'Grafana/11.6', address: '192.0.2.51' };
  let old;
  return [
    [
      0.95,
      async (server) => {
        old = tokens.get('Dashboards');
        const admin = await server.as(ELIF);
        const dto = { gracePeriodSeconds: 172_800, version: old.version };
        tokens.set('Dashboards', await server.call('POST', `/tokens/${old.id}/rotate`, admin, dto));
      },
    ],
    [0.7, (server) => use(server, old, machine, 6)],
    [0.03, (server) => use(server, old, machine, 4)],
  ];
}

async function use(server, token, { agent, address }, count) {
  const headers = { ...headersOf(token), 'User-Agent': agent, 'X-Forwarded-For': address };
  for (let done = 0; done < count; done += 1) {
    await server.call('GET', '/me', headers);
  }
}

/** Pseudorandom numbers from 0 to 1, the same in each run. */
function dice(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
