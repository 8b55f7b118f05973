import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type NewTotpDto, type RecoveryCodesDto } from '@latchkey/auth-models';
import { type ApiClient, type Headers } from '../support/api-client.js';
import { currentCode, enrol } from '../support/authenticator.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { Installation } from '../support/installation.js';

const PAGE = 'guides/second-factors.md';

let installation: Installation;
let client: ApiClient;
let asAdmin: Headers;
let totp: NewTotpDto;
let recoveryCodes: string[];

beforeAll(async () => {
  installation = await Installation.open({ LATCHKEY_SEAL_KEY: undefined });
  client = await installation.running();
  asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  await client.createUser({ name: 'anna', password: PASSWORD }, asAdmin);
});

afterAll(() => installation.close());

/** Returns the page for the holder of a token, with values for its placeholders. */
const pageFor = (headers: Headers, placeholders: Record<string, string> = {}) =>
  new CommandsOnPage(
    PAGE,
    { ...(installation.environment as Record<string, string>), TOKEN: headers['X-Auth-Token'] ?? '' },
    { 'http://127.0.0.1:3000': client.baseUrl, '-u anna': `-u 'anna:${PASSWORD}'`, ...placeholders },
  );
const login = async (name: string, password: string, code?: string) =>
  (await client.login(name, password, { headers: code === undefined ? {} : { 'X-Auth-OTP': code } })).status;

// In the order of the page: each step needs those before it.
describe('docs/guides/second-factors.md', () => {
  let asAnna: Headers;

  it('adds an authenticator app', async () => {
    asAnna = await client.loginHeaders('anna', PASSWORD);
    // The block prints the response only if the login fails.
    expect(await pageFor(asAnna).run('TOKEN=$(')).toBe('');
    totp = JSON.parse(await pageFor(asAnna).run('/me/second-factors/totp')) as NewTotpDto;
    const confirmed = await pageFor(asAnna, { '/ID/': `/${totp.id}/`, CODE: currentCode(totp.secret) }).run(
      '/confirm',
    );

    recoveryCodes = (JSON.parse(confirmed) as RecoveryCodesDto).codes;
    expect(recoveryCodes).toHaveLength(10);
    expect(await login('anna', PASSWORD)).toBe(401);
  });

  it('logs in with a code', async () => {
    const answer = await pageFor(asAnna, { CODE: currentCode(totp.secret, Date.now() + 30_000) }).run(
      "-H 'X-Auth-OTP: CODE' http://127.0.0.1:3000/auth/login",
    );

    expect(answer).toContain('"kind":"session"');
  });

  it('steps up, replaces the recovery codes, and removes the app', async () => {
    const proof = await pageFor(asAnna, { CODE: recoveryCodes[0] ?? '' }).run('/auth/step-up');
    const renewed = await pageFor(asAnna).run('/me/recovery-codes');
    await pageFor(asAnna, { 'second-factors/ID': `second-factors/${totp.id}` }).run('-X DELETE');

    expect(proof).toContain('"authMethods":["pwd","recovery_code"]');
    expect((JSON.parse(renewed) as RecoveryCodesDto).codes).toHaveLength(10);
    expect(await login('anna', PASSWORD)).toBe(200);
  });

  it('removes the lost factors of a user, and of the last administrator', async () => {
    await enrol(client, asAnna);
    await enrol(client, asAdmin);

    await pageFor(asAdmin).run('/users/anna/second-factors');
    expect(await login('anna', PASSWORD)).toBe(200);
    expect(await login(ADMIN.name, ADMIN.password)).toBe(401);
    await pageFor(asAdmin).run('reset-second-factors admin');
    expect(await login(ADMIN.name, ADMIN.password)).toBe(200);
  });
});
