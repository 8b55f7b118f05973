import type { HttpRequest } from '@angular/common/http';
import { inject } from '@angular/core';
import { jest } from '@jest/globals';
import type { PasskeyCredentialDto } from '@latchkey/auth-models';
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
  startSignedOut,
  TOKEN,
  UNAUTHORIZED,
  useSession,
} from '../../../../test/support/angular/latchkey-session';
import { LatchkeySession } from './index';

useSession();

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
