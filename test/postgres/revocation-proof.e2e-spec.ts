import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RevokedTokensDto, type VerifierListDto } from '@latchkey/auth-models';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { FeedClient } from '../support/feed-client.js';
import { type ServerProcess } from '../support/server-process.js';
import { useReplicas, waitUntil } from '../support/use-replicas.js';

const replicas = useReplicas();
let first: ServerProcess;
let second: ServerProcess;
let asAdmin: Headers;
let asService: Headers;
let feeds: FeedClient[];
let acknowledgeAt: ServerProcess;

beforeAll(async () => {
  [first, second] = [await replicas.startReceiving(), await replicas.startReceiving()];
  acknowledgeAt = second;
  asAdmin = await replicas.asAdmin(first);
  await first.client.createRole({ name: 'verifiers', permissions: ['tokens:introspect'] }, asAdmin);
  const { body: user } = await first.client.createUser(newUser({ roles: ['verifiers'] }), asAdmin);
  asService = tokenHeader((await first.client.createUserToken(user.name, asAdmin, {})).body);
  feeds = [
    await FeedClient.open(first.client.baseUrl, asService),
    await FeedClient.open(second.client.baseUrl, asService, { query: '&freshFor=10000' }),
  ];
});

afterAll(() => feeds.forEach((feed) => feed.close()));

const list = async ({ client }: ServerProcess) =>
  (await client.request<VerifierListDto>('GET', '/verifiers', { headers: asAdmin })).body.replicas;

const revoke = async (seconds: number) => {
  const { id } = await replicas.signUp(first, asAdmin);
  const { body } = await first.client.request<RevokedTokensDto>('DELETE', `/tokens/${id}?await=${seconds}`, {
    headers: asAdmin,
  });
  return body;
};

/** Acknowledges all syncs of a verifier, at the replica that `acknowledgeAt` names then. */
async function acknowledgeAll(feed: FeedClient): Promise<void> {
  const known = new Set<unknown>();
  for (;;) {
    const { data } = await feed.event(({ name, data: { id } }) => name === 'sync' && !known.has(id));
    known.add(data.id);
    await acknowledgeAt.client.request('POST', '/auth/revocations/acknowledgements', {
      headers: asService,
      body: { verifier: feed.verifier, sync: data.id },
    });
  }
}

describe('a revocation that waits for acknowledgements', () => {
  it('counts verifiers of all replicas, also if they acknowledge at another replica', async () => {
    await waitUntil(async () => (await list(first)).length === 2 && (await list(second)).length === 2);
    const [one, other] = feeds as [FeedClient, FeedClient];
    acknowledgeAll(one).catch(() => undefined);

    const incomplete = await revoke(1);
    acknowledgeAll(other).catch(() => undefined);
    const complete = await revoke(10);

    expect(incomplete).toMatchObject({ verifiers: 2, acknowledged: 1, replicas: 2, replicasReached: 2 });
    expect(complete).toMatchObject({ verifiers: 2, acknowledged: 2, replicas: 2, replicasReached: 2 });
  });

  it('lists the replicas with their addresses', async () => {
    const addresses = [first, second].map(({ client }) => new URL(client.baseUrl).host);

    await waitUntil(async () => (await list(first)).every(({ address }) => address !== undefined));

    expect((await list(first)).map(({ address }) => address)).toEqual(addresses);
  });

  it('ignores messages that no replica has sent', async () => {
    const id = randomUUID();
    const present = { kind: 'present', id, verifiers: 0, startTime: 0, version: '', name: { toString: 1 } };
    const forged = [
      '',
      '[',
      'null',
      '{}',
      JSON.stringify(present),
      JSON.stringify({ ...present, name: '', startTime: 1e300 }),
      JSON.stringify({ ...present, name: '', address: 'x'.repeat(101), lag: null }),
    ];
    await replicas.sql.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [
      'latchkey_replicas',
      forged,
    ]);

    expect(await revoke(10)).toMatchObject({ replicas: 2, replicasReached: 2 });
  });

  it('counts the verifiers of a replica that has stopped until they cannot answer from memory', async () => {
    acknowledgeAt = first;
    await second.stop();

    const proof = await revoke(10);

    expect(proof).toMatchObject({ verifiers: 2, acknowledged: 2, replicas: 1, replicasReached: 1 });
    expect(proof.milliseconds).toBeGreaterThan(100);
  });
});
