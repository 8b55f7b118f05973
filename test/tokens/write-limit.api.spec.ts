import { beforeEach, describe, expect, it } from '@jest/globals';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens, type TokenWithHeaders } from '../support/use-tokens.js';

const LIMIT = 40;
const server = useServer({ environment: { LATCHKEY_WRITE_LIMIT_PER_USER: String(LIMIT) } });
const asAdmin = useAdmin(server);
const { createToken, signUp } = useTokens(server, asAdmin);

let session: TokenWithHeaders;
let stolen: TokenWithHeaders;
let other: TokenWithHeaders;

beforeEach(async () => {
  session = await signUp();
  stolen = await createToken(session, { permissions: [] });
  other = await createToken(session, { permissions: [] });
});

const status = async (answer: Promise<{ status: number }>) => (await answer).status;

/** Writes with a token until the server rejects it and returns the number of accepted writes. */
async function writeOut({ id, headers }: TokenWithHeaders): Promise<number> {
  for (let done = 0; ; done += 1) {
    const accepted = await status(
      server.client.updateToken(id, { note: `${done}` }, { 'If-Match': '*', ...headers }),
    );
    if (accepted === 429) {
      return done;
    }
    expect(accepted).toBe(200);
  }
}

describe('the write limit of limited tokens', () => {
  it('lets a token rotate itself when another one of its user has used up its budget', async () => {
    expect(await writeOut(stolen)).toBe(LIMIT / 2);

    expect(await status(server.client.rotateToken(stolen.id, stolen.headers))).toBe(429);
    expect(await status(server.client.rotateToken(other.id, other.headers))).toBe(200);
  });

  it('is shared by a token and all tokens created with it', async () => {
    const child = await createToken(stolen);
    const grandchild = await createToken(child);

    expect(await writeOut(grandchild)).toBe(LIMIT / 2 - 2);

    expect(await status(server.client.createMyToken(stolen.headers))).toBe(429);
    expect(await status(server.client.createMyToken(child.headers))).toBe(429);
    expect(await status(server.client.rotateToken(other.id, other.headers))).toBe(200);
  });

  it('is not shared with a token of another user that was created with it', async () => {
    const issuer = await createToken({ headers: asAdmin }, { permissions: ['tokens:read', 'tokens:write'] });
    const { body } = await server.client.createUserToken(session.user, issuer.headers, { permissions: [] });
    const issued = { ...body, headers: { Authorization: `Bearer ${body.token}` } };

    await writeOut(issued);

    expect(await status(server.client.createMyToken(issuer.headers))).toBe(201);
  });

  it('counts bulk requests of a descendant for the whole family', async () => {
    const child = await createToken(stolen);
    const ids = Array.from({ length: 200 }, (_, index) => `unknown-${index}`);

    expect(await status(server.client.bulkTokens({ action: 'revoke', ids }, child.headers))).toBe(200);

    expect(await writeOut(stolen)).toBe(LIMIT / 2 - 1 - 1 - 10);
  });

  it('accepts at most twice the limit from all limited tokens of a user', async () => {
    const tokens = [stolen, other];
    for (let index = 0; index < 4; index += 1) {
      tokens.push(await createToken(session, { permissions: [] }));
    }

    let accepted = 0;
    for (const token of tokens) {
      accepted += await writeOut(token);
    }

    expect(accepted).toBe(LIMIT);
    expect(
      await status(server.client.updateMe({ displayName: 'Anne' }, { 'If-Match': '*', ...session.headers })),
    ).toBe(200);
  });

  it('counts requests for explanations', async () => {
    await writeOut(stolen);

    const { status: explained } = await server.client.request('POST', '/explanations', {
      headers: stolen.headers,
      body: {},
    });

    expect(explained).toBe(429);
  });
});
