import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { Now, updateNow } from './now';

beforeEach(() => jest.useFakeTimers({ now: 1_000 }));
afterEach(() => jest.useRealTimers());

describe('Now', () => {
  it('changes every minute, and with each response', () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(withInterceptors([updateNow])), provideHttpClientTesting()],
    });
    const now = TestBed.inject(Now).value;
    const seen = [now()];
    jest.advanceTimersByTime(30_000);
    TestBed.inject(HttpClient).get('/users').subscribe();
    seen.push(now());
    TestBed.inject(HttpTestingController).expectOne('/users').flush({});
    seen.push(now());
    jest.advanceTimersByTime(30_000);
    seen.push(now());

    expect(seen).toEqual([1_000, 1_000, 31_000, 61_000]);
  });
});
