import { describe, expect, it } from '@jest/globals';
import { type CreateTokenTemplateDto, type OfferDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newApi, newRole } from '../support/factories.js';
import { beforeTransaction } from '../support/paused-requests.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';
import { useTokens, type TokenWithHeaders } from '../support/use-tokens.js';

const DAY = 86_400_000;

const server = useServer();
const asAdmin = useAdmin(server);
const { createToken, login, signUp, signUpWithPermissions, auditEventsOf } = useTokens(server, asAdmin);

let count = 0;

async function createTemplate(change: Partial<CreateTokenTemplateDto> = {}): Promise<string> {
  count += 1;
  const dto = { name: `template-${count}`, expiresIn: 3_600, ...change };
  expect((await server.client.createTokenTemplate(dto, asAdmin)).status).toBe(201);
  return dto.name;
}

/** Creates a template with `users:read`, and a request of a user who holds it. */
async function requestToken(
  change: Partial<CreateTokenTemplateDto> = {},
): Promise<{ request: OfferDto; requester: TokenWithHeaders; template: string }> {
  const requester = await signUpWithPermissions('users:read');
  const template = await createTemplate({ permissions: ['users:read'], ...change });
  const { status, body } = await server.client.requestToken({ template }, requester.headers);
  expect(status).toBe(201);
  return { request: body, requester, template };
}

/** Creates a user who can approve requests for `users:read`. Returns a session. */
const signUpApprover = () =>
  signUpWithPermissions('roles:write', 'tokens:read', 'tokens:write', 'users:read');

async function approve({ id }: OfferDto, headers: Headers = asAdmin): Promise<void> {
  expect((await server.client.decideOffer(id, 'approve', headers)).status).toBe(200);
}

const stateOf = async ({ id }: OfferDto) =>
  (await server.client.offers(asAdmin, '?size=200')).body.items.find((one) => one.id === id)?.state;

describe('a token request', () => {
  it('ends with a token that only the requester sees', async () => {
    const requester = await signUpWithPermissions('users:read');
    const approver = await signUpApprover();
    const template = await createTemplate({ permissions: ['users:read'], expiresIn: 7_200, note: 'backup' });

    const requested = await server.client.requestToken(
      { template, reason: 'nightly job' },
      requester.headers,
    );
    const { id } = requested.body;
    const approved = await server.client.decideOffer(id, 'approve', approver.headers, 'fine');
    const claimed = await server.client.claimOffer(id, requester.headers);

    expect(requested).toMatchObject({
      status: 201,
      body: {
        user: requester.user,
        template,
        permissions: ['users:read'],
        tokenExpiresIn: 7_200,
        note: 'backup',
        reason: 'nightly job',
        state: 'requested',
        createdBy: requester.user,
      },
    });
    expect(approved).toMatchObject({
      status: 200,
      body: { state: 'offered', decidedBy: approver.user, decisionReason: 'fine' },
    });
    expect(approved.text).not.toContain('"token"');
    expect(claimed).toMatchObject({
      status: 201,
      body: { user: requester.user, note: 'backup', permissions: ['users:read'], kind: 'api' },
    });
    const lifetime = Date.parse(claimed.body.expirationTime ?? '') - Date.parse(claimed.body.creationTime);
    expect(lifetime).toBe(7_200_000);
    expect((await server.client.users(tokenHeader(claimed.body))).status).toBe(200);
    expect((await server.client.myOffers(requester.headers)).body.items).toMatchObject([
      { id, state: 'claimed', tokenId: claimed.body.id },
    ]);
    await expect(auditEventsOf(id)).resolves.toMatchObject([
      { action: 'offer_created', actorName: requester.user, subjectName: requester.user },
      { action: 'offer_approved', actorName: approver.user, after: { decisionReason: 'fine' } },
    ]);
    await expect(auditEventsOf(claimed.body.id)).resolves.toMatchObject([
      {
        action: 'authn_token_claimed',
        actorName: requester.user,
        after: { offerId: id, issuedBy: approver.user },
      },
    ]);
  });

  it('keeps what it copied when the template is changed or deleted', async () => {
    const { request, requester, template } = await requestToken({ expiresIn: 60 });

    await server.client.updateTokenTemplate(
      template,
      { expiresIn: 7_200, permissions: ['roles:read'], version: 0 },
      asAdmin,
    );
    await server.client.deleteTokenTemplate(template, asAdmin);

    expect((await server.client.myOffers(requester.headers)).body.items).toEqual([request]);
    await approve(request);
    const { body } = await server.client.claimOffer(request.id, requester.headers);
    expect(body.permissions).toEqual(['users:read']);
  });
});

