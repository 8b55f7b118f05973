import {
  HttpClient,
  HttpResponse,
  HttpXhrBackend,
  provideHttpClient,
  withInterceptors,
} from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { firstValueFrom, of } from 'rxjs';
import { latchkeyInterceptor, LatchkeySession, withoutToken } from './index';

const ANNA = { id: 'u1' };
const LATCHKEY = 'http://localhost';
const API = 'https://api.example.org';

const session = {
  credential: 'current' as string | null,
  origin: LATCHKEY,
  origins: new Set([LATCHKEY, API]),
  user: signal<{ id: string } | null>(ANNA),
  proofs: 1,
  renew: jest.fn<() => Promise<void>>(),
  freshen: jest.fn<(reason: string) => Promise<void>>(),
};
let client: HttpClient;
let http: HttpTestingController;

beforeEach(() => {
  session.credential = 'current';
  session.user.set(ANNA);
  session.renew.mockReset().mockImplementation(() => {
    session.credential = 'renewed';
    return Promise.resolve();
  });
  session.freshen.mockReset().mockImplementation(() => {
    session.proofs += 1;
    return Promise.resolve();
  });
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(withInterceptors([latchkeyInterceptor])),
      provideHttpClientTesting(),
      { provide: LatchkeySession, useValue: session },
    ],
  });
  client = TestBed.inject(HttpClient);
  http = TestBed.inject(HttpTestingController);
});

afterEach(() => http.verify());

describe('latchkeyInterceptor', () => {
  it.each(['/users', 'users', `${LATCHKEY}/users`, `${API}/orders`])('sends the token to %s', (url) => {
    client.get(url).subscribe();

    const { headers, redirect } = http.expectOne(url).request;
    expect([headers.get('X-Auth-Token'), redirect]).toEqual(['current', 'error']);
  });

  it.each([
    '//elsewhere.example/users',
    'https://elsewhere.example/users',
    'https://api.example.org.elsewhere.example/orders',
    'https://api.example.org@elsewhere.example/orders',
    'https://api.example.org:8443/orders',
    'http://api.example.org/orders',
    '\\\\elsewhere.example/users',
    '/\\elsewhere.example/users',
    ' //elsewhere.example/users',
    'http://:invalid',
  ])('does not change a request to %s', (url) => {
    client.get(url).subscribe();

    const { headers, redirect } = http.expectOne(() => true).request;
    expect([headers.keys(), redirect]).toEqual([[], undefined]);
  });

  it.each(['Authorization', 'X-Auth-Token'])('adds no token to a request with %s', (name) => {
    client.get(`${API}/orders`, { headers: { [name]: 'own' } }).subscribe();

    const { headers } = http.expectOne(`${API}/orders`).request;
    expect([headers.keys(), headers.get(name)]).toEqual([[name], 'own']);
  });

  it('sends X-Requested-With but no token for a request with withoutToken()', () => {
    client.post('/auth/set-up', null, { context: withoutToken() }).subscribe();

    const { headers } = http.expectOne('/auth/set-up').request;
    expect(headers.has('X-Auth-Token')).toBe(false);
    expect(headers.get('X-Requested-With')).toBe('XMLHttpRequest');
  });

  it('follows redirects if the request allows them', () => {
    client.get('/users', { redirect: 'follow' }).subscribe();

    expect(http.expectOne('/users').request.redirect).toBe('follow');
  });

  describe('without withFetch()', () => {
    const handle = jest.fn(() => of(new HttpResponse({ body: 'sent' })));

    beforeEach(() => {
      handle.mockClear();
      jest.spyOn(HttpXhrBackend.prototype, 'handle').mockImplementation(handle);
      TestBed.resetTestingModule().configureTestingModule({
        providers: [
          provideHttpClient(withInterceptors([latchkeyInterceptor])),
          { provide: LatchkeySession, useValue: session },
        ],
      });
      client = TestBed.inject(HttpClient);
    });

    it('rejects a request to another origin, because it would follow redirects', async () => {
      const response = firstValueFrom(client.get(`${API}/orders`));

      await expect(response).rejects.toThrow('Add withFetch() to provideHttpClient().');
      expect(handle).not.toHaveBeenCalled();
    });

    it.each([
      ['to the origin of the page', '/users', {}],
      ['that may follow redirects', `${API}/orders`, { redirect: 'follow' as const }],
    ])('sends a request %s', async (_case, url, options) => {
      expect(await firstValueFrom(client.get(url, options))).toBe('sent');
    });
  });
});

