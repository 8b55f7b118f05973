import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import {
  Channel,
  CREDENTIAL,
  http,
  ME,
  onSignOut,
  OTHER,
  OTHER_CREDENTIAL,
  respond,
  session,
  settle,
  signIn,
  start,
  startSignedOut,
  TOKEN,
  UNAUTHORIZED,
  useSession,
} from '../../../../test/support/angular/latchkey-session';

const url = 'https://auth.example.org';
/** Key of its session in the storage. */
const KEY = `latchkey-session ${url}/`;

useSession();

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
