import { HttpClient, HttpHeaders, HttpResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { of, throwError } from 'rxjs';
import { LatchkeySession, provideLatchkey } from './index';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

Object.defineProperty(globalThis, 'BroadcastChannel', {
  value: class {
    close() {}
  },
});

describe('keepAlive', () => {
  let remaining: number;
  let isReachable: boolean;
  let visibility: jest.SpiedGetter<DocumentVisibilityState>;

  /** Responds to a bump like a server whose clock is a day behind. */
  const bump = jest.fn(() => {
    const time = Date.now() - DAY;
    const headers = new HttpHeaders({ 'X-Auth-Token-Expires': new Date(time + remaining).toISOString() });
    const body = { lastLoginTime: new Date(time).toISOString() };
    return isReachable ? of(new HttpResponse({ body, headers })) : throwError(() => new Error('offline'));
  });
  const get = (url: string) => of(url === '/me' ? { name: 'anna' } : { user: 'anna', id: 't1' });

  async function start(): Promise<void> {
    TestBed.configureTestingModule({
      providers: [provideLatchkey(), { provide: HttpClient, useValue: { get, post: bump } }],
    });
    await TestBed.inject(LatchkeySession).ready;
    TestBed.tick();
    jest.advanceTimersByTime(0);
  }

  function show(state: DocumentVisibilityState): void {
    visibility.mockReturnValue(state);
    document.dispatchEvent(new Event('visibilitychange'));
    jest.advanceTimersByTime(0);
  }

  beforeEach(() => {
    remaining = 7 * DAY;
    isReachable = true;
    jest.useFakeTimers({ now: NOW });
    bump.mockClear();
    visibility = jest.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
    visibility.mockRestore();
  });

  it.each([
    ['every hour for a long idle time', 7 * DAY, HOUR],
    ['after half of a short idle time', HOUR / 2, HOUR / 4],
    ['every five seconds at most', 2_000, 5_000],
  ])('bumps the session now and %s', async (_case, idle, pause) => {
    remaining = idle;
    await start();
    jest.advanceTimersByTime(2 * pause - 1);
    const earlier = bump.mock.calls.length;
    jest.advanceTimersByTime(1);

    expect([earlier, bump.mock.calls.length]).toEqual([2, 3]);
  });

  it('bumps again a minute after a failed bump', async () => {
    isReachable = false;
    await start();
    jest.advanceTimersByTime(MINUTE);

    expect(bump).toHaveBeenCalledTimes(2);
  });

  it('does not bump while the page is hidden, and catches up when it is shown', async () => {
    await start();
    show('hidden');
    jest.advanceTimersByTime(1.5 * HOUR);
    const whileHidden = bump.mock.calls.length;
    show('visible');

    expect([whileHidden, bump.mock.calls.length]).toEqual([1, 2]);
  });

  it('bumps once per pause after the page is shown again', async () => {
    await start();
    show('hidden');
    jest.advanceTimersByTime(1.5 * HOUR);
    show('visible');
    jest.advanceTimersByTime(HOUR);

    expect(bump).toHaveBeenCalledTimes(3);
  });

  it('does not bump early when the page is hidden and shown', async () => {
    await start();
    show('hidden');
    jest.advanceTimersByTime(HOUR / 2);
    show('visible');

    expect(bump).toHaveBeenCalledTimes(1);
  });

  it('stops when the session ends', async () => {
    await start();
    TestBed.inject(LatchkeySession).end('session-ended');
    TestBed.tick();
    jest.advanceTimersByTime(3 * HOUR);

    expect(bump).toHaveBeenCalledTimes(1);
  });
});
