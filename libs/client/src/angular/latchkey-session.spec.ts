import { type HttpRequest, provideHttpClient, withInterceptors } from '@angular/common/http';
import {
  HttpTestingController,
  provideHttpClientTesting,
  type TestRequest,
} from '@angular/common/http/testing';
import { inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { MeDto, PasskeyCredentialDto, UserTokenDto } from '@latchkey/auth-models';
import {
  latchkeyInterceptor,
  type LatchkeyOptions,
  LatchkeySession,
  provideLatchkey,
  type SignOutReason,
} from './index';

const TOKEN: UserTokenDto = {
  token: 'latchkey_secret',
  id: 't1',
  user: 'anna',
  kind: 'session',
  enabled: true,
  creationTime: '2026-11-01T00:00:00Z',
  state: 'active',
  tokenPreview: 'latchkey_…cret',
  version: 0,
};
const ME: MeDto = {
  id: 'u1',
  name: 'anna',
  kind: 'human',
  roles: ['auditor'],
  permissions: ['users:read'],
  enabled: true,
  creationTime: '2026-11-01T00:00:00Z',
  version: 0,
};
const CREDENTIAL = Buffer.from('anna:latchkey_secret').toString('base64');
const OTHER: UserTokenDto = { ...TOKEN, id: 't2', token: 'latchkey_other' };
const OTHER_CREDENTIAL = Buffer.from('anna:latchkey_other').toString('base64');
const UNAUTHORIZED = { status: 401, statusText: 'Unauthorized' };

const url = 'https://auth.example.org';
/** Key of its session in the storage. */
const KEY = `latchkey-session ${url}/`;

/** Channel to the other tabs, which jsdom lacks. */
class Channel {
  static last: Channel;
  readonly postMessage = jest.fn();
  readonly close = jest.fn();
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(readonly name: string) {
    Channel.last = this;
  }

  signOutElsewhere(tokenId: string): void {
    this.onmessage?.({ data: tokenId });
  }

  signInElsewhere(): void {
    this.onmessage?.({ data: true });
  }
}

Object.defineProperty(globalThis, 'BroadcastChannel', { value: Channel });

const onSignOut = jest.fn<(reason: SignOutReason) => void>();
let http: HttpTestingController;
let session: LatchkeySession;

function start(options: LatchkeyOptions = {}): void {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(withInterceptors([latchkeyInterceptor])),
      provideHttpClientTesting(),
      provideLatchkey({ onSignOut, ...options }),
    ],
  });
  http = TestBed.inject(HttpTestingController);
  session = TestBed.inject<LatchkeySession>(LatchkeySession);
}

/** Starts without a session. */
async function startSignedOut(): Promise<void> {
  start();
  http.expectOne('/auth/session').flush(null, { status: 204, statusText: 'No Content' });
  await settle();
}

/** Waits for the promises between two requests. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

/** Responds to a login or the request for the session, and then to the request for the user. */
async function respond(request: TestRequest, token: UserTokenDto = TOKEN): Promise<void> {
  request.flush(token);
  await settle();
  http.expectOne(({ url }) => url.endsWith('/me')).flush(ME);
  await settle();
}

async function signIn(url = ''): Promise<void> {
  const signingIn = session.signIn('anna', 'pässword 暗号');
  await settle();
  await respond(http.expectOne(`${url}/auth/login`));
  await signingIn;
}

beforeEach(() => onSignOut.mockReset());

afterEach(() => {
  // Bumps have tests of their own.
  http.match(({ url }) => url.endsWith('/auth/bump'));
  http.verify();
  sessionStorage.clear();
});

