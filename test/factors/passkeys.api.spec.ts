import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  type PageDto,
  type PasskeyCreationOptionsDto,
  type PasskeyCredentialDto,
  type ProblemDto,
  type SecondFactorListDto,
  type StepUpResponseDto,
  type UserDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { enrol } from '../support/authenticator.js';
import { newRole, newUser, PASSWORD } from '../support/factories.js';
import { addPasskey, requestOptions, SoftwarePasskey, type Forgery } from '../support/software-passkey.js';
import { TestServer } from '../support/test-server.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

afterEach(() => {
  jest.restoreAllMocks();
});

async function newPerson(change: object = {}): Promise<{ name: string; headers: Headers }> {
  const { name } = newUser();
  await server.client.createUser({ name, password: PASSWORD, ...change }, asAdmin);
  return { name, headers: await server.client.loginHeaders(name, PASSWORD) };
}

async function newOwner(options?: { counts?: boolean; name?: string }) {
  const person = await newPerson();
  return { ...person, ...(await addPasskey(server.client, person.headers, options)) };
}

const send = <Body>(method: string, path: string, body?: object, headers: Headers = {}) =>
  server.client.request<Body & ProblemDto>(method, path, { headers, body });
const creationOptions = (headers: Headers) =>
  send<PasskeyCreationOptionsDto>('POST', '/me/second-factors/passkeys/options', undefined, headers);
const add = (credential: object, headers: Headers) =>
  send<{ id: string; codes: string[] }>('POST', '/me/second-factors/passkeys', { credential }, headers);
const logIn = (credential: PasskeyCredentialDto, headers?: Headers, dto?: object) =>
  send<UserTokenDto>('POST', '/auth/login/passkey', { credential, ...dto }, headers);
const prove = async (passkey: SoftwarePasskey, forgery?: Forgery) =>
  passkey.prove(await requestOptions(server.client), forgery);
const factorsOf = async (headers: Headers) =>
  (await send<SecondFactorListDto>('GET', '/me/second-factors', undefined, headers)).body;
const answer = async (response: Promise<{ status: number; body: ProblemDto }>) => {
  const { status, body } = await response;
  return [status, body?.code];
};
const entries = async (name: string) =>
  (
    await send<{ items: { action: string; after?: object }[] }>(
      'GET',
      `/audit-events?subject=${name}`,
      undefined,
      asAdmin,
    )
  ).body.items;
const actions = async (name: string) => (await entries(name)).map(({ action }) => action);
const advance = (milliseconds: number) => stopClock(server, Date.now() + milliseconds);

