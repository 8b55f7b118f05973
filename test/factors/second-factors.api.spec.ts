import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  type NewTotpDto,
  type ProblemDto,
  type RecoveryCodesDto,
  type SecondFactorListDto,
} from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { currentCode, enrol, type Authenticator } from '../support/authenticator.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { addPasskey } from '../support/software-passkey.js';
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

async function newOwner(): Promise<{ name: string; headers: Headers; authenticator: Authenticator }> {
  const person = await newPerson();
  return { ...person, authenticator: await enrol(server.client, person.headers) };
}

const send = <Body>(method: string, path: string, headers: Headers, body?: object) =>
  server.client.request<Body & ProblemDto>(method, path, { headers, body });
const add = (headers: Headers) => send<NewTotpDto>('POST', '/me/second-factors/totp', headers);
const confirm = (id: string, code: string, headers: Headers) =>
  send<RecoveryCodesDto>('POST', `/me/second-factors/${id}/confirm`, headers, { code });
const list = async (headers: Headers) =>
  (await send<SecondFactorListDto>('GET', '/me/second-factors', headers)).body;
const login = (name: string, code?: string) =>
  server.client.login(name, PASSWORD, { headers: code === undefined ? {} : { 'X-Auth-OTP': code } });
const answer = async (response: Promise<{ status: number; body: ProblemDto }>) => {
  const { status, body } = await response;
  return [status, body?.code];
};
const entries = async (name: string) =>
  (
    await send<{ items: { action: string }[] }>('GET', `/audit-events?subject=${name}`, asAdmin)
  ).body.items.map(({ action }) => action);

/** Stops the clock of the server at a time from now. */
const advance = (milliseconds: number) => stopClock(server, Date.now() + milliseconds);

describe('POST /auth/login of a user with a second factor', () => {
  it('returns 401 second_factor_required for the right password without a code', async () => {
    const { name } = await newOwner();

    const { status, body, headers } = await login(name);

    expect([status, body.code]).toEqual([401, 'second_factor_required']);
    expect(body.detail).toBe('Send a code of your second factor, or a recovery code, in X-Auth-OTP.');
    expect(headers.get('set-cookie')).toBeNull();
  });

  it('accepts a code once, with spaces, and then only later ones', async () => {
    const { name, authenticator } = await newOwner();
    const code = authenticator.code();

    expect(await answer(login(name, ` ${code.slice(0, 3)} ${code.slice(3)} `))).toEqual([200, undefined]);
    expect(await answer(login(name, code))).toEqual([401, 'second_factor_required']);
    const now = advance(60_000);
    expect(await answer(login(name, authenticator.code(now)))).toEqual([200, undefined]);
  });

  it.each([-90, -30, 0, 30, 90])(
    'allows for a clock that differs by at most a step: %i s',
    async (seconds) => {
      const { name, authenticator } = await newOwner();
      const now = advance(600_000);

      const { status } = await login(name, authenticator.code(now + seconds * 1_000));

      expect(status).toBe(Math.abs(seconds) <= 30 ? 200 : 401);
    },
  );

  it('accepts each recovery code once, in any spelling', async () => {
    const { name, headers, authenticator } = await newOwner();
    const [first = '', second = ''] = authenticator.recoveryCodes;

    expect(authenticator.recoveryCodes).toHaveLength(10);
    expect((await login(name, first)).status).toBe(200);
    expect((await login(name, first)).status).toBe(401);
    expect((await login(name, second.toUpperCase().replaceAll('-', ' '))).status).toBe(200);
    expect((await list(headers)).recoveryCodes).toBe(8);
    expect(await entries(name)).toEqual(
      expect.arrayContaining(['authn_recovery_code_used', 'authn_login_fail']),
    );
  });

  it('rejects codes of another user', async () => {
    const { name } = await newOwner();
    const { authenticator } = await newOwner();

    expect((await login(name, authenticator.code())).status).toBe(401);
    expect((await login(name, authenticator.recoveryCodes[0])).status).toBe(401);
  });

  it('delays further codes after five wrong ones, but not the password of the user', async () => {
    const { name, authenticator } = await newOwner();
    advance(0);
    for (let count = 0; count < 5; count += 1) {
      expect(await answer(login(name, '000000'))).toEqual([401, 'second_factor_required']);
    }

    expect(await answer(login(name, authenticator.code()))).toEqual([429, 'throttled']);
    expect(await answer(login(name))).toEqual([401, 'second_factor_required']);
    await server.client.liftThrottle(name, asAdmin);
    expect(await answer(login(name, authenticator.code()))).toEqual([200, undefined]);
  });

  it('does not count a missing code', async () => {
    const { name, authenticator } = await newOwner();
    for (let count = 0; count < 10; count += 1) {
      await login(name);
    }

    expect((await login(name, authenticator.code())).status).toBe(200);
  });

  it('returns the same for an unknown name and a wrong password, with and without a code', async () => {
    const { name, authenticator } = await newOwner();
    const problemOf = async (given: string, password: string, headers: Headers) => {
      const { status, body } = await server.client.login(given, password, { headers });
      return [status, body.code, body.detail];
    };

    const codes: Headers[] = [{}, { 'X-Auth-OTP': authenticator.code() }, { 'X-Auth-OTP': '000000' }];
    for (const headers of codes) {
      const unknown = await problemOf('never-seen', PASSWORD, headers);

      expect(unknown.slice(0, 2)).toEqual([401, 'unauthenticated']);
      expect(await problemOf(name, 'a wrong password', headers)).toEqual(unknown);
    }
    expect((await login(name, authenticator.code())).status).toBe(200);
  });

  it('ignores a code if the user has no second factor', async () => {
    const { name } = await newPerson();

    expect((await login(name, '000000')).status).toBe(200);
  });
});

