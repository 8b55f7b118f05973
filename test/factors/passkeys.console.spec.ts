import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type PasskeyCreationOptionsDto, type PasskeyRequestOptionsDto } from '@latchkey/auth-models';
import { type CDPSession, type Page } from 'playwright-core';
import { type Headers } from '../support/api-client.js';
import { ConsoleBrowser } from '../support/browser/console-browser.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { freePort } from '../support/free-port.mjs';
import { requestOptions } from '../support/software-passkey.js';
import { TestServer } from '../support/test-server.js';

/** Options of the virtual authenticator of Chromium (Chrome DevTools Protocol). */
interface AuthenticatorOptions {
  protocol?: 'ctap2' | 'u2f';
  transport: 'internal' | 'usb' | 'nfc';
  hasResidentKey?: boolean;
  hasUserVerification?: boolean;
  isUserVerified?: boolean;
}

let server: TestServer;
let browser: ConsoleBrowser;
let page: Page;
let devTools: CDPSession;
let name: string;
let headers: Headers;

beforeAll(async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  server = await TestServer.start({ port, environment: { LATCHKEY_PUBLIC_URL: url } });
  browser = await ConsoleBrowser.launch(url);
  page = await browser.open('/admin/');
});

afterAll(async () => {
  await browser.close();
  await server.remove();
});

beforeEach(async () => {
  const asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  ({ name } = newUser());
  await server.client.createUser({ name, password: PASSWORD }, asAdmin);
  headers = await server.client.loginHeaders(name, PASSWORD);
  devTools = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
});

// Removes the authenticators.
afterEach(() => devTools.detach());

async function useAuthenticator(options: AuthenticatorOptions): Promise<string> {
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...options,
    },
  });
  return authenticatorId;
}

/** Returns the credential of the browser, or the name of its error. */
function ceremony(call: 'create' | 'get', kind: 'Creation' | 'Request', options: object) {
  return page.evaluate<object | string>(`(async () => {
    const publicKey = PublicKeyCredential.parse${kind}OptionsFromJSON(${JSON.stringify(options)});
    try {
      return (await navigator.credentials.${call}({ publicKey })).toJSON();
    } catch (error) {
      return error.name;
    }
  })()`);
}
const create = (options: PasskeyCreationOptionsDto) => ceremony('create', 'Creation', options);
const prove = (options: PasskeyRequestOptionsDto) => ceremony('get', 'Request', options);

const post = <Body>(path: string, body?: object, as: Headers = {}) =>
  server.client.request<Body>('POST', path, { body, headers: as });
const creationOptions = async () =>
  (await post<PasskeyCreationOptionsDto>('/me/second-factors/passkeys/options', undefined, headers)).body;
const add = async (credential: object | string) =>
  (await post('/me/second-factors/passkeys', { credential }, headers)).status;
const logIn = async (credential: object | string) =>
  (await post<{ user: string; detail: string }>('/auth/login/passkey', { credential })).body;

describe('Chromium', () => {
  it.each<[string, AuthenticatorOptions]>([
    ['the platform', { transport: 'internal' }],
    ['a security key with a PIN', { transport: 'usb' }],
    ['a security key over NFC', { transport: 'nfc' }],
  ])('adds a passkey on %s, and logs in and steps up with it', async (_, options) => {
    await useAuthenticator(options);

    expect(await add(await create(await creationOptions()))).toBe(201);

    expect((await logIn(await prove(await requestOptions(server.client)))).user).toBe(name);
    const passkey = await prove(await requestOptions(server.client));
    expect((await post('/auth/step-up', { passkey }, headers)).body).toMatchObject({
      authMethods: ['pwd', 'passkey'],
    });
  });

  it.each<[string, AuthenticatorOptions]>([
    ['cannot store passkeys', { transport: 'usb', hasResidentKey: false }],
    ['cannot check a PIN', { transport: 'usb', hasUserVerification: false }],
    ['does not verify the user', { transport: 'internal', isUserVerified: false }],
    [
      'is older than passkeys',
      { protocol: 'u2f', transport: 'usb', hasResidentKey: false, hasUserVerification: false },
    ],
  ])('adds no passkey on an authenticator that %s', async (_, options) => {
    await useAuthenticator(options);
    const creation = await creationOptions();

    expect(await create({ ...creation, timeout: 1_000 })).toBe('NotAllowedError');
  });

  it('adds no second passkey on the same authenticator', async () => {
    await useAuthenticator({ transport: 'internal' });
    await add(await create(await creationOptions()));

    expect(await create(await creationOptions())).toBe('InvalidStateError');
  });

  it('cannot log in with a copy whose counter is older', async () => {
    const authenticatorId = await useAuthenticator({ transport: 'usb' });
    await add(await create(await creationOptions()));
    const { credentials } = await devTools.send('WebAuthn.getCredentials', { authenticatorId });
    await logIn(await prove(await requestOptions(server.client)));
    await devTools.send('WebAuthn.clearCredentials', { authenticatorId });
    const copy = { ...credentials[0]!, signCount: 0 };
    await devTools.send('WebAuthn.addCredential', { authenticatorId, credential: copy });

    const { detail } = await logIn(await prove(await requestOptions(server.client)));

    expect(detail).toMatch(/^The counter of the passkey went back/);
  });

  it('creates no passkey for a server at another origin', async () => {
    await useAuthenticator({ transport: 'internal' });
    const options = await creationOptions();

    expect(await create({ ...options, rp: { ...options.rp, id: 'example.com' } })).toBe('SecurityError');
    // The last test on this page: it has another origin now.
    await page.goto(server.client.baseUrl);
    expect(await create(options)).toBe('SecurityError');
  });
});
