import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { apiHeaders, sessionRenewal } from './interceptors';
import { withoutRenewal, withoutToken } from './request-context';
import { Session } from './session';

const session = {
  credential: 'current',
  isSignedIn: () => true,
  renew: jest.fn<() => Promise<boolean>>(),
};
let client: HttpClient;
let http: HttpTestingController;

beforeEach(() => {
  session.credential = 'current';
  session.renew.mockReset().mockImplementation(() => {
    session.credential = 'renewed';
    return Promise.resolve(true);
  });
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(withInterceptors([apiHeaders, sessionRenewal])),
      provideHttpClientTesting(),
      { provide: Session, useValue: session },
    ],
  });
  client = TestBed.inject(HttpClient);
  http = TestBed.inject(HttpTestingController);
});

describe('apiHeaders', () => {
  it('sends the token to our own server', () => {
    client.get('/users').subscribe();

    expect(http.expectOne('/users').request.headers.get('X-Auth-Token')).toBe('current');
  });

  it.each(['//elsewhere.example/users', 'https://elsewhere.example/users'])('sends no token to %s', (url) => {
    client.get(url).subscribe();

    expect(http.expectOne(url).request.headers.has('X-Auth-Token')).toBe(false);
  });

  it('identifies the console but sends no token when the request asks for none', () => {
    client.post('/auth/set-up', null, { context: withoutToken() }).subscribe();

    const { headers } = http.expectOne('/auth/set-up').request;
    expect(headers.has('X-Auth-Token')).toBe(false);
    expect(headers.get('X-Requested-With')).toBe('XMLHttpRequest');
  });
});

describe('sessionRenewal', () => {
  let outcome: unknown;

  function send(context = {}): void {
    outcome = undefined;
    client
      .post('/users', { name: 'anna' }, context)
      .subscribe({ next: (value) => (outcome = value), error: (error: unknown) => (outcome = error) });
  }

  const reject = (status = 401) => http.expectOne('/users').flush(null, { status, statusText: 'Rejected' });
  const settle = () => new Promise((resolve) => setTimeout(resolve));

  it('repeats the request with the same body once the session is renewed', async () => {
    send();
    reject();
    await settle();

    const { request } = http.expectOne('/users');
    expect(request.headers.get('X-Auth-Token')).toBe('renewed');
    expect(request.body).toEqual({ name: 'anna' });
  });

  it('reports the 401 when the session is not renewed', async () => {
    session.renew.mockResolvedValue(false);
    send();
    reject();
    await settle();

    expect(outcome).toMatchObject({ status: 401 });
  });

  it('repeats the request immediately when another request has renewed the session', () => {
    send();
    session.credential = 'renewed';
    reject();

    expect(http.expectOne('/users').request.headers.get('X-Auth-Token')).toBe('renewed');
    expect(session.renew).not.toHaveBeenCalled();
  });

  it('gives up when the server rejects the renewed session too', async () => {
    send();
    reject();
    await settle();
    reject();

    expect(outcome).toMatchObject({ status: 401 });
    expect(session.renew).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a 401 of a request without a token', 401, { context: withoutToken() }],
    ['a 401 while signing in or out', 401, { context: withoutRenewal() }],
    ['a 403', 403, {}],
  ])('does not renew the session after %s', (_case, status, context) => {
    send(context);
    reject(status);

    expect(session.renew).not.toHaveBeenCalled();
    expect(outcome).toMatchObject({ status });
  });
});