describe('POST /me/second-factors/passkeys/options', () => {
  it('requires a discoverable passkey with user verification, and names no person in the user handle', async () => {
    const { name, headers } = await newPerson();

    const { status, body } = await creationOptions(headers);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      rp: { id: 'localhost', name: 'Latchkey' },
      user: { name, displayName: name },
      attestation: 'none',
      timeout: 300_000,
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    expect(Buffer.from(body.user.id, 'base64url').toString()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('excludes the passkeys that the user has already', async () => {
    const { headers, passkey } = await newOwner();

    expect((await creationOptions(headers)).body.excludeCredentials).toEqual([
      { type: 'public-key', id: passkey.id, transports: ['internal', 'hybrid'] },
    ]);
  });

  it('ignores the Host and Origin of the request', async () => {
    const { headers } = await newPerson();
    const forged = { ...headers, Host: 'evil.example', Origin: 'https://evil.example' };

    expect((await creationOptions(forged)).body.rp.id).toBe('localhost');
  });

  it('returns 403 for an API token', async () => {
    const { headers } = await newPerson();
    const { body: token } = await send<UserTokenDto>('POST', '/me/tokens', {}, headers);

    expect(await answer(creationOptions(tokenHeader(token)))).toEqual([403, 'forbidden']);
  });
});

describe('POST /me/second-factors/passkeys', () => {
  it('adds a passkey with its name, and returns recovery codes only once', async () => {
    const { name, headers } = await newPerson();

    const { recoveryCodes } = await addPasskey(server.client, headers, { name: 'Laptop' });
    const second = await addPasskey(server.client, headers);

    expect([recoveryCodes.length, second.recoveryCodes.length]).toEqual([10, 0]);
    expect((await factorsOf(headers)).items).toEqual([
      { id: expect.any(String), kind: 'passkey', name: 'Laptop', creationTime: expect.any(String) },
      { id: second.id, kind: 'passkey', creationTime: expect.any(String) },
    ]);
    expect(await actions(name)).toContain('authn_second_factor_added');
  });

  it('ignores an attestation, whose certificates it does not follow', async () => {
    const { headers } = await newPerson();
    const { body: options } = await creationOptions(headers);

    const { status } = await add(new SoftwarePasskey().create(options, { format: 'packed' }), headers);

    expect(status).toBe(201);
  });

  it.each<[string, Forgery]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://localhost:3001' }],
    ['another host', { rpId: 'evil.example' }],
    ['a frame of another origin', { crossOrigin: true }],
    ['the ceremony of a login', { type: 'webauthn.get' }],
    ['an absent user', { flags: 0b100 }],
    ['an unverified user', { flags: 0b001 }],
  ])('returns 422 for %s', async (_, forgery) => {
    const { headers } = await newPerson();
    const { body: options } = await creationOptions(headers);

    const { status, body } = await add(new SoftwarePasskey().create(options, forgery), headers);

    expect([status, body.errors?.[0]?.pointer]).toEqual([422, '/credential']);
    expect((await factorsOf(headers)).items).toEqual([]);
  });

  it('returns 422 for an id that the authenticator data does not have', async () => {
    const { headers } = await newPerson();
    const { body: options } = await creationOptions(headers);
    const { id } = new SoftwarePasskey();

    const { status } = await add({ ...new SoftwarePasskey().create(options), id, rawId: id }, headers);

    expect(status).toBe(422);
  });

  it.each<[string, () => Promise<string>]>([
    ['of another user', async () => (await creationOptions((await newPerson()).headers)).body.challenge],
    ['for a login', async () => (await requestOptions(server.client)).challenge],
    ['that it did not create', () => Promise.resolve(Buffer.alloc(54, 1).toString('base64url'))],
    ['of another length', () => Promise.resolve('AAAA')],
  ])('returns 409 for a challenge %s', async (_, challengeOf) => {
    const { headers } = await newPerson();
    const { body: options } = await creationOptions(headers);
    const credential = new SoftwarePasskey().create({ ...options, challenge: await challengeOf() });

    expect(await answer(add(credential, headers))).toEqual([409, 'conflict']);
  });

  it('returns 409 for a challenge that was used, or has expired', async () => {
    const { headers } = await newPerson();
    const { body: options } = await creationOptions(headers);
    await add(new SoftwarePasskey().create(options), headers);

    expect(await answer(add(new SoftwarePasskey().create(options), headers))).toEqual([409, 'conflict']);
    const { body: later } = await creationOptions(headers);
    advance(300_001);
    expect((await add(new SoftwarePasskey().create(later), headers)).status).not.toBe(201);
  });

  it('returns 409 for a passkey of another user', async () => {
    const { passkey } = await newOwner();
    const { headers } = await newPerson();
    const { body: options } = await creationOptions(headers);

    expect(await answer(add(passkey.copy().create(options), headers))).toEqual([409, 'conflict']);
  });

  it('returns 409 for the eleventh second factor', async () => {
    const { headers } = await newPerson();
    await enrol(server.client, headers);
    for (let count = 1; count < 10; count += 1) {
      await addPasskey(server.client, headers);
    }

    expect(await answer(creationOptions(headers))).toEqual([409, 'conflict']);
    expect((await factorsOf(headers)).items).toHaveLength(10);
  });
});

describe('POST /auth/login/passkey', () => {
  it('starts a session without a name and a password', async () => {
    const { name, headers, passkey } = await newOwner();

    const { status, body } = await logIn(await prove(passkey), {}, { note: 'at home' });

    expect([status, body.user, body.note]).toEqual([200, name, 'at home']);
    expect((await send('GET', '/me', undefined, tokenHeader(body))).body).toMatchObject({
      name,
      token: { authMethods: ['passkey'] },
    });
    expect((await factorsOf(headers)).items[0]?.lastUsedTime).toBeDefined();
    expect(await actions(name)).toContain('authn_login_success');
  });

  it('sets the session cookie on request, and returns the token as text', async () => {
    const { name, passkey } = await newOwner();

    const withCookie = await logIn(await prove(passkey), { Prefer: 'session-cookie' });
    const asText = await logIn(await prove(passkey), { Accept: 'text/plain' });

    expect(withCookie.headers.get('set-cookie')).toMatch(/^__Host-latchkey=/);
    expect(Buffer.from(asText.text, 'base64').toString()).toMatch(`${name}:latchkey_`);
  });

  it('limits the session to permissions on request', async () => {
    const { passkey } = await newOwner();

    const { body } = await logIn(await prove(passkey), {}, { permissions: [] });

    expect(body.permissions).toEqual([]);
  });

  it('accepts passkeys that do not count, and those without a user handle', async () => {
    const { passkey } = await newOwner({ counts: false });

    expect((await logIn(await prove(passkey))).status).toBe(200);
    expect((await logIn(await prove(passkey, { userHandle: null }))).status).toBe(200);
  });

  it.each<[string, Forgery]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another host', { rpId: 'evil.example' }],
    ['a frame of another origin', { crossOrigin: true }],
    ['the ceremony of a new passkey', { type: 'webauthn.create' }],
    ['an absent user', { flags: 0b100 }],
    ['an unverified user', { flags: 0b001 }],
    ['the user handle of another user', { userHandle: Buffer.from('another user').toString('base64url') }],
  ])('returns 401 for %s', async (_, forgery) => {
    const { name, passkey } = await newOwner();

    expect(await answer(logIn(await prove(passkey, forgery)))).toEqual([401, 'unauthenticated']);
    expect((await entries(name))[0]).toMatchObject({
      action: 'authn_login_fail',
      after: { reason: 'wrong_passkey' },
    });
  });

  it('returns 401 for another key with the same id, and raises no alarm', async () => {
    const { name, passkey } = await newOwner();
    await logIn(await prove(passkey));
    const other = Object.assign(new SoftwarePasskey(), { id: passkey.id });

    expect(await answer(logIn(await prove(other, { counter: 0, userHandle: null })))).toEqual([
      401,
      'unauthenticated',
    ]);
    expect(await actions(name)).not.toContain('authn_passkey_copied');
  });

  it('returns 401 for an unknown or removed passkey', async () => {
    const { headers, passkey, id } = await newOwner();
    await send('DELETE', `/me/second-factors/${id}`, undefined, headers);

    expect(await answer(logIn(await prove(passkey)))).toEqual([401, 'unauthenticated']);
    expect(await answer(logIn(await prove(new SoftwarePasskey())))).toEqual([401, 'unauthenticated']);
  });

  it('returns 401 for a disabled user', async () => {
    const { name, passkey } = await newOwner();
    await send('PATCH', `/users/${name}`, { enabled: false, version: 0 }, asAdmin);

    expect(await answer(logIn(await prove(passkey)))).toEqual([401, 'unauthenticated']);
    expect((await entries(name))[0]).toMatchObject({ after: { reason: 'user_disabled' } });
  });

  it('keeps passkeys when a password is set and all tokens are revoked', async () => {
    const { name, passkey } = await newOwner();
    await server.client.resetPassword(name, { password: 'another long enough password' }, asAdmin);

    expect((await logIn(await prove(passkey))).status).toBe(200);
  });

  it('accepts each challenge once', async () => {
    const { passkey } = await newOwner();
    const options = await requestOptions(server.client);

    expect((await logIn(passkey.prove(options))).status).toBe(200);
    expect(await answer(logIn(passkey.prove(options)))).toEqual([409, 'conflict']);
  });

  it('returns 409 for a challenge that is stale, foreign, or for a new passkey', async () => {
    const { headers, passkey } = await newOwner();
    const { challenge } = (await creationOptions(headers)).body;
    const credential = await prove(passkey);

    expect(await answer(logIn(await prove(passkey, { challenge })))).toEqual([409, 'conflict']);
    expect(await answer(logIn(await prove(passkey, { challenge: 'A'.repeat(72) })))).toEqual([
      409,
      'conflict',
    ]);
    advance(300_001);
    expect(await answer(logIn(credential))).toEqual([409, 'conflict']);
  });

  it('stores challenges only after a valid proof, and removes them after they have expired', async () => {
    const count = async () =>
      Number(
        (
          await server.database.query<{ count: number }>('SELECT COUNT(*) AS "count" FROM "used_challenges"')
        )[0]?.count,
      );
    const { passkey } = await newOwner();
    const before = await count();
    await logIn(await prove(new SoftwarePasskey()));
    await logIn(await prove(passkey, { origin: 'https://evil.example' }));
    expect(await count()).toBe(before);
    await logIn(await prove(passkey));
    expect(await count()).toBe(before + 1);

    advance(600_000);
    await logIn(await prove(passkey));
    expect(await count()).toBe(1);
  });

  it('rejects a counter that goes back, and raises an alarm', async () => {
    const { name, headers, passkey, id } = await newOwner({ name: 'Key ring' });
    const copy = passkey.copy();
    await logIn(await prove(passkey));
    await logIn(await prove(passkey));

    const { status, body } = await logIn(await prove(copy));

    expect([status, body.code]).toEqual([401, 'unauthenticated']);
    expect(body.detail).toMatch(/^The counter of the passkey went back/);
    expect((await entries(name)).find(({ action }) => action === 'authn_passkey_copied')?.after).toEqual({
      id,
      name: 'Key ring',
      signCount: 2,
      received: 1,
    });
    expect(server.log).toContain('The counter of a passkey went back');
    expect((await logIn(await prove(passkey))).status).toBe(200);
    expect((await factorsOf(headers)).items).toEqual([
      expect.objectContaining({ copiedTime: expect.any(String) }),
    ]);
  });

  it('lists the users of copied passkeys until they are removed', async () => {
    const { name, headers, passkey, id } = await newOwner();
    const copied = async (isCopied: boolean) =>
      (await send<PageDto<UserDto>>('GET', `/users?q=${name}&copiedPasskey=${isCopied}`, undefined, asAdmin))
        .body.total;
    const copy = passkey.copy();
    expect([await copied(true), await copied(false)]).toEqual([0, 1]);
    await logIn(await prove(passkey));

    await logIn(await prove(copy));

    expect([await copied(true), await copied(false)]).toEqual([1, 0]);
    await send('DELETE', `/me/second-factors/${id}`, undefined, headers);
    expect([await copied(true), await copied(false)]).toEqual([0, 1]);
  });

  it('delays further proofs of the user after five invalid ones', async () => {
    const { name, passkey } = await newOwner();
    advance(0);
    for (let count = 0; count < 5; count += 1) {
      await logIn(await prove(passkey, { origin: 'https://evil.example' }));
    }

    expect(await answer(logIn(await prove(passkey)))).toEqual([429, 'throttled']);
    await server.client.liftThrottle(name, asAdmin);
    expect((await logIn(await prove(passkey))).status).toBe(200);
  });

  it.each<[string, (credential: PasskeyCredentialDto) => object]>([
    ['an unknown member', (credential) => ({ ...credential, extra: 1 })],
    [
      'an unknown member of the response',
      ({ response, ...rest }) => ({ ...rest, response: { ...response, a: 1 } }),
    ],
    ['a list of responses', ({ response, ...rest }) => ({ ...rest, response: [response] })],
    ['a long id', (credential) => ({ ...credential, id: 'A'.repeat(1_365) })],
    ['padding', ({ response, ...rest }) => ({ ...rest, response: { ...response, signature: 'AA==' } })],
    ['no response', ({ response: _, ...rest }) => rest],
    ['extensions that are no object', (credential) => ({ ...credential, clientExtensionResults: [] })],
  ])('returns 422 for %s', async (_, change) => {
    const credential = await prove(new SoftwarePasskey());

    expect(await answer(logIn(change(credential) as PasskeyCredentialDto))).toEqual([
      422,
      'validation_failed',
    ]);
  });

  it('returns 409 for client data that is not JSON', async () => {
    const credential = await prove(new SoftwarePasskey());
    for (const text of ['null', '[]', 'not JSON', '"text"', '{"challenge": 1}']) {
      credential.response.clientDataJSON = Buffer.from(text).toString('base64url');
      expect(await answer(logIn(credential))).toEqual([409, 'conflict']);
    }
  });
});