describe('LatchkeySession.signIn', () => {
  beforeEach(startSignedOut);

  it('sends name and password as Basic credentials in UTF-8 and requests the cookie', async () => {
    void session.signIn('anna', 'pässword 暗号', { note: 'Firefox' });
    await settle();

    const { headers, body } = http.expectOne('/auth/login').request as HttpRequest<unknown>;
    expect(headers.get('Authorization')).toBe(
      `Basic ${Buffer.from('anna:pässword 暗号').toString('base64')}`,
    );
    expect(headers.get('Prefer')).toBe('session-cookie');
    expect(headers.get('X-Requested-With')).toBe('XMLHttpRequest');
    expect(body).toEqual({ note: 'Firefox' });
  });

  it('sends a code, in ASCII only', async () => {
    const codeOf = async (code?: string) => {
      void session.signIn('anna', 'password', {}, code);
      await settle();
      return http.expectOne('/auth/login').request.headers.get('X-Auth-OTP');
    };

    expect([await codeOf(), await codeOf('123 456'), await codeOf('１23')]).toEqual([null, '123 456', '?23']);
  });

  it('reads the user with their permissions', async () => {
    await signIn();

    expect(session.user()).toEqual(ME);
    expect([session.can('users:read'), session.can('users:write')]).toEqual([true, false]);
    expect(session.credential).toBe(CREDENTIAL);
  });

  it('describes the token without the idle expiry, which bumps extend', async () => {
    const signingIn = session.signIn('anna', 'password');
    await settle();
    const times = { expirationTime: '2026-11-02T00:00:00Z', idleExpirationTime: '2026-11-01T01:00:00Z' };
    await respond(http.expectOne('/auth/login'), { ...TOKEN, ...times });
    await signingIn;

    expect(session.token()).toHaveProperty('expirationTime');
    expect(session.token()).not.toHaveProperty('idleExpirationTime');
  });

  it('keeps the token out of storage, signals and logs', async () => {
    await signIn();

    expect(JSON.stringify([session.token(), session.user()])).not.toContain('latchkey_secret');
    expect(Object.values(session)).not.toContain(CREDENTIAL);
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 0]);
  });

  it('throws the error of a rejected attempt and stays signed out', async () => {
    const signingIn = session.signIn('anna', 'wrong');
    await settle();
    http.expectOne('/auth/login').flush(null, UNAUTHORIZED);

    await expect(signingIn).rejects.toMatchObject({ status: 401 });
    expect(session.isSignedIn()).toBe(false);
    expect(onSignOut).not.toHaveBeenCalled();
  });
});

describe('LatchkeySession.restore', () => {
  it('restores the session of the cookie', async () => {
    start();
    await respond(http.expectOne('/auth/session'));
    await session.ready;

    expect(session.state()).toBe('signed-in');
  });

  it.each([401, 403])('stays signed out after %d', async (status) => {
    start();
    http.expectOne('/auth/session').flush(null, { status, statusText: 'No' });
    await session.ready;

    expect(session.state()).toBe('signed-out');
  });

  it('stays signed out without a cookie', async () => {
    await startSignedOut();

    expect(session.state()).toBe('signed-out');
  });

  it('completes before a sign-in, so that it does not replace the new session', async () => {
    start();
    const signingIn = session.signIn('anna', 'password');
    http.expectNone('/auth/login');
    http.expectOne('/auth/session').flush(null, UNAUTHORIZED);
    await settle();
    await respond(http.expectOne('/auth/login'));
    await signingIn;

    expect(session.state()).toBe('signed-in');
  });

  it('reports an unreachable server and can be retried', async () => {
    start();
    http.expectOne('/auth/session').flush(null, { status: 503, statusText: 'Unavailable' });
    await settle();
    const { state, error } = { state: session.state(), error: session.error() };
    const restoring = session.restore();
    await respond(http.expectOne('/auth/session'));
    await restoring;

    expect([state, error?.status]).toEqual(['unreachable', 503]);
    expect([session.state(), session.error()]).toEqual(['signed-in', null]);
  });

  it.each([204, 401, 503])('keeps a session that started before a response with %d', async (status) => {
    await startSignedOut();
    const signingIn = session.signIn('anna', 'password');
    await settle();
    const restoring = session.restore();
    await respond(http.expectOne('/auth/login'));
    await signingIn;
    http.expectOne('/auth/session').flush(null, { status, statusText: 'Status' });
    await restoring;

    expect([session.state(), session.credential]).toEqual(['signed-in', CREDENTIAL]);
  });
});

