import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CreateTokenDto,
  type UserTokenDto,
  type VerifierListDto,
  type VerifierReportDto,
} from '@latchkey/auth-models';
import { createVerifier } from '@latchkey/client/verifier';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { DamagingProxy } from '../support/damaging-proxy.mjs';
import { newUser } from '../support/factories.js';
import { FeedClient } from '../support/feed-client.js';
import { ADMIN } from '../support/test-server.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { waitUntil } from '../support/wait-until.js';

const server = useServer();
const asAdmin = useAdmin(server);
const feeds: FeedClient[] = [];
let service: UserTokenDto;
let asService: Headers;
let adminId: string;

beforeAll(async () => {
  const role = { name: 'verifiers', permissions: ['tokens:introspect'] };
  await server.client.createRole(role, asAdmin);
  const { body: user } = await server.client.createUser(newUser({ roles: ['verifiers'] }), asAdmin);
  service = (await server.client.createUserToken(user.name, asAdmin, {})).body;
  asService = tokenHeader(service);
  adminId = (await server.client.user(ADMIN.name, asAdmin)).body.id;
});

afterEach(() => feeds.splice(0).forEach((feed) => feed.close()));

async function open(
  headers = asService,
  options?: Parameters<typeof FeedClient.open>[2],
): Promise<FeedClient> {
  const feed = await FeedClient.open(server.client.baseUrl, headers, options);
  feeds.push(feed);
  await feed.event(({ name }) => name === 'hello');
  return feed;
}

async function newToken() {
  const { body: user } = await server.client.createUser(newUser(), asAdmin);
  const { body: token } = await server.client.createUserToken(user.name, asAdmin, {});
  return { ...token, userId: user.id };
}

const isUser = (userId: string) => (event: { name: string; data: Record<string, unknown> }) =>
  event.name === 'user' && event.data.id === userId;

const report = (body: Partial<VerifierReportDto> & { verifier: string }, headers = asService) =>
  server.client.request<{ process: string; time: number }>('POST', '/auth/revocations/reports', {
    headers,
    body: { number: 1, name: 'test', local: 0, asked: 0, uses: [], ...body },
  });

const listVerifiers = async () =>
  (await server.client.request<VerifierListDto>('GET', '/verifiers', { headers: asAdmin })).body;

describe('GET /auth/revocations', () => {
  it('requires tokens:introspect', async () => {
    const { body: user } = await server.client.createUser(newUser({ roles: ['user'] }), asAdmin);
    const { body } = await server.client.createUserToken(user.name, asAdmin, {});

    await expect(open(tokenHeader(body))).rejects.toThrow('403');
  });

  it('sends the id of a user whose token is revoked, and heartbeats with the number of this event', async () => {
    const token = await newToken();
    const feed = await open();

    await server.client.revokeToken(token.id, asAdmin);
    const { id } = await feed.event(isUser(token.userId));
    const [hello] = feed.events;
    const beat = await feed.event(
      ({ name, data }) => name === 'heartbeat' && Number(data.time) > Number(hello?.data.time) + 400,
    );

    expect(feed.contentType).toBe('text/event-stream; charset=utf-8');
    expect(id).toMatch(/^[0-9a-f-]{36}\.\d+\.[0-9a-f]{8}$/);
    const numbers = [hello?.id, id, beat.id].map((text) => Number(text?.split('.')[1]));
    // With PostgreSQL, the process also receives its own notification, and sends the revocation again.
    expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
    expect(numbers[0]).toBeLessThan(numbers[1] ?? 0);
    expect(feed.events.indexOf(beat)).toBeGreaterThan(0);
  });

  it('continues after the last event of a broken connection', async () => {
    const [before, during] = [await newToken(), await newToken()];
    const first = await open();
    await server.client.revokeToken(before.id, asAdmin);
    await first.event(isUser(before.userId));
    first.close();
    await server.client.revokeToken(during.id, asAdmin);

    const second = await open(
      { ...asService, 'Last-Event-ID': first.lastEventId },
      { verifier: first.verifier },
    );
    await second.event(isUser(during.userId));

    expect(second.events.some(({ name }) => name === 'all')).toBe(false);
  });

  it('sends nothing when a session is bumped', async () => {
    const { body: session } = await server.client.login(ADMIN.name, ADMIN.password);
    const feed = await open();

    await server.client.bump(tokenHeader(session));
    await server.client.revokeToken((await newToken()).id, asAdmin);
    await feed.event(({ name }) => name === 'user');

    expect(feed.events.some(isUser(adminId))).toBe(false);
  });

  it.each(['junk', `${randomUUID()}.3`, ''])('sends all after the unknown event %j', async (lastEventId) => {
    const feed = await open({ ...asService, 'Last-Event-ID': lastEventId });

    await feed.event(({ name }) => name === 'all');
  });

  it('ends when the token of the verifier is revoked', async () => {
    const { body: user } = await server.client.createUser(newUser({ roles: ['verifiers'] }), asAdmin);
    const { body } = await server.client.createUserToken(user.name, asAdmin, {});
    const feed = await open(tokenHeader(body));

    await server.client.revokeToken(body.id, asAdmin);

    await feed.closed();
  });

  it.each(['&freshFor=499', '&freshFor=2001', '&nmae=x'])('rejects the query %s', async (query) => {
    await expect(open(asService, { query })).rejects.toThrow('400');
  });
});