describe('POST /me/offers', () => {
  it('returns 403 for API tokens and limited sessions', async () => {
    const requester = await signUpWithPermissions('users:read', 'tokens:write');
    const template = await createTemplate({ permissions: ['users:read'] });
    const limited = await login(requester.user, { permissions: ['users:read', 'tokens:write'] });
    const callers = [
      limited,
      await createToken(requester),
      await createToken(requester, { permissions: [] }),
    ];

    for (const { headers } of callers) {
      const { status, body } = await server.client.requestToken({ template }, headers);
      expect([status, body.code]).toEqual([403, 'forbidden']);
    }
  });

  it('returns 403 if the user does not hold what the template names', async () => {
    const { headers } = await signUp();
    const template = await createTemplate({ permissions: ['users:read'], roles: ['auditor'] });

    const { status, body } = await server.client.requestToken({ template }, headers);

    expect([status, body.code]).toEqual([403, 'above_your_permissions']);
    expect(body.detail).toContain('users:read, the role auditor');
  });

  it('returns 403 if a permission of the template was deleted', async () => {
    const api = newApi('read');
    const [{ name: permission } = { name: '' }] = api.permissions;
    await server.client.createApi(api, asAdmin);
    const requester = await signUpWithPermissions(permission);
    const role = newRole({ permissions: [permission] });
    await server.client.createRole(role, asAdmin);
    await server.client.updateUser(
      'admin',
      { roles: ['admin', role.name], version: await versionOf('admin') },
      asAdmin,
    );
    const template = await createTemplate({ permissions: [permission] });
    await server.client.deleteApi(api.name, asAdmin, '?force=true');

    const { status, body } = await server.client.requestToken({ template }, requester.headers);

    expect([status, body.code]).toEqual([403, 'above_your_permissions']);
  });

  it('returns 404 for an unknown template', async () => {
    const { headers } = await signUp();

    expect((await server.client.requestToken({ template: 'none' }, headers)).status).toBe(404);
  });
});

async function versionOf(user: string): Promise<number> {
  return (await server.client.user(user, asAdmin)).body.version;
}

describe('DELETE /me/offers/{id}', () => {
  it('revokes an open request, and records it', async () => {
    const { request, requester } = await requestToken();
    await approve(request);

    expect((await server.client.withdrawOffer(request.id, requester.headers)).status).toBe(204);

    expect(await stateOf(request)).toBe('revoked');
    expect((await server.client.claimOffer(request.id, requester.headers)).status).toBe(404);
    expect((await auditEventsOf(request.id)).at(-1)).toMatchObject({ action: 'offer_revoked' });
  });

  it('returns 404 to other users, and 409 for a rejected request', async () => {
    const { request, requester } = await requestToken();
    const other = await signUp();

    expect((await server.client.withdrawOffer(request.id, other.headers)).status).toBe(404);
    await server.client.decideOffer(request.id, 'reject', asAdmin);
    expect((await server.client.withdrawOffer(request.id, requester.headers)).status).toBe(409);
  });
});

describe('POST /offers/{id}/approve', () => {
  it('returns 403 for a request of the caller', async () => {
    const approver = await signUpApprover();
    const template = await createTemplate({ permissions: ['users:read'] });
    const { body: own } = await server.client.requestToken({ template }, approver.headers);

    const { status, body } = await server.client.decideOffer(own.id, 'approve', approver.headers);

    expect([status, body.code]).toEqual([403, 'forbidden']);
    await approve(own);
  });

  it('returns 403 if the approver does not hold what the requester gets', async () => {
    const { request } = await requestToken();
    const { headers } = await signUpWithPermissions('tokens:read', 'tokens:write');

    const { status, body } = await server.client.decideOffer(request.id, 'approve', headers);

    expect([status, body.code]).toEqual([403, 'above_your_permissions']);
    expect(await stateOf(request)).toBe('requested');
  });

  it('returns 403 with a token that is limited to less', async () => {
    const { request } = await requestToken();
    const approver = await signUpApprover();
    const limited = await createToken(approver, { permissions: ['tokens:read', 'tokens:write'] });

    const { status } = await server.client.decideOffer(request.id, 'approve', limited.headers);

    expect(status).toBe(403);
  });

  it('returns 409 if the requester no longer holds what the request names', async () => {
    const { request, requester } = await requestToken();
    await server.client.updateUser(
      requester.user,
      { roles: ['user'], version: await versionOf(requester.user) },
      asAdmin,
    );

    const { status, body } = await server.client.decideOffer(request.id, 'approve', asAdmin);

    expect([status, body.code]).toEqual([409, 'conflict']);
    expect(body.detail).toContain('does not have users:read');
  });

  it('returns 409 after 30 days', async () => {
    const { request } = await requestToken();
    stopClock(server, Date.parse(request.creationTime) + 30 * DAY);
    const headers = await server.client.loginHeaders('admin', 'correct horse: bättery staple');

    const { status, body } = await server.client.decideOffer(request.id, 'approve', headers);

    expect([status, body.code]).toEqual([409, 'offer_expired']);
    expect((await server.client.offers(headers, '?state=expired&size=200')).body.items).toContainEqual(
      expect.objectContaining({ id: request.id, state: 'expired' }),
    );
  });
});

