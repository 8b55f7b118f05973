import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { jest } from '@jest/globals';
import { Session } from '../core/session';
import { Welcome } from './welcome';

let http: HttpTestingController;

const polls = () => http.match(({ url }) => url === '/me/tokens');

beforeEach(() => {
  jest.useFakeTimers();
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(),
      provideHttpClientTesting(),
      provideRouter([]),
      { provide: Session, useValue: { user: () => null, token: () => null } },
    ],
  });
  http = TestBed.inject(HttpTestingController);
  TestBed.createComponent(Welcome).detectChanges();
});

afterEach(() => jest.useRealTimers());

describe('Welcome', () => {
  it.each([
    ['failed', 2_000, 503],
    ['got no response', 12_000, null],
  ])('polls again after a poll that %s', (_case, milliseconds, status) => {
    jest.advanceTimersByTime(2_000);
    const [first] = polls();
    if (status !== null) {
      first?.flush(null, { status, statusText: 'Unavailable' });
    }
    expect(first).toBeDefined();

    jest.advanceTimersByTime(milliseconds);

    expect(polls()).toHaveLength(1);
  });
});
