import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LatchkeyClient } from './latchkey-client.js';

const MINUTE = 60_000;
const START = Date.parse('2026-12-01T10:00:00.000Z');
/** The server's clock is an hour ahead of the client's. */
const AHEAD = 60 * MINUTE;

let requests: string[];
/** Response to the next bump: minutes until the new expiry, or a status. */
let bump: { minutes?: number; status?: number; headers?: Record<string, string> };

const serverTime = (minutes = 0) => new Date(Date.now() + AHEAD + minutes * MINUTE).toISOString();

function respond(path: string): Response {
  if (path === '/auth/login') {
    return Response.json({
      ...{ user: 'anna', token: 'secret', kind: 'session', creationTime: serverTime() },
      ...{ idleExpirationTime: serverTime(20), expirationTime: serverTime(600) },
    });
  }
  const { minutes = 20, status = 200, headers } = bump;
  return path === '/auth/bump'
    ? Response.json(
        { lastLoginTime: serverTime() },
        { status, headers: { 'X-Auth-Token-Expires': serverTime(minutes), ...headers } },
      )
    : Response.json({});
}

const createClient = () =>
  new LatchkeyClient({
    url: 'https://auth.example.org/base/',
    retries: 0,
    fetch: (input) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const path = pathname.replace('/base', '');
      requests.push(path);
      return Promise.resolve(respond(path));
    },
  });

beforeEach(() => {
  jest.useFakeTimers({ now: START });
  requests = [];
  bump = {};
});

afterEach(() => {
  jest.useRealTimers();
});

/** Asks for the header field after each of these minutes. Returns the number of bumps after each. */
async function bumpsAfter(client: LatchkeyClient, ...minutes: number[]): Promise<number[]> {
  const counts = [];
  for (const minute of minutes) {
    jest.setSystemTime(START + minute * MINUTE);
    client.headers();
    await jest.advanceTimersByTimeAsync(0);
    counts.push(requests.filter((path) => path === '/auth/bump').length);
  }
  return counts;
}

describe('a session', () => {
  it('is bumped when half of its idle lifetime is over, whatever the clock of the server', async () => {
    const client = createClient();
    await client.logIn('anna', 'password');

    expect(await bumpsAfter(client, 1, 9, 10, 19, 20)).toEqual([0, 0, 1, 1, 2]);
  });

  it('is not bumped again when a bump did not extend it', async () => {
    const client = createClient();
    await client.logIn('anna', 'password');
    jest.setSystemTime(START + 10 * MINUTE);
    // As after the login: the session has reached its absolute expiry.
    bump = { minutes: 10 };

    expect(await bumpsAfter(client, 10, 18, 19)).toEqual([1, 1, 1]);
  });

  it.each([503, 403])('is kept in use, and bumped later, when the bump returns %i', async (status) => {
    const client = createClient();
    await client.logIn('anna', 'password');
    bump = { status, headers: { 'Retry-After': '120' } };

    expect(await bumpsAfter(client, 10, 11, 12)).toEqual([1, 1, 2]);
    expect(client.credentials).toMatchObject({ token: 'secret' });
  });

  it('is forgotten when the bump returns 401', async () => {
    const client = createClient();
    await client.logIn('anna', 'password');
    bump = { status: 401 };

    expect(await bumpsAfter(client, 10)).toEqual([1]);
    expect(client.credentials).toBeUndefined();
  });
});

describe('an API token', () => {
  it('is never bumped, and sent as Bearer without a user', async () => {
    const client = createClient();
    client.credentials = { token: 'secret', kind: 'api' };

    expect(await bumpsAfter(client, 1, 10_000)).toEqual([0, 0]);
    expect(client.headers()).toEqual({ Authorization: 'Bearer secret' });
  });

  it('is not rotated without a grace period, which could lose it', async () => {
    const client = createClient();
    client.credentials = { token: 'secret' };

    await expect(client.rotate(() => undefined, { gracePeriodSeconds: 0 })).rejects.toThrow(RangeError);
    expect(requests).toEqual([]);
  });
});

it('encodes names and passwords in UTF-8', () => {
  const client = createClient();
  client.credentials = { user: 'jürgen', token: 'sécret' };

  const { 'X-Auth-Token': header = '' } = client.headers();
  expect(Buffer.from(header, 'base64').toString()).toBe('jürgen:sécret');
});

it('does not show the token in logs', () => {
  const client = new LatchkeyClient({ url: 'https://auth.example.org', credentials: { token: 'secret' } });

  expect(inspect(client, { depth: null, showHidden: true })).not.toContain('secret');
  expect(JSON.stringify(client)).not.toContain('secret');
});
