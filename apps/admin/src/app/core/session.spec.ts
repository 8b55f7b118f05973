import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { jest } from '@jest/globals';
import type { MeDto, UserTokenDto } from '@latchkey/auth-models';
import { Subject } from 'rxjs';
import { apiHeaders, sessionRenewal } from './interceptors';
import { Session } from './session';
import { SessionChannel } from './session-channel';

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

const channel = { signOuts: new Subject<string>(), announceSignOut: jest.fn<(tokenId: string) => void>() };
let http: HttpTestingController;
let session: Session;
let navigate: jest.SpiedFunction<Router['navigate']>;

beforeEach(() => {
  channel.announceSignOut.mockClear();
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      provideHttpClient(withInterceptors([apiHeaders, sessionRenewal])),
      provideHttpClientTesting(),
      { provide: SessionChannel, useValue: channel },
    ],
  });
  http = TestBed.inject(HttpTestingController);
  session = TestBed.inject(Session);
  navigate = jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
});

afterEach(() => http.verify());

/** Runs the promises between two requests. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

async function signIn(): Promise<void> {
  const signingIn = session.signIn('anna', 'pässword 暗号');
  http.expectOne('/auth/login').flush(TOKEN);
  await settle();
  http.expectOne('/me').flush(ME);
  await signingIn;
}

describe('Session.signIn', () => {
  it('sends name and password as Basic credentials in UTF-8 and requests the cookie', () => {
    void session.signIn('anna', 'pässword 暗号');

    const { headers } = http.expectOne('/auth/login').request;
    expect(headers.get('Authorization')).toBe(
      `Basic ${Buffer.from('anna:pässword 暗号').toString('base64')}`,
    );
    expect(headers.get('Prefer')).toBe('session-cookie');
    expect(headers.get('X-Requested-With')).toBe('XMLHttpRequest');
  });

  it('sends the token with later requests', async () => {
    await signIn();

    void session.signOut();

    const { headers } = http.expectOne('/auth/logout').request;
    expect(headers.get('X-Auth-Token')).toBe(Buffer.from('anna:latchkey_secret').toString('base64'));
  });

  it('reads the permissions', async () => {
    await signIn();

    expect([session.can('users:read'), session.can('users:write')]).toEqual([true, false]);
  });

  it('keeps the token out of storage and signals', async () => {
    await signIn();

    expect(JSON.stringify([session.token(), session.me()])).not.toContain('latchkey_secret');
    expect(localStorage).toHaveLength(0);
    expect(sessionStorage).toHaveLength(0);
  });

  it('throws the error of a rejected attempt and stays signed out', async () => {
    const signingIn = session.signIn('anna', 'wrong');
    http.expectOne('/auth/login').flush(null, { status: 401, statusText: 'Unauthorized' });

    await expect(signingIn).rejects.toMatchObject({ status: 401 });
    expect(session.isSignedIn()).toBe(false);
    expect(navigate).not.toHaveBeenCalled();
  });
});

describe('Session.restore', () => {
  it('restores the session of the cookie', async () => {
    const restoring = session.restore();
    http.expectOne('/auth/session').flush(TOKEN);
    await settle();
    http.expectOne('/me').flush(ME);
    await restoring;

    expect(session.state()).toBe('signed-in');
  });

  it.each([401, 403])('stays signed out after %d', async (status) => {
    const restoring = session.restore();
    http.expectOne('/auth/session').flush(null, { status, statusText: 'No' });
    await restoring;

    expect(session.state()).toBe('signed-out');
  });

  it('stays signed out without a cookie', async () => {
    const restoring = session.restore();
    http.expectOne('/auth/session').flush(null, { status: 204, statusText: 'No Content' });
    await restoring;

    expect(session.state()).toBe('signed-out');
  });

  it('reports an unreachable server and can be retried', async () => {
    const restoring = session.restore();
    http.expectOne('/auth/session').flush(null, { status: 503, statusText: 'Unavailable' });
    await restoring;

    expect(session.state()).toBe('unreachable');
    expect(session.problem()?.status).toBe(503);
  });
});

describe('Session.end', () => {
  it('announces a sign-out to the other tabs', async () => {
    await signIn();
    const signingOut = session.signOut();
    http.expectOne('/auth/logout').flush({ success: true });
    await signingOut;

    expect(channel.announceSignOut).toHaveBeenCalledWith('t1');
    expect(session.credential).toBeNull();
  });

  it('signs out with another tab of the same session', async () => {
    await signIn();

    channel.signOuts.next('t1');

    expect(session.state()).toBe('signed-out');
    expect(channel.announceSignOut).not.toHaveBeenCalled();
  });

  it('revokes its own session when another session of the browser is signed out', async () => {
    await signIn();

    channel.signOuts.next('t2');

    const { headers } = http.expectOne('/auth/logout').request;
    expect(headers.has('X-Auth-Token')).toBe(true);
    expect(session.state()).toBe('signed-out');
  });

  it('treats an expired session as signed out', async () => {
    await signIn();

    const signingOut = session.signOut();
    http.expectOne('/auth/logout').flush(null, { status: 401, statusText: 'Unauthorized' });
    await signingOut;

    expect(session.state()).toBe('signed-out');
    expect(channel.announceSignOut).toHaveBeenCalledWith('t1');
  });
});

describe('Session.renew', () => {
  const noCookie = async () => {
    http.expectOne('/auth/session').flush(null, { status: 401, statusText: 'Unauthorized' });
    await settle();
  };

  it('adopts a session that the same user started in another tab', async () => {
    await signIn();
    const renewing = session.renew();
    http.expectOne('/auth/session').flush({ ...TOKEN, id: 't2', token: 'latchkey_other' });
    await settle();
    http.expectOne('/me').flush(ME);

    expect(await renewing).toBe(true);
    expect(session.token()?.id).toBe('t2');
  });

  it('does not adopt the session of another user', async () => {
    await signIn();
    session.setSignInPrompt(() => Promise.resolve(false));
    const renewing = session.renew();
    http.expectOne('/auth/session').flush({ ...TOKEN, id: 't2', user: 'mallory' });

    expect(await renewing).toBe(false);
  });

  it('prompts once for concurrent attempts', async () => {
    const prompt = jest.fn(() => Promise.resolve(true));
    await signIn();
    session.setSignInPrompt(prompt);
    const renewals = [session.renew(), session.renew()];
    await noCookie();

    expect(await Promise.all(renewals)).toEqual([true, true]);
    expect(prompt).toHaveBeenCalledTimes(1);
  });

  it('redirects to the sign-in page, and back to the open page, when the user does not sign in', async () => {
    await signIn();
    session.setSignInPrompt(() => Promise.resolve(false));
    const renewing = session.renew();
    await noCookie();

    expect(await renewing).toBe(false);
    expect(navigate).toHaveBeenCalledWith(['/sign-in'], {
      queryParams: { notice: 'session-ended', returnTo: '/' },
    });
  });
});