describe('POST /me/second-factors/totp', () => {
  it('creates a factor that has no effect until a code confirms it', async () => {
    const { name, headers } = await newPerson();

    const { status, body } = await add(headers);

    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      uri: `otpauth://totp/Latchkey:${name}?secret=${body.secret}&issuer=Latchkey`,
    });
    expect(await list(headers)).toEqual({ items: [], recoveryCodes: 0 });
    expect((await login(name)).status).toBe(200);
    expect((await confirm(body.id, currentCode(body.secret), headers)).status).toBe(200);
    expect((await login(name)).status).toBe(401);
    expect(await list(headers)).toMatchObject({ items: [{ id: body.id, kind: 'totp' }], recoveryCodes: 10 });
    expect((await list(headers)).items[0]).not.toHaveProperty('name');
  });

  it('replaces an earlier factor that was not confirmed', async () => {
    const { headers } = await newPerson();
    const { body: first } = await add(headers);
    await add(headers);

    expect(await answer(confirm(first.id, currentCode(first.secret), headers))).toEqual([404, 'not_found']);
  });

  it('adds another factor with a name, without new recovery codes', async () => {
    const { name, headers } = await newOwner();

    const { body } = await add(headers);

    const confirmed = await send<RecoveryCodesDto>('POST', `/me/second-factors/${body.id}/confirm`, headers, {
      code: currentCode(body.secret),
      name: 'Phone',
    });
    expect(confirmed.body).toEqual({ codes: [] });
    expect((await list(headers)).items.map((factor) => factor.name)).toEqual([undefined, 'Phone']);
    expect((await login(name, currentCode(body.secret, Date.now() + 30_000))).status).toBe(200);
  });

  it('rejects an eleventh factor', async () => {
    const { headers } = await newOwner();
    for (let count = 1; count < 10; count += 1) {
      const { body } = await add(headers);
      await confirm(body.id, currentCode(body.secret), headers);
    }

    expect(await answer(add(headers))).toEqual([409, 'conflict']);
    expect((await list(headers)).items).toHaveLength(10);
  });
});

describe('POST /me/second-factors/{id}/confirm', () => {
  it('returns 409 if the user has got ten others since', async () => {
    const { headers } = await newPerson();
    for (let count = 0; count < 9; count += 1) {
      await addPasskey(server.client, headers);
    }
    const { id, secret } = (await add(headers)).body;
    await addPasskey(server.client, headers);

    expect(await answer(confirm(id, currentCode(secret), headers))).toEqual([409, 'conflict']);
    expect((await list(headers)).items).toHaveLength(10);
  });

  it('returns 422 for a wrong code, and delays further ones after five', async () => {
    const { name, headers } = await newPerson();
    const { body } = await add(headers);
    advance(0);
    for (let count = 0; count < 5; count += 1) {
      expect(await answer(confirm(body.id, '000000', headers))).toEqual([422, 'validation_failed']);
    }

    expect(await answer(confirm(body.id, currentCode(body.secret), headers))).toEqual([429, 'throttled']);
    expect(await entries(name)).toContain('authn_second_factor_fail');
  });

  it('returns 409 when the factor is confirmed already, and 404 for that of another user', async () => {
    const { headers, authenticator } = await newOwner();
    const other = await newPerson();

    expect(await answer(confirm(authenticator.id, authenticator.code(), headers))).toEqual([409, 'conflict']);
    expect(await answer(confirm(authenticator.id, authenticator.code(), other.headers))).toEqual([
      404,
      'not_found',
    ]);
  });
});

describe('DELETE /me/second-factors/{id} and POST /me/recovery-codes', () => {
  it('remove the last factor together with the recovery codes', async () => {
    const { name, headers, authenticator } = await newOwner();

    const { status } = await send('DELETE', `/me/second-factors/${authenticator.id}`, headers);

    expect(status).toBe(204);
    expect(await list(headers)).toEqual({ items: [], recoveryCodes: 0 });
    expect((await login(name)).status).toBe(200);
  });

  it('replace all recovery codes', async () => {
    const { name, headers, authenticator } = await newOwner();
    const [old = ''] = authenticator.recoveryCodes;

    const { body } = await send<RecoveryCodesDto>('POST', '/me/recovery-codes', headers);

    expect(body.codes).toHaveLength(10);
    expect((await login(name, old)).status).toBe(401);
    expect((await login(name, body.codes[9])).status).toBe(200);
  });

  it('return 404 for a factor of another user, and 409 without a factor', async () => {
    const { authenticator } = await newOwner();
    const { headers } = await newPerson();

    expect(await answer(send('DELETE', `/me/second-factors/${authenticator.id}`, headers))).toEqual([
      404,
      'not_found',
    ]);
    expect(await answer(send('POST', '/me/recovery-codes', headers))).toEqual([409, 'conflict']);
  });
});