describe('POST /offers/{id}/reject', () => {
  it('ends an approved request that was not claimed', async () => {
    const { request, requester } = await requestToken();
    await approve(request);

    const { status } = await server.client.decideOffer(request.id, 'reject', asAdmin, 'a mistake');

    expect(status).toBe(200);
    expect(await stateOf(request)).toBe('rejected');
    expect((await server.client.claimOffer(request.id, requester.headers)).status).toBe(409);
  });

  it('shows the reason to the requester, and ends the request', async () => {
    const { request, requester } = await requestToken();

    await server.client.decideOffer(request.id, 'reject', asAdmin, 'use the other one');

    const { body } = await server.client.myOffers(requester.headers, '?state=rejected');
    expect(body.items).toMatchObject([{ id: request.id, decisionReason: 'use the other one' }]);
    expect((await server.client.claimOffer(request.id, requester.headers)).status).toBe(409);
    expect((await server.client.decideOffer(request.id, 'approve', asAdmin)).status).toBe(409);
  });
});

describe('POST /me/offers/{id}/claim', () => {
  it('creates the token of a link for its recipient, who is signed in', async () => {
    const recipient = await signUp();
    const { body: offer } = await server.client.createOffer(recipient.user, asAdmin, { note: 'Deployment' });

    const { status, body } = await server.client.claimOffer(offer.id, recipient.headers);

    expect([status, body.note]).toEqual([201, 'Deployment']);
    expect((await server.client.claim(offer.link ?? '')).body.code).toBe('offer_claimed');
  });

  it('returns 404 to the approver, and 409 before the approval', async () => {
    const { request, requester } = await requestToken();

    expect((await server.client.claimOffer(request.id, requester.headers)).status).toBe(409);
    await approve(request);
    expect((await server.client.claimOffer(request.id, asAdmin)).status).toBe(404);
  });

  it('returns 403 for API tokens and limited sessions', async () => {
    const { request, requester } = await requestToken();
    await approve(request);
    const callers = [
      await createToken(requester),
      await createToken(requester, { permissions: [] }),
      await login(requester.user, { permissions: [] }),
    ];

    for (const { headers } of callers) {
      expect((await server.client.claimOffer(request.id, headers)).status).toBe(403);
    }
    expect((await server.client.claimOffer(request.id, requester.headers)).status).toBe(201);
  });

  it('returns 409 24 hours after the approval', async () => {
    const { request, requester } = await requestToken();
    await approve(request);
    stopClock(server, Date.now() + DAY);

    const { status, body } = await server.client.claimOffer(request.id, requester.headers);

    expect([status, body.code]).toEqual([409, 'offer_expired']);
  });

  it.each<[string, (approver: TokenWithHeaders) => Promise<unknown>]>([
    [
      'lost permissions',
      async ({ user }) =>
        server.client.updateUser(user, { roles: ['user'], version: await versionOf(user) }, asAdmin),
    ],
    ['was deleted', ({ user }) => server.client.deleteUser(user, asAdmin)],
  ])('asks for another approval if the approver %s', async (_, change) => {
    const { request, requester } = await requestToken();
    const approver = await signUpApprover();
    await approve(request, approver.headers);
    await change(approver);

    const { status, body } = await server.client.claimOffer(request.id, requester.headers);

    expect([status, body.code]).toEqual([409, 'offer_lapsed']);
    expect(body.detail).toContain('Ask another administrator to approve it.');
    expect((await server.client.myTokens(requester.headers, '?kind=api')).body.total).toBe(0);
    expect((await auditEventsOf(request.id)).at(-1)).toMatchObject({
      action: 'offer_reopened',
      before: { approvedBy: approver.user },
    });
    await approve(request);
    expect((await server.client.claimOffer(request.id, requester.headers)).status).toBe(201);
  });

  it('ends an approval when the token of the approver is rotated or revoked with its descendants', async () => {
    const { request, requester } = await requestToken();
    const approver = await signUpApprover();
    const { body: token } = await server.client.createUserToken(approver.user, asAdmin, {});
    await approve(request, tokenHeader(token));

    const rotated = await server.client.rotateToken(token.id, asAdmin, {
      revokeDescendants: true,
      version: token.version,
    });

    expect(rotated.status).toBe(200);
    expect(await stateOf(request)).toBe('requested');
    expect((await server.client.claimOffer(request.id, requester.headers)).status).toBe(409);
    expect((await auditEventsOf(token.id)).at(-1)).toMatchObject({
      action: 'authn_token_rotated',
      after: { approvals: 1 },
    });
  });

  it('returns 401 for a session that is revoked between the guard and the transaction', async () => {
    const { request, requester } = await requestToken();
    await approve(request);
    await beforeTransaction(server, 0, () => server.client.revokeUserTokens(requester.user, asAdmin));

    const { status } = await server.client.claimOffer(request.id, requester.headers);

    expect(status).toBe(401);
    expect(await stateOf(request)).toBe('offered');
  });
});

