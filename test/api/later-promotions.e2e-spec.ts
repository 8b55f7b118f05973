import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { beforeTransaction } from '../support/held-back.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { useTokens, type TokenInUse } from '../support/use-tokens.js';

const OTHER = 'another long enough password';
const DELEGATED = ['tokens:read', 'tokens:write', 'users:read', 'users:write'];

const server = useServer();
const asAdmin = useAdmin(server);
const { make, signUp, signUpWith } = useTokens(server, asAdmin);

/** Administers users and tokens, and nothing else. */
let delegate: TokenInUse;
/** Who holds nothing, and is given more later. */
let user: TokenInUse;
/** The role that the delegate holds, and so could grant. */
let delegateRole: string;

beforeAll(async () => {
  delegate = await signUpWith(...DELEGATED);
  delegateRole = (await server.client.me(delegate.headers)).body.roles[0] ?? '';
});

beforeEach(async () => {
  user = await signUp();
});

async function makeFor(name: string, by: Headers): Promise<TokenInUse> {
  const { status, body } = await server.client.createUserToken(name, by);
  expect(status).toBe(201);
  return { ...body, headers: tokenHeader(body) };
}

async function rotate({ id }: TokenInUse, by: Headers): Promise<TokenInUse> {
  const { status, body } = await server.client.rotateToken(id, by);
  expect(status).toBe(200);
  return { ...body, headers: tokenHeader(body) };
}

async function promote(name = user.user, role = 'admin'): Promise<void> {
  const roles = ['user', role];
  const { status } = await server.client.updateUser(name, { roles }, { ...asAdmin, 'If-Match': '*' });
  expect(status).toBe(200);
}

const permissionsOf = async ({ headers }: { headers: Headers }) =>
  (await server.client.me(headers)).body.permissions;
const permissionCount = async () => (await server.client.me(asAdmin)).body.permissions.length;

describe('a token issued by an actor for a user who is promoted later', () => {
  it('never has more permissions than the actor could delegate', async () => {
    const planted = await makeFor(user.user, delegate.headers);
    const before = await permissionsOf(planted);
    await promote();

    expect([before, planted.permissions]).toEqual([[], DELEGATED]);
    expect(await permissionsOf(planted)).toEqual(DELEGATED);
    expect((await server.client.auditEvents(planted.headers)).status).toBe(403);
  });

  it('cannot issue tokens with more permissions', async () => {
    const planted = await makeFor(user.user, delegate.headers);
    await promote();

    const child = await make(planted);
    const other = await makeFor((await signUp()).user, planted.headers);

    expect([child.permissions, other.permissions]).toEqual([DELEGATED, DELEGATED]);
    expect((await server.client.rotateToken(user.id, planted.headers)).status).toBe(403);
  });

  it('gains permissions with its user if the actor could delegate all of them', async () => {
    const name = newUser().name;
    expect((await server.client.createUser({ name, kind: 'service' }, asAdmin)).status).toBe(201);
    const token = await makeFor(name, asAdmin);
    await promote(name, 'auditor');

    expect(token.permissions).toBeUndefined();
    expect(await permissionsOf(token)).toContain('audit:read');
  });

  it('keeps its requested limit', async () => {
    const { body } = await server.client.createUserToken(user.user, delegate.headers, { permissions: [] });
    await promote();

    expect(await permissionsOf({ headers: tokenHeader(body) })).toEqual([]);
  });
});

describe('a token issued by a user before a promotion', () => {
  it('gains permissions with the user', async () => {
    const own = await make(user);
    await promote();

    expect(await permissionsOf(own)).toHaveLength(await permissionCount());
  });

  it('is limited by a rotation through another actor, with a warning', async () => {
    const own = await make(user);
    const rotated = await rotate(own, delegate.headers);
    await promote();

    expect([rotated.permissions, rotated.warnings?.length]).toEqual([DELEGATED, 1]);
    expect(await permissionsOf(rotated)).toEqual(DELEGATED);
    // Whoever may do all of it has it as it is.
    expect((await rotate(rotated, asAdmin)).permissions).toEqual(DELEGATED);
  });

  it("is not limited by the user's own rotation, nor by an actor that can delegate all permissions", async () => {
    const own = await make(user, { permissions: [] });
    const whole = await make(user);

    expect((await rotate(own, user.headers)).permissions).toEqual([]);
    const rotated = await rotate(await rotate(whole, user.headers), asAdmin);
    expect([rotated.permissions, rotated.warnings]).toEqual([undefined, undefined]);
  });

  it('cannot be rotated by a limited token of its user', async () => {
    const narrow = await make(user, { permissions: [] });
    const whole = await make(user);

    const { status, body } = await server.client.rotateToken(whole.id, narrow.headers);

    expect([status, body.code]).toEqual([403, 'forbidden']);
  });
});

describe('a set-up link of a user who is promoted later', () => {
  async function makeLink(by: Headers): Promise<string> {
    const { status, body } = await server.client.makeSetUpLink(user.user, by);
    expect(status).toBe(201);
    return body.link.split('#')[1] ?? '';
  }

  it('returns 401 if the user now holds more than the issuer could delegate, as an unknown link does', async () => {
    const secret = await makeLink(delegate.headers);
    await promote();

    const refused = await server.client.setUp({ secret, password: OTHER });
    const unknown = await server.client.setUp({ secret: 'unknown', password: OTHER });

    expect([refused.status, refused.body.code]).toEqual([401, unknown.body.code]);
    expect((await server.client.login(user.user, OTHER)).status).toBe(401);
    expect((await server.client.login(user.user, PASSWORD)).status).toBe(200);
  });

  it('returns 401 if the promotion happens during the request', async () => {
    const secret = await makeLink(delegate.headers);
    await beforeTransaction(server, 0, () => promote());

    expect((await server.client.setUp({ secret, password: OTHER })).status).toBe(401);
    expect((await server.client.login(user.user, OTHER)).status).toBe(401);
  });

  it('returns 204 if the issuer could delegate the new role', async () => {
    const secret = await makeLink(delegate.headers);
    await promote(user.user, delegateRole);

    expect((await server.client.setUp({ secret, password: OTHER })).status).toBe(204);
  });

  it('returns 204 if the issuer could delegate all permissions, or is the user', async () => {
    const byAdmin = await makeLink(asAdmin);
    await promote();
    expect((await server.client.setUp({ secret: byAdmin, password: OTHER })).status).toBe(204);

    const asUser = await server.client.loginHeaders(user.user, OTHER);
    const own = await makeLink(asUser);
    expect((await server.client.setUp({ secret: own, password: PASSWORD })).status).toBe(204);
  });

  it('is not limited by an earlier link', async () => {
    await makeLink(delegate.headers);
    const secret = await makeLink(asAdmin);
    await promote();

    expect((await server.client.setUp({ secret, password: OTHER })).status).toBe(204);
  });
});