describe('LatchkeySession without the session cookie', () => {
  it('starts signed out on another origin, and does not request the cookie', async () => {
    start({ url: `${url}/` });
    await session.ready;
    void session.signIn('anna', 'password');
    await settle();

    const { headers } = http.expectOne(`${url}/auth/login`).request;
    expect([headers.has('Prefer'), headers.has('X-Requested-With')]).toEqual([false, false]);
    expect(Channel.last.name).toBe(KEY);
  });

  it('restores the session from the storage after a reload', async () => {
    start({ url, storage: sessionStorage });
    await session.ready;
    await signIn(url);
    http.match(`${url}/auth/bump`);
    TestBed.resetTestingModule();
    start({ url, storage: sessionStorage });
    await settle();
    http.expectOne(`${url}/me`).flush(ME);
    await session.ready;

    expect(session.credential).toBe(CREDENTIAL);
  });

  it('does not use the cookie if a storage is set, even on the origin of Latchkey', async () => {
    start({ storage: sessionStorage });
    await session.ready;
    void session.signIn('anna', 'password');
    await settle();

    expect(http.expectOne('/auth/login').request.headers.has('Prefer')).toBe(false);
  });

  it('removes an invalid session from the storage', async () => {
    sessionStorage.setItem(KEY, JSON.stringify(TOKEN));
    start({ url, storage: sessionStorage });
    await settle();
    http.expectOne(`${url}/me`).flush(null, UNAUTHORIZED);
    await session.ready;

    expect([session.state(), sessionStorage.length]).toEqual(['signed-out', 0]);
  });

  it('keeps a newer session of another tab in the storage if its own is invalid', async () => {
    sessionStorage.setItem(KEY, JSON.stringify(TOKEN));
    start({ url, storage: sessionStorage });
    await settle();
    sessionStorage.setItem(KEY, JSON.stringify(OTHER));
    http.expectOne(`${url}/me`).flush(null, UNAUTHORIZED);
    await session.ready;

    expect([session.state(), sessionStorage.length]).toEqual(['signed-out', 1]);
  });

  it('starts signed out if the storage contains invalid JSON', async () => {
    sessionStorage.setItem(KEY, '{');
    start({ url, storage: sessionStorage });
    await session.ready;

    expect(session.state()).toBe('signed-out');
  });

  it.each([
    ['removes its session from the storage', TOKEN, 0],
    ['keeps the session of another tab in the storage', OTHER, 1],
  ])('%s when it ends', async (_case, stored, count) => {
    start({ url, storage: sessionStorage });
    await session.ready;
    await signIn(url);
    sessionStorage.setItem(KEY, JSON.stringify(stored));

    session.end('session-ended');

    expect(sessionStorage.length).toBe(count);
  });

  it('removes and revokes the stored session of another tab when the user signs out', async () => {
    start({ url, storage: sessionStorage });
    await session.ready;
    await signIn(url);
    sessionStorage.setItem(KEY, JSON.stringify(OTHER));

    session.end('signed-out');

    const { headers } = http.expectOne(`${url}/auth/logout`).request;
    expect([headers.get('X-Auth-Token'), sessionStorage.length]).toEqual([OTHER_CREDENTIAL, 0]);
  });

  it('ignores the stored session of another server', async () => {
    sessionStorage.setItem(KEY, JSON.stringify(TOKEN));
    start({ url: 'https://other.example.org', storage: sessionStorage });
    await session.ready;

    expect([session.state(), sessionStorage.length]).toEqual(['signed-out', 1]);
  });

  it('keeps the session in memory only if the storage is full', async () => {
    jest.spyOn(Storage.prototype, 'setItem').mockImplementationOnce(() => {
      throw new DOMException('Full', 'QuotaExceededError');
    });
    start({ url, storage: sessionStorage });
    await session.ready;
    await signIn(url);

    expect([session.state(), session.credential]).toEqual(['signed-in', CREDENTIAL]);
    session.end('signed-out');
    expect(session.credential).toBeNull();
  });
});

describe('LatchkeySession after a sign-in in another tab', () => {
  it('adopts the session if the user is signed out', async () => {
    await startSignedOut();
    Channel.last.signInElsewhere();
    await respond(http.expectOne('/auth/session'));

    expect([session.state(), session.credential]).toEqual(['signed-in', CREDENTIAL]);
  });

  it('adopts the session of the same user while it asks them to sign in again', async () => {
    await startSignedOut();
    await signIn();
    let signedIn!: (value: boolean) => void;
    session.setSignInPrompt(() => new Promise((resolve) => (signedIn = resolve)));
    const renewing = session.renew();
    http.expectOne('/me').flush(null, UNAUTHORIZED);
    await settle();
    http.expectOne('/auth/session').flush(null, UNAUTHORIZED);
    await settle();

    Channel.last.signInElsewhere();
    await respond(http.expectOne('/auth/session'), OTHER);
    signedIn(true);
    await renewing;

    expect([session.token()?.id, onSignOut.mock.calls]).toEqual(['t2', []]);
  });

  it('keeps its own session, without a request', async () => {
    await startSignedOut();
    await signIn();
    Channel.last.signInElsewhere();

    http.expectNone('/auth/session');
    expect(session.credential).toBe(CREDENTIAL);
  });

  it('announces its own sign-in to the other tabs', async () => {
    await startSignedOut();
    await signIn();

    expect(Channel.last.postMessage.mock.calls).toEqual([[true]]);
  });
});