describe('a verifier behind a proxy that damages the feed', () => {
  it.each([
    ['drop', 2],
    ['repeat', 1],
    ['swap', 2],
    ['alter', 2],
  ] as const)('accepts a revoked token for less than 2 s: %s its revocation', async (kind, feeds) => {
    const token = await newToken();
    const proxy = await DamagingProxy.open(server.client.baseUrl);
    const verifier = createVerifier({
      url: proxy.url,
      token: service.token ?? '',
      onWarning: () => undefined,
    });
    const isAccepted = () =>
      verifier.verify(token.token ?? '').then(
        () => true,
        () => false,
      );
    await waitUntil(() => verifier.status().fresh);
    await waitUntil(async () => (await isAccepted()) && verifier.status().local > 0);
    proxy.choose = (event) => (proxy.damaged[kind] === 0 && event.includes('event: user') ? kind : undefined);

    await server.client.revokeToken(token.id, asAdmin);
    const revokedAt = performance.now();
    let acceptedAt = -Infinity;
    await waitUntil(async () => {
      const now = performance.now();
      acceptedAt = (await isAccepted()) ? now : acceptedAt;
      return acceptedAt < now;
    });
    // The new connection resumes.
    await waitUntil(() => verifier.status().fresh && proxy.feeds === feeds);
    await verifier.close();
    proxy.close();

    expect(proxy.damaged).toMatchObject({ [kind]: 1 });
    expect(acceptedAt - revokedAt).toBeLessThan(2_000);
  });
});

describe('GET /metrics', () => {
  it('counts events, and measures the lag of verifiers', async () => {
    const series = [
      'latchkey_revocation_feed_events_total{event="user"}',
      'latchkey_verifier_lag_seconds_sum',
      'latchkey_verifiers',
      'latchkey_verifiers_behind',
    ];
    const read = async () => {
      const { text } = await server.client.request('GET', '/metrics', { headers: asAdmin });
      const lines = text.split('\n').map((line) => line.split(' '));
      return series.map((name) => Number(lines.find(([found]) => found === name)?.[1]));
    };
    const token = await newToken();
    const feed = await open();
    const before = await read();

    await server.client.revokeToken(token.id, asAdmin);
    await report({ verifier: feed.verifier, lag: 30_000 });
    const after = await read();

    const [events, ...others] = after.map((value, index) => Math.round(value - before[index]!));
    // With PostgreSQL, the process also receives its own notification.
    expect(events).toBeGreaterThan(0);
    expect(others).toEqual([30, 0, 0]);
    expect(after.slice(-2)).toEqual([1, 0]);
  });
});

describe('GET /verifiers', () => {
  it('lists replicas and verifiers with their share of local answers', async () => {
    const verifier = randomUUID();
    await report({ verifier, name: 'orders', version: '1.2.3', local: 98, asked: 2, lag: 4 });
    await report({ verifier, name: 'orders', version: '1.2.3', number: 2, local: 2, asked: 0, lag: 1 });

    const body = await listVerifiers();

    expect(body.replicas).toMatchObject([{ address: new URL(server.client.baseUrl).host }]);
    expect(body.verifiers.find(({ id }) => id === verifier)).toMatchObject({
      name: 'orders',
      version: '1.2.3',
      active: true,
      lag: 1,
      local: 100,
      asked: 2,
    });
    expect(body.total).toBe(body.verifiers.length);
  });
});

describe('POST /auth/introspect', () => {
  it.each<[string, CreateTokenDto, number, boolean]>([
    ['an ordinary token', {}, 60, false],
    ['a token with a maximum number of uses', { maxUses: 5 }, 0, false],
    ['a token with a rate limit', { rateLimit: { limit: 5, windowSeconds: 10 } }, 0, false],
    ['a token that is limited to addresses', { allowedAddresses: ['192.0.2.1'] }, 60, true],
  ])('tells verifiers how long they may remember %s', async (_, limits, remember, isBound) => {
    const { body: user } = await server.client.createUser(newUser(), asAdmin);
    const { body: token } = await server.client.createUserToken(user.name, asAdmin, limits);

    const { body } = await server.client.introspect(
      { token: token.token ?? '', address: '192.0.2.1' },
      asService,
    );

    expect(body).toMatchObject({ active: true, remember_for: remember, bound_to_address: isBound });
  });
});
