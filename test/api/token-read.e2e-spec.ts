import { beforeAll, describe, expect, it } from '@jest/globals';
import { type UpdateTokenDto } from '@latchkey/auth-models';
import { useAdmin, useServer } from '../support/use-server.js';
import { fromNow, useTokens, type TokenInUse } from '../support/use-tokens.js';

const DAY = 86_400_000;

const server = useServer();
const asAdmin = useAdmin(server);
const { signUp, signUpWith, make, stopClock } = useTokens(server, asAdmin);

/** May see all tokens, and change none. */
let reader: TokenInUse;
/** May change all tokens, and see none. */
let writer: TokenInUse;

beforeAll(async () => {
  reader = await signUpWith('tokens:read');
  writer = await signUpWith('tokens:write');
});

const patch = (id: string, dto: UpdateTokenDto, { headers }: { headers: Record<string, string> }) =>
  server.client.updateToken(id, dto, { 'If-Match': '*', ...headers });

/** An answer without what tells requests apart. */
const problem = ({ status, body }: { status: number; body: { traceId?: string } }) => {
  const { traceId: _, ...rest } = body;
  return [status, rest];
};

describe('GET /tokens/{id}', () => {
  it('returns 200 with the ETag to the owner, also for the presented token', async () => {
    const session = await signUp();
    const token = await make(session, { note: 'mine' });

    const { status, headers, body } = await server.client.token(token.id, session.headers);
    const own = await server.client.token(session.id, session.headers);

    expect([status, headers.get('etag')]).toEqual([200, '"0"']);
    expect(body).toMatchObject({ id: token.id, user: session.user, note: 'mine', state: 'active' });
    expect([own.status, own.body.id]).toEqual([200, session.id]);
  });

  it("returns 200 for another user's token with tokens:read", async () => {
    const { id } = await signUp();

    const { status, body } = await server.client.token(id, reader.headers);

    expect([status, body.id]).toEqual([200, id]);
  });

  it("returns the same 404 for another user's token as for an unknown one", async () => {
    const { id } = await signUp();
    const other = await signUp();

    const hidden = await server.client.token(id, other.headers);
    const unknown = await server.client.token('unknown', other.headers);

    expect([hidden.status, hidden.body.code]).toEqual([404, 'not_found']);
    expect(problem(hidden)).toEqual(problem(unknown));
    expect((await server.client.token(id, writer.headers)).status).toBe(404);
  });

  it('returns the state of the token, also after it has expired', async () => {
    const session = await signUp();
    const [off, revoked, expired] = [
      await make(session),
      await make(session),
      await make(session, { expirationTime: fromNow(DAY) }),
    ];
    await patch(off.id, { enabled: false }, session);
    await server.client.revokeToken(revoked.id, session.headers);
    stopClock(expired.expirationTime ?? '');

    const states = await Promise.all(
      [session, off, revoked, expired].map(
        async ({ id }) => (await server.client.token(id, session.headers)).body.state,
      ),
    );

    expect(states).toEqual(['active', 'disabled', 'revoked', 'expired']);
  });
});
