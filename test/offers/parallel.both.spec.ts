import { describe, expect, it } from '@jest/globals';
import { type OfferDto } from '@latchkey/auth-models';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens, type TokenWithHeaders } from '../support/use-tokens.js';

const server = useServer({ environment: { LATCHKEY_API_TOKENS_PER_USER: '5' } });
const asAdmin = useAdmin(server);
const { signUp, signUpWithPermissions } = useTokens(server, asAdmin);

let count = 0;

async function createTemplate(permissions: string[] = []): Promise<string> {
  count += 1;
  const dto = { name: `template-${count}`, expiresIn: 3_600, permissions };
  expect((await server.client.createTokenTemplate(dto, asAdmin)).status).toBe(201);
  return dto.name;
}

/** Creates a request for a token with `users:read`. */
async function requestToken(): Promise<{ request: OfferDto; requester: TokenWithHeaders }> {
  const requester = await signUpWithPermissions('users:read');
  const template = await createTemplate(['users:read']);
  const { status, body } = await server.client.requestToken({ template }, requester.headers);
  expect(status).toBe(201);
  return { request: body, requester };
}

/** Creates a user who can decide on these requests. Returns a session. */
const signUpApprover = () =>
  signUpWithPermissions('roles:write', 'tokens:read', 'tokens:write', 'users:read');

const send = <T>(times: number, request: () => Promise<T>) =>
  Promise.all(Array.from({ length: times }, request));

async function createLink(name: string): Promise<string> {
  const { body } = await server.client.createOffer(name, asAdmin);
  return body.link?.split('#')[1] ?? '';
}

describe('parallel claims of a link', () => {
  it('create one token', async () => {
    const { user } = await signUp();
    const secret = await createLink(user);

    const answers = await send(20, () => server.client.claim(secret));

    const codes = answers.map(({ status, body }) => (status === 201 ? 'created' : body.code)).sort();
    expect(codes).toEqual(['created', ...Array<string>(19).fill('offer_claimed')]);
    expect((await server.client.userTokens(user, asAdmin, '?kind=api')).body.total).toBe(1);
  });

  it('report the winner to the loser, even if the winner has reached the limit of tokens', async () => {
    const { user } = await signUp();
    const secret = await createLink(user);
    await send(4, () => server.client.createUserToken(user, asAdmin));

    const answers = await send(5, () => server.client.claim(secret));

    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set([undefined, 'offer_claimed']));
  });
});

describe('parallel changes of requests', () => {
  it('create at most five open ones, and another one after a withdrawal', async () => {
    const { headers } = await signUp();
    const template = await createTemplate();

    const answers = await send(7, () => server.client.requestToken({ template }, headers));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 201, 409, 409]);
    const id = answers.find(({ status }) => status === 201)?.body.id ?? '';
    expect((await server.client.withdrawOffer(id, headers)).status).toBe(204);
    expect((await server.client.requestToken({ template }, headers)).status).toBe(201);
  });

  it('approve once', async () => {
    const { request } = await requestToken();
    const approver = await signUpApprover();

    const answers = await Promise.all(
      [asAdmin, approver.headers].map((headers) => server.client.decideOffer(request.id, 'approve', headers)),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('reject after an approval and a rejection at once', async () => {
    const { request } = await requestToken();
    const approver = await signUpApprover();

    const [, rejected] = await Promise.all([
      server.client.decideOffer(request.id, 'approve', asAdmin),
      server.client.decideOffer(request.id, 'reject', approver.headers),
    ]);

    // A rejection that read the request before its approval was stored gets 409, and can be repeated.
    expect([200, 409]).toContain(rejected.status);
    if (rejected.status === 409) {
      expect((await server.client.decideOffer(request.id, 'reject', approver.headers)).status).toBe(200);
    }
    const { items } = (await server.client.offers(asAdmin, '?size=200')).body;
    expect(items.find(({ id }) => id === request.id)?.state).toBe('rejected');
  });

  it('create one token for two claims', async () => {
    const { request, requester } = await requestToken();
    expect((await server.client.decideOffer(request.id, 'approve', asAdmin)).status).toBe(200);

    const answers = await send(2, () => server.client.claimOffer(request.id, requester.headers));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await server.client.myTokens(requester.headers, '?kind=api')).body.total).toBe(1);
  });
});
