import { HttpClient, HttpHeaders, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { withoutRenewal } from './request-context';
import { Session } from './session';
import { sessionRenewal } from './session-renewal';

const session = {
  credential: 'present',
  isSignedIn: () => true,
  renew: jest.fn<() => Promise<boolean>>(),
};
let http: HttpTestingController;
let outcome: unknown;

beforeEach(() => {
  outcome = undefined;
  session.credential = 'present';
  session.renew.mockReset().mockImplementation(() => {
    session.credential = 'renewed';
    return Promise.resolve(true);
  });
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(withInterceptors([sessionRenewal])),
      provideHttpClientTesting(),
      { provide: Session, useValue: session },
    ],
  });
  http = TestBed.inject(HttpTestingController);
});

function send(token?: string, context = {}): void {
  const headers = new HttpHeaders(token === undefined ? {} : { 'X-Auth-Token': token });
  TestBed.inject(HttpClient)
    .post('/users', { name: 'anna' }, { headers, ...context })
    .subscribe({ next: (value) => (outcome = value), error: (error: unknown) => (outcome = error) });
}

const refuse = (status = 401) => http.expectOne('/users').flush(null, { status, statusText: 'Refused' });
const turn = () => new Promise((resolve) => setTimeout(resolve));

describe('sessionRenewal', () => {
  it('matchesField a request, with the same body, once there is a new session', async () => {
    send('present');
    refuse();
    await turn();

    const { request } = http.expectOne('/users');
    expect(request.headers.get('X-Auth-Token')).toBe('renewed');
    expect(request.body).toEqual({ name: 'anna' });
  });

  it('hands the refusal on when nobody signs in again', async () => {
    session.renew.mockResolvedValue(false);
    send('present');
    refuse();
    await turn();

    expect(outcome).toMatchObject({ status: 401 });
  });

  it('matchesField at once what was sent with a session that was renewed since', () => {
    session.credential = 'renewed';
    send('present');
    refuse();

    expect(http.expectOne('/users').request.headers.get('X-Auth-Token')).toBe('renewed');
    expect(session.renew).not.toHaveBeenCalled();
  });

  it('does not go on for ever when the new session is refused as well', async () => {
    send('present');
    refuse();
    await turn();
    refuse();

    expect(outcome).toMatchObject({ status: 401 });
    expect(session.renew).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a request without a token', 401, undefined, {}],
    ['a part of signing in or out', 401, 'present', { context: withoutRenewal() }],
    ['a lack of permission', 403, 'present', {}],
  ])('asks nobody after %s', (_case, status, token, context) => {
    send(token, context);
    refuse(status);

    expect(session.renew).not.toHaveBeenCalled();
    expect(outcome).toMatchObject({ status });
  });
});
