import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ExplanationDto, type ExplanationListDto, type VerifierListDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { type ServerProcess } from '../support/server-process.js';
import { useReplicas } from '../support/use-replicas.js';
import { waitUntil } from '../support/wait-until.js';

const replicas = useReplicas();
let servers: ServerProcess[];
let asAdmin: Headers;

beforeAll(async () => {
  servers = [
    await replicas.startReceiving(),
    await replicas.startReceiving(),
    await replicas.startReceiving(),
  ];
  asAdmin = await replicas.asAdmin(servers[0]!);
  await waitUntil(
    () =>
      Promise.all(
        servers.map(({ client }) =>
          client.request<VerifierListDto>('GET', '/verifiers', { headers: asAdmin }),
        ),
      ),
    (lists) => lists.every(({ body }) => body.replicas.length === servers.length),
  );
});

describe('explanations with replicas', () => {
  it('are found on each replica, and gathered from all', async () => {
    const [first] = servers as [ServerProcess];
    const token = await replicas.signUp(first, asAdmin);
    await first.client.revokeToken(token.id, asAdmin);
    const ids: string[] = [];
    for (const { client } of servers) {
      ids.push((await client.verify(token.headers)).headers.get('x-request-id') ?? '');
    }

    const found = await Promise.all(
      servers.flatMap(({ client }) =>
        ids.map((id) => client.request<ExplanationDto>('GET', `/explanations/${id}`, { headers: asAdmin })),
      ),
    );
    const lists = await Promise.all(
      servers.map(({ client }) =>
        client.request<ExplanationListDto>('POST', '/explanations', {
          headers: asAdmin,
          body: { tokenId: token.id },
        }),
      ),
    );

    expect(found.map(({ body }) => body.traceId)).toEqual([...ids, ...ids, ...ids]);
    expect(found.map(({ body }) => body.cause)).toEqual(found.map(() => 'token_revoked'));
    for (const { body } of lists) {
      expect(body.items.map(({ traceId }) => traceId)).toEqual([...ids].reverse());
    }
  });

  it('show a secret that was rotated away to its owner, on another replica', async () => {
    const [first, second] = servers as [ServerProcess, ServerProcess];
    const owner = await replicas.signUp(first, asAdmin);
    const { body: token } = await first.client.createMyToken(owner.headers);
    await first.client.rotateToken(token.id, owner.headers);
    const answer = await first.client.verify(tokenHeader(token));

    const { body } = await second.client.request<ExplanationDto>(
      'GET',
      `/explanations/${answer.headers.get('x-request-id')}`,
      { headers: owner.headers },
    );

    expect(body).toMatchObject({ cause: 'grace_period_over', token: { id: token.id } });
  });

  it('are found although the rejection has long and unusual texts', async () => {
    const [first, second] = servers as [ServerProcess, ServerProcess];
    const token = await replicas.signUp(first, asAdmin);
    const query = Array.from({ length: 40 }, (_, index) => `permission=orders:read-${index}`).join('&');
    const headers = { ...token.headers, 'User-Agent': '"\\'.repeat(100) };
    const answer = await first.client.verify(headers, `?${query}`);

    const { body } = await second.client.request<ExplanationDto>(
      'GET',
      `/explanations/${answer.headers.get('x-request-id')}`,
      { headers: asAdmin },
    );

    expect(body).toMatchObject({ cause: 'missing_permission', remedy: { kind: 'register_permission' } });
  });

  it('return 404 for an unknown id, also while a replica does not answer', async () => {
    const [first, , third] = servers as [ServerProcess, ServerProcess, ServerProcess];
    third.child.kill('SIGSTOP');
    const { status } = await first.client.request('GET', '/explanations/unknown', { headers: asAdmin });
    third.child.kill('SIGCONT');

    expect(status).toBe(404);
  });
});
