import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TokenBulkRequestDto, type UpdateTokenDto } from '@latchkey/auth-models';
import { ADMIN } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { fromNow, useTokens, type TokenInUse } from '../support/use-tokens.js';

const DAY = 86_400_000;

const server = useServer();
const asAdmin = useAdmin(server);
const { login, make, signUp, signUpWith } = useTokens(server, asAdmin);

/** Sees and may change all tokens, and nothing else. */
let delegate: TokenInUse;
/** Another's, who may do more. */
let above: TokenInUse;
/** Another's, who may do nothing. */
let below: TokenInUse;

beforeAll(async () => {
  delegate = await signUpWith('tokens:read', 'tokens:write');
});

beforeEach(async () => {
  const { body: admin } = await server.client.login(ADMIN.name, ADMIN.password);
  above = await make({ headers: { Authorization: `Bearer ${admin.token}` } });
  below = await make(await signUp());
});

const patch = (id: string, dto: UpdateTokenDto, { headers }: TokenInUse) =>
  server.client.updateToken(id, dto, { 'If-Match': '*', ...headers });
const bulk = async (change: Partial<TokenBulkRequestDto>, tokens: TokenInUse[], { headers }: TokenInUse) => {
  const ids = tokens.map(({ id }) => id);
  const { body } = await server.client.bulkTokens({ ...change, ids } as TokenBulkRequestDto, headers);
  return body.results.map(({ status, code }) => [status, code]);
};
const read = async ({ id }: TokenInUse) => (await server.client.token(id, asAdmin)).body;
const switchOff = ({ id }: TokenInUse) =>
  server.client.updateToken(id, { enabled: false }, { ...asAdmin, 'If-Match': '*' });

const later = () => fromNow(200 * DAY);
const sooner = () => fromNow(DAY);
const REFUSED = [403, 'above_your_permissions'];

describe('an actor with tokens:read and tokens:write', () => {
  it('cannot enable a token of a more powerful user, but can disable it', async () => {
    const off = await patch(above.id, { enabled: false }, delegate);
    const on = await patch(above.id, { enabled: true }, delegate);
    const bulkOn = await bulk({ action: 'enable' }, [above], delegate);

    expect([off.status, on.status, on.body.code, ...bulkOn]).toEqual([200, ...REFUSED, REFUSED]);
    expect((await read(above)).enabled).toBe(false);
    expect(await bulk({ action: 'disable' }, [above], delegate)).toEqual([[200, undefined]]);
  });

  it('cannot extend a token of a more powerful user, but can shorten it', async () => {
    const before = await read(above);
    const longer = await patch(above.id, { expirationTime: later() }, delegate);
    const endless = await patch(above.id, { expirationTime: null }, delegate);
    const bulkLonger = await bulk({ action: 'extend', expirationTime: later() }, [above], delegate);

    expect([longer, endless].map(({ status, body }) => [status, body.code])).toEqual([REFUSED, REFUSED]);
    expect(bulkLonger).toEqual([REFUSED]);
    expect(await read(above)).toEqual(before);
    const shorter = await patch(above.id, { expirationTime: sooner(), note: 'ends soon' }, delegate);
    expect([shorter.status, shorter.body.note]).toEqual([200, 'ends soon']);
  });

  it('gets 200 for a change that is already in effect', async () => {
    expect((await patch(above.id, { enabled: true, note: 'x' }, delegate)).status).toBe(200);
    expect(await bulk({ action: 'enable' }, [above], delegate)).toEqual([[200, undefined]]);
  });

  it('can do both to tokens of a less powerful user in the same request', async () => {
    await switchOff(above);
    await switchOff(below);

    expect(await bulk({ action: 'enable' }, [above, below], delegate)).toEqual([REFUSED, [200, undefined]]);
    expect(await bulk({ action: 'extend', expirationTime: later() }, [below], delegate)).toEqual([
      [200, undefined],
    ]);
    await switchOff(below);
    expect((await patch(below.id, { enabled: true, expirationTime: null }, delegate)).status).toBe(422);
    expect((await patch(below.id, { enabled: true, expirationTime: later() }, delegate)).status).toBe(200);
  });
});

describe('a token with fewer permissions than its user', () => {
  let owner: TokenInUse;
  let narrow: TokenInUse;
  let whole: TokenInUse;

  beforeEach(async () => {
    owner = await signUpWith('users:read', 'tokens:write');
    narrow = await make(owner, { permissions: ['tokens:write'] });
    whole = await make(owner);
  });

  it('cannot enable or extend a token with more permissions', async () => {
    await patch(whole.id, { enabled: false }, narrow);
    const answers = [
      await patch(whole.id, { enabled: true }, narrow),
      await patch(whole.id, { expirationTime: later() }, narrow),
    ];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([REFUSED, REFUSED]);
    expect(await bulk({ action: 'enable' }, [whole], narrow)).toEqual([REFUSED]);
    expect(await bulk({ action: 'extend', expirationTime: later() }, [whole], narrow)).toEqual([REFUSED]);
    expect(await read(whole)).toMatchObject({ enabled: false, expirationTime: whole.expirationTime });
  });

  it('does not keep a session from doing so', async () => {
    await switchOff(whole);
    expect((await patch(whole.id, { enabled: true }, await login(owner.user))).status).toBe(200);
  });
});