describe('LatchkeySession.signInWithPasskey', () => {
  it('sends the passkey without the earlier token, and adopts the session', async () => {
    await startSignedOut();
    await signIn();
    const passkey = { id: 'a', rawId: 'a', type: 'public-key', response: {} } as PasskeyCredentialDto;
    const signingIn = session.signInWithPasskey(passkey, { note: 'Firefox' });
    await settle();
    const request = http.expectOne('/auth/login/passkey');
    await respond(request, OTHER);
    await signingIn;

    expect(request.request.body).toEqual({ note: 'Firefox', credential: passkey });
    expect(request.request.headers.get('X-Auth-Token')).toBeNull();
    expect(request.request.headers.get('Prefer')).toBe('session-cookie');
    expect(session.credential).toBe(OTHER_CREDENTIAL);
  });
});

describe('LatchkeySession.stepUp', () => {
  beforeEach(async () => {
    await startSignedOut();
    await signIn();
  });

  it.each([
    ['a code in the header', { code: '123456' }, {}, '123456'],
    ['a password in the body', { currentPassword: 'password' }, { currentPassword: 'password' }, null],
  ])('sends %s, and counts the proof', async (_case, proof, body, code) => {
    const steppingUp = session.stepUp(proof);
    const request = http.expectOne('/auth/step-up');
    const before = session.proofs;
    request.flush({ authTime: '2026-11-01T01:00:00Z', authMethods: ['pwd', 'otp'] });
    await steppingUp;

    expect(request.request.body).toEqual(body);
    expect(request.request.headers.get('X-Auth-OTP')).toBe(code);
    expect(session.proofs).toBe(before + 1);
  });

  it('throws the error of a rejected proof, and counts nothing', async () => {
    const before = session.proofs;
    const steppingUp = session.stepUp({ code: '123456' });
    http.expectOne('/auth/step-up').flush(null, { status: 403, statusText: 'Forbidden' });

    await expect(steppingUp).rejects.toMatchObject({ status: 403 });
    expect(session.proofs).toBe(before);
  });
});

describe('LatchkeySession.freshen', () => {
  beforeEach(async () => {
    await startSignedOut();
    await signIn();
  });

  it('prompts once for concurrent requests, with the reason', async () => {
    const prompt = jest.fn(() => Promise.resolve(true));
    session.setSignInPrompt(prompt);
    await Promise.all([session.freshen('step-up'), session.freshen('step-up')]);

    expect(prompt.mock.calls).toEqual([['step-up']]);
  });

  it('keeps the session when the prompt fails', async () => {
    session.setSignInPrompt(() => Promise.reject(new Error('The chunk could not be loaded.')));
    await session.freshen('step-up');

    expect(session.isSignedIn()).toBe(true);
  });
});

describe('LatchkeySession.end', () => {
  beforeEach(async () => {
    await startSignedOut();
    await signIn();
  });

  it('forgets the user and the token, and announces the sign-out to the other tabs', async () => {
    const signingOut = session.signOut();
    const request = http.expectOne('/auth/logout');
    request.flush({ success: true });
    await signingOut;

    expect(request.request.headers.get('X-Auth-Token')).toBe(CREDENTIAL);
    expect(Channel.last.postMessage).toHaveBeenCalledWith('t1');
    expect([session.credential, session.user(), session.token()]).toEqual([null, null, null]);
    expect(onSignOut).toHaveBeenCalledWith('signed-out');
  });

  it('calls onSignOut in an injection context', () => {
    onSignOut.mockImplementation(() => void inject(LatchkeySession));

    session.end('signed-out');

    expect(onSignOut).toHaveReturned();
  });

  it('calls onSignOut only once', () => {
    session.end('signed-out');
    session.end('session-ended');

    expect(onSignOut).toHaveBeenCalledTimes(1);
  });

  it('stays signed in when the server cannot revoke the session', async () => {
    const signingOut = session.signOut();
    http.expectOne('/auth/logout').flush(null, { status: 503, statusText: 'Unavailable' });

    await expect(signingOut).rejects.toMatchObject({ status: 503 });
    expect(session.isSignedIn()).toBe(true);
  });

  it('signs out when another tab of the same session signs out', () => {
    Channel.last.signOutElsewhere('t1');

    expect(session.state()).toBe('signed-out');
    expect(Channel.last.postMessage).not.toHaveBeenCalledWith('t1');
    expect(onSignOut).toHaveBeenCalledWith('signed-out-elsewhere');
  });

  it('revokes its own session when another session of the browser is signed out', () => {
    Channel.last.signOutElsewhere('t2');

    expect(http.expectOne('/auth/logout').request.headers.get('X-Auth-Token')).toBe(CREDENTIAL);
    expect(session.state()).toBe('signed-out');
  });

  it('ignores messages of other scripts on the channel', () => {
    Channel.last.onmessage?.({ data: { id: 't1' } });

    expect(session.state()).toBe('signed-in');
  });

  it('treats an expired session as signed out', async () => {
    const signingOut = session.signOut();
    http.expectOne('/auth/logout').flush(null, UNAUTHORIZED);
    await signingOut;

    expect(session.state()).toBe('signed-out');
    expect(Channel.last.postMessage).toHaveBeenCalledWith('t1');
  });
});

