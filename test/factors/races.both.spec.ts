import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type PasskeyCreationOptionsDto } from '@latchkey/auth-models';
import { SecondFactorCheck } from '../../apps/api/src/factors/second-factor-check.service.js';
import { SecondFactorsRepository } from '../../apps/api/src/factors/second-factors.repository.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { CurrentPassword } from '../../apps/api/src/users/account/my-password.service.js';
import { type Headers } from '../support/api-client.js';
import { enrol } from '../support/authenticator.js';
import { addPasskey, requestOptions, SoftwarePasskey } from '../support/software-passkey.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { TestServer } from '../support/test-server.js';
import { useAdmin, useServer, stopClock } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

afterEach(() => {
  jest.restoreAllMocks();
});

async function newPerson(): Promise<{ name: string; headers: Headers }> {
  const { name } = newUser();
  await server.client.createUser({ name, password: PASSWORD }, asAdmin);
  return { name, headers: await server.client.loginHeaders(name, PASSWORD) };
}

const login = (name: string, code?: string, { client } = server) =>
  client.login(name, PASSWORD, { headers: code === undefined ? {} : { 'X-Auth-OTP': code } });

describe('50 logins at once', () => {
  it.each(['code', 'recovery code'])('start one session with one %s', async (kind) => {
    const { name, headers } = await newPerson();
    const authenticator = await enrol(server.client, headers);
    const code = kind === 'code' ? authenticator.code() : authenticator.recoveryCodes[0];

    const answers = await Promise.all(Array.from({ length: 50 }, () => login(name, code)));

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => ![200, 401, 429, 503].includes(status))).toEqual([]);
  });
});

describe('50 logins at once with one proof of a passkey', () => {
  it.each([true, false])('start one session, whether or not the passkey counts: %s', async (counts) => {
    const { headers } = await newPerson();
    const { passkey } = await addPasskey(server.client, headers, { counts });
    const credential = passkey.prove(await requestOptions(server.client));

    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        server.client.request('POST', '/auth/login/passkey', { body: { credential } }),
      ),
    );

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => ![200, 409, 503].includes(status))).toEqual([]);
  });
});

describe('20 additions at once of one new passkey', () => {
  it('add it once', async () => {
    const { headers } = await newPerson();
    const path = '/me/second-factors/passkeys';
    const { body: options } = await server.client.request<PasskeyCreationOptionsDto>(
      'POST',
      `${path}/options`,
      {
        headers,
      },
    );
    const credential = new SoftwarePasskey().create(options);

    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        server.client.request('POST', path, { headers, body: { credential } }),
      ),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
  });
});

describe('SecondFactorsRepository', () => {
  it('lets one of ten transactions consume a time step', async () => {
    const { headers } = await newPerson();
    const { id } = await enrol(server.client, headers);
    const repository = server.app.get(SecondFactorsRepository, { strict: false });
    const writes = server.app.get(Writes);
    const now = Date.now();

    const consumed = await Promise.all(
      Array.from({ length: 10 }, () =>
        writes.transaction((tx) => repository.consumeStep(id, now, now, tx), 'none'),
      ),
    );

    expect(consumed.filter(Boolean)).toHaveLength(1);
  });
});

describe('a login whose password was verified before a second factor was confirmed', () => {
  it('starts no session', async () => {
    const { name, headers } = await newPerson();
    const check = server.app.get(SecondFactorCheck, { strict: false });
    const proveAtLogin = check.proveAtLogin.bind(check);
    jest.spyOn(check, 'proveAtLogin').mockImplementationOnce(async (...user) => {
      const isProven = await proveAtLogin(...user);
      await enrol(server.client, headers);
      return isProven;
    });

    const { status, body } = await login(name);

    expect([status, body.code]).toEqual([401, 'second_factor_required']);
  });
});

describe('a step-up whose password was verified before a second factor was confirmed', () => {
  it('does not renew the proof', async () => {
    const { name, headers } = await newPerson();
    const other = await server.client.loginHeaders(name, PASSWORD);
    const passwords = server.app.get(CurrentPassword, { strict: false });
    const check = passwords.check.bind(passwords);
    jest.spyOn(passwords, 'check').mockImplementationOnce(async (...attempt) => {
      await check(...attempt);
      await enrol(server.client, headers);
    });

    const { status } = await server.client.request('POST', '/auth/step-up', {
      headers: other,
      body: { currentPassword: PASSWORD },
    });

    expect(status).toBe(403);
    expect((await server.client.createMyToken(other, {})).status).toBe(403);
  });
});

describe('the limit on codes', () => {
  it('survives a restart', async () => {
    const now = Date.now();
    let restarted = await TestServer.start();
    try {
      const admin = await restarted.client.loginHeaders(ADMIN.name, ADMIN.password);
      const authenticator = await enrol(restarted.client, admin);
      const logInAgain = (code: string) =>
        restarted.client.login(ADMIN.name, ADMIN.password, { headers: { 'X-Auth-OTP': code } });
      stopClock(restarted, now);
      for (let count = 0; count < 5; count += 1) {
        expect((await logInAgain('not a code')).status).toBe(401);
      }

      await restarted.stop();
      restarted = await TestServer.start({ database: restarted.database });
      stopClock(restarted, now);

      expect((await logInAgain(authenticator.code())).status).toBe(429);
    } finally {
      await restarted.remove();
    }
  });
});
