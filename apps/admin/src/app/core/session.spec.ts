import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { jest } from '@jest/globals';
import type { MeDto, UserTokenDto } from '@latchkey/auth-models';
import { Subject } from 'rxjs';
import { apiHeaders } from './api-headers';
import { Session } from './session';
import { SessionChannel } from './session-channel';
import { sessionRenewal } from './session-renewal';

const TOKEN: UserTokenDto = {
  token: 'lk_secret',
  id: 't1',
  user: 'anna',
  kind: 'session',
  enabled: true,
  creationTime: '2026-11-01T00:00:00Z',
  state: 'active',
  tokenPreview: 'lk_…cret',
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

/** Lets the promises between two requests run. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

async function signIn(): Promise<void> {
  const signingIn = session.signIn('anna', 'pässword');
  http.expectOne('/auth/login').flush(TOKEN);
  await turn();
  http.expectOne('/me').flush(ME);
  await signingIn;
}

describe('Session.signIn', () => {
  it('sends name and password as Basic credentials and asks for the cookie', () => {
    void session.signIn('anna', 'pässword');

    const { headers } = http.expectOne('/auth/login').request;
    expect(headers.get('Authorization')).toBe(`Basic ${Buffer.from('anna:pässword').toString('base64')}`);
    expect(headers.get('Prefer')).toBe('session-cookie');
    expect(headers.get('X-Requested-With')).toBe('XMLHttpRequest');
  });

  it('sends the token from then on', async () => {
    await signIn();

    void session.signOut();

    const { headers } = http.expectOne('/auth/logout').request;
    expect(headers.get('X-Auth-Token')).toBe(Buffer.from('anna:lk_secret').toString('base64'));
  });

  it('knows the permissions', async () => {
    await signIn();

    expect([session.can('users:read'), session.can('users:write')]).toEqual([true, false]);
  });

  it('keeps the token out of everything that can be read', async () => {
    await signIn();

    expect(JSON.stringify([session.token(), session.me()])).not.toContain('lk_secret');
    expect(localStorage).toHaveLength(0);
    expect(sessionStorage).toHaveLength(0);
  });

  it('throws what the server refused, and signs nobody in', async () => {
    const signingIn = session.signIn('anna', 'wrong');
    http.expectOne('/auth/login').flush(null, { status: 401, statusText: 'Unauthorized' });

    await expect(signingIn).rejects.toMatchObject({ status: 401 });
    expect(session.isSignedIn()).toBe(false);
    expect(navigate).not.toHaveBeenCalled();
  });
});

describe('Session.restore', () => {
  it('takes up the session of the cookie', async () => {
    const restoring = session.restore();
    http.expectOne('/auth/session').flush(TOKEN);
    await turn();
    http.expectOne('/me').flush(ME);
    await restoring;

    expect(session.state()).toBe('signed-in');
  });

  it.each([401, 403])('leaves nobody signed in after %d', async (status) => {
    const restoring = session.restore();
    http.expectOne('/auth/session').flush(null, { status, statusText: 'No' });
    await restoring;

    expect(session.state()).toBe('signed-out');
  });

  it('leaves nobody signed in when there is no cookie', async () => {
    const restoring = session.restore();
    http.expectOne('/auth/session').flush(null, { status: 204, statusText: 'No Content' });
    await restoring;

    expect(session.state()).toBe('signed-out');
  });

  it('waits for another try when the server is out of reach', async () => {
    const restoring = session.restore();
    http.expectOne('/auth/session').flush(null, { status: 503, statusText: 'Unavailable' });
    await restoring;

    expect(session.state()).toBe('unreachable');
    expect(session.problem()?.status).toBe(503);
  });
});

describe('Session.end', () => {
  it('tells the other tabs when the person signs out', async () => {
    await signIn();
    const signingOut = session.signOut();
    http.expectOne('/auth/logout').flush({ success: true });
    await signingOut;

    expect(channel.announceSignOut).toHaveBeenCalledWith('t1');
    expect(session.credential).toBeNull();
  });

  it('follows a sign-out of the same session in another tab', async () => {
    await signIn();

    channel.signOuts.next('t1');

    expect(session.state()).toBe('signed-out');
    expect(channel.announceSignOut).not.toHaveBeenCalled();
  });

  it('ends its own session at the server when another one is signed out in the browser', async () => {
    await signIn();

    channel.signOuts.next('t2');

    const { headers } = http.expectOne('/auth/logout').request;
    expect(headers.has('X-Auth-Token')).toBe(true);
    expect(session.state()).toBe('signed-out');
  });

  it('takes a session that has ended already for signed out', async () => {
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
    await turn();
  };

  it('takes up a session that the person began in another tab', async () => {
    await signIn();
    const renewing = session.renew();
    http.expectOne('/auth/session').flush({ ...TOKEN, id: 't2', token: 'lk_other' });
    await turn();
    http.expectOne('/me').flush(ME);

    expect(await renewing).toBe(true);
    expect(session.token()?.id).toBe('t2');
  });

  it("never takes up somebody else's session", async () => {
    await signIn();
    session.renewBy(() => Promise.resolve(false));
    const renewing = session.renew();
    http.expectOne('/auth/session').flush({ ...TOKEN, id: 't2', user: 'mallory' });

    expect(await renewing).toBe(false);
  });

  it('asks the person once, however many requests were refused', async () => {
    const ask = jest.fn(() => Promise.resolve(true));
    await signIn();
    session.renewBy(ask);
    const renewals = [session.renew(), session.renew()];
    await noCookie();

    expect(await Promise.all(renewals)).toEqual([true, true]);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('leads to the sign-in page, and keeps the page that was open, when they do not', async () => {
    await signIn();
    session.renewBy(() => Promise.resolve(false));
    const renewing = session.renew();
    await noCookie();

    expect(await renewing).toBe(false);
    expect(navigate).toHaveBeenCalledWith(['/sign-in'], {
      queryParams: { notice: 'session-ended', returnTo: '/' },
    });
  });
});