describe('LatchkeySession.renew', () => {
  beforeEach(async () => {
    await startSignedOut();
    await signIn();
  });

  /** Starts a renewal after Latchkey has rejected the token. */
  async function startRenewal(): Promise<{ renewing: Promise<void> }> {
    const renewing = session.renew();
    http.expectOne('/me').flush(null, UNAUTHORIZED);
    await settle();
    return { renewing };
  }

  const noCookie = async () => {
    http.expectOne('/auth/session').flush(null, UNAUTHORIZED);
    await settle();
  };

  it('adopts a session that the same user started in another tab', async () => {
    const { renewing } = await startRenewal();
    await respond(http.expectOne('/auth/session'), OTHER);
    await renewing;

    expect([session.token()?.id, onSignOut.mock.calls]).toEqual(['t2', []]);
  });

  it.each([
    ['accepts the token', 200],
    ['is unavailable', 503],
  ])('keeps the session if Latchkey %s', async (_case, status) => {
    const renewing = session.renew();
    http.expectOne('/me').flush(ME, { status, statusText: 'Status' });
    await renewing;

    expect([session.credential, onSignOut.mock.calls]).toEqual([CREDENTIAL, []]);
  });

  it('does not adopt the session of another user', async () => {
    const { renewing } = await startRenewal();
    http.expectOne('/auth/session').flush({ ...OTHER, user: 'mallory' });
    await renewing;

    expect(session.state()).toBe('signed-out');
  });

  it('prompts once for concurrent renewals', async () => {
    const prompt = jest.fn(() => Promise.resolve(true));
    session.setSignInPrompt(prompt);
    const { renewing } = await startRenewal();
    const other = session.renew();
    await noCookie();
    await Promise.all([renewing, other]);

    expect(session.isSignedIn()).toBe(true);
    expect(prompt).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['when the user does not sign in', () => Promise.resolve(false)],
    ['when the prompt fails', () => Promise.reject(new Error('The chunk could not be loaded.'))],
  ])('ends the session %s', async (_case, prompt) => {
    session.setSignInPrompt(prompt);
    const { renewing } = await startRenewal();
    await noCookie();
    await renewing;

    expect(session.state()).toBe('signed-out');
    expect(onSignOut).toHaveBeenCalledWith('session-ended');
  });

  it('does not prompt when the user signs out meanwhile', async () => {
    const prompt = jest.fn(() => Promise.resolve(true));
    session.setSignInPrompt(prompt);
    const { renewing } = await startRenewal();
    session.end('signed-out');
    await noCookie();
    await renewing;

    expect(prompt).not.toHaveBeenCalled();
  });

  it('does not adopt a session from another tab when the user signs out meanwhile', async () => {
    const { renewing } = await startRenewal();
    http.expectOne('/auth/session').flush(OTHER);
    await settle();
    session.end('signed-out');
    http.expectOne('/me').flush(ME);
    await renewing;

    expect([session.state(), session.credential]).toEqual(['signed-out', null]);
  });

  it('keeps a session that the user starts meanwhile', async () => {
    session.setSignInPrompt(() => Promise.resolve(false));
    const { renewing } = await startRenewal();
    const signingIn = session.signIn('anna', 'password');
    await settle();
    await respond(http.expectOne('/auth/login'), OTHER);
    await signingIn;
    await noCookie();
    await renewing;

    expect([session.token()?.id, onSignOut.mock.calls]).toEqual(['t2', []]);
  });
});