describe('POST /token-templates', () => {
  it('returns 201 with the template, and records it', async () => {
    count += 1;
    const name = `template-${count}`;
    const dto = { name, description: 'Backups.', roles: ['user'], expiresIn: 3_600, note: 'backup' };

    const { status, body, headers } = await server.client.createTokenTemplate(dto, asAdmin);

    expect([status, headers.get('location'), headers.get('etag')]).toEqual([
      201,
      `/token-templates/${name}`,
      '"0"',
    ]);
    expect(body).toEqual({ ...dto, creationTime: expect.any(String), version: 0 });
    const { user, headers: asUser } = await signUp();
    expect((await server.client.tokenTemplates(asUser, `?q=${name}`)).body.items).toContainEqual(body);
    const limited = await createToken(await login(user), { permissions: [] });
    expect((await server.client.tokenTemplates(limited.headers)).status).toBe(200);
  });

  it('returns 409 for a name that is taken', async () => {
    const name = await createTemplate();

    const { status, body } = await server.client.createTokenTemplate({ name, expiresIn: 60 }, asAdmin);

    expect([status, body.code]).toEqual([409, 'name_taken']);
  });

  it('returns 403 for permissions that the author cannot grant, and 422 for unknown ones', async () => {
    const { headers } = await signUpWithPermissions('tokens:write');
    const dto = { name: 'not-mine', expiresIn: 60 };

    const above = await server.client.createTokenTemplate({ ...dto, permissions: ['users:read'] }, headers);
    const unknown = await server.client.createTokenTemplate({ ...dto, permissions: ['no:such'] }, headers);

    expect([above.status, above.body.code]).toEqual([403, 'above_your_permissions']);
    expect([unknown.status, unknown.body.errors?.[0]?.code]).toEqual([422, 'unknown_permission']);
  });

  it('reduces the lifetime to the maximum of the server', async () => {
    const name = await createTemplate({ expiresIn: 3_155_760_000 });

    const { body } = await server.client.tokenTemplates(asAdmin, `?q=${name}`);

    expect(body.items[0]?.expiresIn).toBeLessThan(3_155_760_000);
  });

  it('returns 409 if there are 100 templates', async () => {
    const { total } = (await server.client.tokenTemplates(asAdmin)).body;
    for (let number = total; number < 100; number += 1) {
      await createTemplate();
    }

    const { status, body } = await server.client.createTokenTemplate(
      { name: 'one-more', expiresIn: 60 },
      asAdmin,
    );

    expect([status, body.code]).toEqual([409, 'conflict']);
    const { items } = (await server.client.tokenTemplates(asAdmin, '?size=200')).body;
    await Promise.all(items.map(({ name }) => server.client.deleteTokenTemplate(name, asAdmin)));
  });
});

describe('PATCH /token-templates/{name}', () => {
  it('changes members, removes the scope, and checks only what it adds', async () => {
    const name = await createTemplate({ permissions: ['users:read'], note: 'backup' });
    const { headers } = await signUpWithPermissions('tokens:write');

    const { status, body } = await server.client.updateTokenTemplate(
      name,
      { permissions: ['tokens:write', 'users:read'], note: null, version: 0 },
      headers,
    );
    const stale = await server.client.updateTokenTemplate(name, { permissions: null, version: 0 }, headers);
    const above = await server.client.updateTokenTemplate(name, { roles: ['auditor'], version: 1 }, headers);

    expect([status, body.permissions, body.note]).toEqual([200, ['tokens:write', 'users:read'], undefined]);
    expect([stale.status, above.status]).toEqual([409, 403]);
  });
});