describe('POST /auth/login of a user with a passkey only', () => {
  it('names the methods after the right password, and accepts a recovery code', async () => {
    const { name, recoveryCodes } = await newOwner();

    const { status, body } = await server.client.login(name, PASSWORD);

    expect([status, (body as unknown as ProblemDto).methods]).toEqual([401, ['passkey', 'recovery_code']]);
    expect((body as unknown as ProblemDto).detail).toMatch(/^Log in with your passkey/);
    const withCode = await server.client.login(name, PASSWORD, {
      headers: { 'X-Auth-OTP': recoveryCodes[0] ?? '' },
    });
    expect(withCode.status).toBe(200);
  });

  it('does not name the methods after a wrong password', async () => {
    const { name } = await newOwner();

    const { body } = await server.client.login(name, 'a wrong password for this');

    expect(body).not.toHaveProperty('methods');
  });

  it('needs no second factor after the passkey was removed, and keeps no recovery codes', async () => {
    const { name, headers, id } = await newOwner();
    await send('DELETE', `/me/second-factors/${id}`, undefined, headers);

    expect((await server.client.login(name, PASSWORD)).status).toBe(200);
    expect(await factorsOf(headers)).toEqual({ items: [], recoveryCodes: 0 });
    expect(await actions(name)).toContain('authn_second_factor_removed');
  });
});