describe('changes of second factors', () => {
  it.each([
    ['an API token', {}],
    ['a limited API token', { permissions: [] }],
  ])('return 403 for %s', async (_, body) => {
    const { headers, authenticator } = await newOwner();
    const { body: token } = await server.client.createMyToken(headers, body);
    const asToken = {
      'X-Auth-Token': Buffer.from(`${token.user}:${token.token}`).toString('base64'),
    };

    expect(await answer(add(asToken))).toEqual([403, 'forbidden']);
    expect(await answer(send('DELETE', `/me/second-factors/${authenticator.id}`, asToken))).toEqual([
      403,
      'forbidden',
    ]);
    expect(await answer(send('POST', '/me/recovery-codes', asToken))).toEqual([403, 'forbidden']);
    expect((await list(headers)).recoveryCodes).toBe(10);
  });

  it('return 403 for a limited session', async () => {
    const { name } = await newPerson();
    const { body: token } = await server.client.login(name, PASSWORD, { body: { permissions: [] } });
    const headers = { 'X-Auth-Token': Buffer.from(`${name}:${token.token}`).toString('base64') };

    expect(await answer(add(headers))).toEqual([403, 'forbidden']);
  });
});

describe('DELETE /users/{name}/second-factors', () => {
  it('removes everything, and revokes the tokens of the user', async () => {
    const { name, headers } = await newOwner();

    expect((await send('DELETE', `/users/${name}/second-factors`, asAdmin)).status).toBe(204);

    expect(await answer(server.client.me(headers))).toEqual([401, 'token_revoked']);
    expect((await login(name)).status).toBe(200);
    expect(await entries(name)).toContain('authn_second_factors_reset');
  });

  it('returns 409 for a user without a second factor, and revokes nothing', async () => {
    const { name, headers } = await newPerson();
    await add(headers);

    expect(await answer(send('DELETE', `/users/${name}/second-factors`, asAdmin))).toEqual([409, 'conflict']);

    expect((await server.client.me(headers)).status).toBe(200);
    expect(await entries(name)).not.toContain('authn_second_factors_reset');
  });

  it('returns 403 for the own user', async () => {
    const { name, headers } = await newPerson({ roles: ['admin'] });
    await enrol(server.client, headers);

    expect(await answer(send('DELETE', `/users/${name}/second-factors`, headers))).toEqual([
      403,
      'forbidden',
    ]);
    expect((await login(name)).status).toBe(401);
  });
});

describe('the database', () => {
  it('contains neither secrets nor recovery codes in clear', async () => {
    const { headers } = await newPerson();
    const { body } = await add(headers);
    const { body: confirmed } = await confirm(body.id, currentCode(body.secret), headers);

    const rows = await Promise.all(
      ['second_factors', 'recovery_codes', 'audit_events'].map((table) =>
        server.database.query(`SELECT * FROM ${table}`),
      ),
    );

    const stored = JSON.stringify(rows);
    expect(stored).not.toContain(body.secret);
    confirmed.codes.forEach((code) => {
      expect(stored).not.toContain(code);
      expect(stored).not.toContain(code.replaceAll('-', ''));
    });
    expect(server.log).not.toContain(body.secret);
  });

  it('keeps no factor of a deleted user', async () => {
    const { name } = await newOwner();
    await server.client.deleteUser(name, asAdmin);
    await server.client.createUser({ name, password: PASSWORD }, asAdmin);

    expect((await login(name)).status).toBe(200);
  });
});

describe('a server with another LATCHKEY_SEAL_KEY', () => {
  it('rejects codes, accepts recovery codes, and logs the way out', async () => {
    let other = await TestServer.start();
    try {
      const asUser = await other.client.loginHeaders(ADMIN.name, ADMIN.password);
      const authenticator = await enrol(other.client, asUser);
      await other.stop();
      const environment = { LATCHKEY_SEAL_KEY: Buffer.alloc(32, 9).toString('base64') };
      other = await TestServer.start({ database: other.database, environment });
      const logIn = (code = '') =>
        other.client.login(ADMIN.name, ADMIN.password, { headers: { 'X-Auth-OTP': code } });

      expect((await logIn(authenticator.code())).status).toBe(401);
      expect(other.log).toContain('A secret of a second factor or webhook cannot be decrypted');
      expect((await logIn(authenticator.recoveryCodes[0])).status).toBe(200);
    } finally {
      await other.remove();
    }
  });
});
