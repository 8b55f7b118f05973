import { HttpClient, HttpHeaders, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { Session } from './session';
import { sessionEnd } from './session-end';

const session = { credential: 'present', end: jest.fn() };
let http: HttpTestingController;

beforeEach(() => {
  session.end.mockClear();
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(withInterceptors([sessionEnd])),
      provideHttpClientTesting(),
      { provide: Session, useValue: session },
    ],
  });
  http = TestBed.inject(HttpTestingController);
});

function answer(status: number, token?: string): void {
  const headers = new HttpHeaders(token === undefined ? {} : { 'X-Auth-Token': token });
  TestBed.inject(HttpClient)
    .get('/users', { headers })
    .subscribe({ error: () => undefined });
  http.expectOne('/users').flush(null, { status, statusText: 'Refused' });
}

describe('sessionEnd', () => {
  it('ends the session when its token is refused', () => {
    answer(401, 'present');

    expect(session.end).toHaveBeenCalledWith('session-ended');
  });

  it.each([
    ['a request without a token', 401, undefined],
    ["a former session's request", 401, 'former'],
    ['a lack of permission', 403, 'present'],
  ])('lets the session live after %s', (_case, status, token) => {
    answer(status, token);

    expect(session.end).not.toHaveBeenCalled();
  });
});