describe('POST /auth/step-up with a passkey', () => {
  it('renews the proof of the session', async () => {
    const { headers, passkey } = await newOwner();
    const credential = await prove(passkey);

    const { status, body } = await send<StepUpResponseDto>(
      'POST',
      '/auth/step-up',
      { passkey: credential },
      headers,
    );

    expect([status, body.authMethods]).toEqual([200, ['pwd', 'passkey']]);
  });

  it('returns 403 for a passkey of another user, and counts the failure for the caller', async () => {
    const { name, headers } = await newOwner();
    const { passkey } = await newOwner();
    const credential = await prove(passkey);

    expect(await answer(send('POST', '/auth/step-up', { passkey: credential }, headers))).toEqual([
      403,
      'forbidden',
    ]);
    expect((await entries(name))[0]).toMatchObject({
      action: 'authn_step_up_fail',
      after: { reason: 'wrong_passkey' },
    });
    // The challenge was not consumed.
    expect((await logIn(credential)).status).toBe(200);
  });
});

describe('a session that needs a second factor', () => {
  it('has all permissions after a passkey was added', async () => {
    const { body: role } = await server.client.createRole(newRole({ requiresSecondFactor: true }), asAdmin);
    const { headers } = await newPerson({ roles: [role.name, 'user'] });
    const createToken = () => answer(send('POST', '/me/tokens', {}, headers));
    expect(await createToken()).toEqual([403, 'enrolment_required']);

    await addPasskey(server.client, headers);

    expect((await createToken())[0]).toBe(201);
  });
});

describe('a server whose public URL has no host name', () => {
  it('returns 409 for options', async () => {
    const other = await TestServer.start({ environment: { LATCHKEY_PUBLIC_URL: 'https://192.0.2.7' } });
    try {
      const { status, text } = await other.client.request('POST', '/auth/login/passkey/options');

      expect([status, text]).toEqual([409, expect.stringContaining('LATCHKEY_PUBLIC_URL')]);
    } finally {
      await other.remove();
    }
  });
});

describe('a server without a key for second factors', () => {
  it('creates none for an unauthenticated client', async () => {
    const other = await TestServer.start({ environment: { LATCHKEY_SEAL_KEY: undefined } });
    try {
      expect((await other.client.request('POST', '/auth/login/passkey/options')).status).toBe(409);
    } finally {
      await other.remove();
    }
  });
});