let outcome: unknown;

function send(context = {}, url = '/users'): void {
  outcome = undefined;
  client
    .post(url, { name: 'anna' }, context)
    .subscribe({ next: (value) => (outcome = value), error: (error: unknown) => (outcome = error) });
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('latchkeyInterceptor after a 401', () => {
  async function reject(status = 401, url = '/users'): Promise<void> {
    http.expectOne(url).flush(null, { status, statusText: 'Rejected' });
    await settle();
  }

  it('repeats the request with the same body once the session is renewed', async () => {
    send();
    await reject();

    const { request } = http.expectOne('/users');
    expect(request.headers.get('X-Auth-Token')).toBe('renewed');
    expect(request.body).toEqual({ name: 'anna' });
  });

  it('reports the 401 when the session is not renewed', async () => {
    session.renew.mockImplementation(() => {
      session.credential = null;
      session.user.set(null);
      return Promise.resolve();
    });
    send();
    await reject();

    expect(outcome).toMatchObject({ status: 401 });
  });

  it('repeats the request without a renewal when another request has renewed the session', async () => {
    send();
    session.credential = 'renewed';
    await reject();

    expect(http.expectOne('/users').request.headers.get('X-Auth-Token')).toBe('renewed');
    expect(session.renew).not.toHaveBeenCalled();
  });

  it('does not repeat the request as another user', async () => {
    send();
    session.credential = 'of someone else';
    session.user.set({ id: 'u2' });
    await reject();

    expect(outcome).toMatchObject({ status: 401 });
  });

  it('gives up when the server rejects the renewed session too', async () => {
    send();
    await reject();
    await reject();

    expect(outcome).toMatchObject({ status: 401 });
    expect(session.renew).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['after a request without a token', 401, { context: withoutToken() }],
    ['after a login', 401, { headers: { Authorization: 'Basic x' } }],
    ['after a 403', 403, {}],
  ])('does not renew the session %s', async (_case, status, context) => {
    send(context);
    await reject(status);

    expect(session.renew).not.toHaveBeenCalled();
    expect(outcome).toMatchObject({ status });
  });

  it('reports the 401 when Latchkey still accepts the session', async () => {
    session.renew.mockResolvedValue();
    send({}, `${API}/orders`);
    await reject(401, `${API}/orders`);

    expect(outcome).toMatchObject({ status: 401 });
  });
});

describe('latchkeyInterceptor after a 403 that requires a fresh proof', () => {
  async function reject(body: object | null = { code: 'step_up_required' }): Promise<void> {
    http.expectOne('/users').flush(body, { status: 403, statusText: 'Forbidden' });
    await settle();
  }

  it('repeats the request with the same body once the session is fresh', async () => {
    send();
    await reject();

    const { request } = http.expectOne('/users');
    expect(request.headers.get('X-Auth-Token')).toBe('current');
    expect(request.body).toEqual({ name: 'anna' });
  });

  it('reports the 403 when the user cancels', async () => {
    session.freshen.mockResolvedValue();
    send();
    await reject();

    expect(outcome).toMatchObject({ status: 403, error: { code: 'step_up_required' } });
  });

  it('repeats the request without a prompt when the session became fresh in the meantime', async () => {
    send();
    session.proofs += 1;
    await reject();

    http.expectOne('/users');
    expect(session.freshen).not.toHaveBeenCalled();
  });

  it('asks once, and reports the 403 when the server rejects the fresh session too', async () => {
    send();
    await reject();
    await reject();

    expect(outcome).toMatchObject({ status: 403 });
    expect(session.freshen).toHaveBeenCalledTimes(1);
  });

  it('prompts with the reason when a second factor is required', async () => {
    send();
    await reject({ code: 'enrolment_required' });

    http.expectOne('/users');
    expect(session.freshen.mock.calls).toEqual([['enrolment']]);
  });

  it.each([{ code: 'forbidden' }, {}, null])('does not ask after a 403 with %j', async (body) => {
    send();
    await reject(body);

    expect(outcome).toMatchObject({ status: 403 });
    expect(session.freshen).not.toHaveBeenCalled();
  });
});
