import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { anonymously } from './request-context';
import { apiHeaders } from './api-headers';
import { Session } from './session';

let client: HttpClient;
let http: HttpTestingController;

beforeEach(() => {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(withInterceptors([apiHeaders])),
      provideHttpClientTesting(),
      { provide: Session, useValue: { credential: 'Y3JlZGVudGlhbA==' } },
    ],
  });
  client = TestBed.inject(HttpClient);
  http = TestBed.inject(HttpTestingController);
});

describe('apiHeaders', () => {
  it('sends the token to the own server', () => {
    client.get('/users').subscribe();

    expect(http.expectOne('/users').request.headers.get('X-Auth-Token')).toBe('Y3JlZGVudGlhbA==');
  });

  it.each(['//elsewhere.example/users', 'https://elsewhere.example/users'])('sends no token to %s', (url) => {
    client.get(url).subscribe();

    expect(http.expectOne(url).request.headers.has('X-Auth-Token')).toBe(false);
  });

  it('sends no token where none is wanted, and still names the caller', () => {
    client.post('/auth/set-up', null, { context: anonymously() }).subscribe();

    const { headers } = http.expectOne('/auth/set-up').request;
    expect(headers.has('X-Auth-Token')).toBe(false);
    expect(headers.get('X-Requested-With')).toBe('XMLHttpRequest');
  });
});
