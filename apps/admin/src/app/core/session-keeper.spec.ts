import { provideZonelessChangeDetection, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { of } from 'rxjs';
import { Session } from './session';
import { SessionApi } from './session-api';
import { bumpInterval, SessionKeeper } from './session-keeper';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const HOUR = 3_600_000;

describe('bumpInterval', () => {
  it('is an hour for a long idle time', () => {
    expect(bumpInterval({ idleExpirationTime: '2026-12-02T12:00:00Z' }, NOW)).toBe(HOUR);
  });

  it('is half of a short idle time', () => {
    expect(bumpInterval({ idleExpirationTime: '2026-11-25T12:30:00Z' }, NOW)).toBe(HOUR / 4);
  });

  it('is half of an idle time of one minute', () => {
    expect(bumpInterval({ idleExpirationTime: '2026-11-25T12:01:00Z' }, NOW)).toBe(30_000);
  });

  it('is at least five seconds', () => {
    expect(bumpInterval({ idleExpirationTime: '2026-11-25T12:00:02Z' }, NOW)).toBe(5_000);
  });
});

describe('SessionKeeper', () => {
  const bump = jest.fn(() => of({ lastLoginTime: '2026-11-25T12:00:00Z' }));
  const token = signal<{ idleExpirationTime?: string } | null>({});
  let visibility: jest.SpiedGetter<DocumentVisibilityState>;

  beforeEach(() => {
    jest.useFakeTimers({ now: NOW });
    bump.mockClear();
    token.set({});
    visibility = jest.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
    TestBed.configureTestingModule({
      providers: [
        provideZonelessChangeDetection(),
        { provide: Session, useValue: { token } },
        { provide: SessionApi, useValue: { bump } },
      ],
    });
    TestBed.inject(SessionKeeper);
    TestBed.tick();
    jest.advanceTimersByTime(0);
  });

  afterEach(() => {
    jest.useRealTimers();
    visibility.mockRestore();
  });

  it('bumps the session immediately and then every hour', () => {
    jest.advanceTimersByTime(2 * HOUR);

    expect(bump).toHaveBeenCalledTimes(3);
  });

  it('does not bump while the tab is hidden, and catches up when it is shown', () => {
    visibility.mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    jest.advanceTimersByTime(1.5 * HOUR);
    const bumpsWhileHidden = bump.mock.calls.length;

    visibility.mockReturnValue('visible');
    document.dispatchEvent(new Event('visibilitychange'));
    jest.advanceTimersByTime(0);

    expect([bumpsWhileHidden, bump.mock.calls.length]).toEqual([1, 2]);
  });

  it('bumps one interval after the tab is shown, not two', () => {
    visibility.mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    jest.advanceTimersByTime(1.5 * HOUR);
    visibility.mockReturnValue('visible');
    document.dispatchEvent(new Event('visibilitychange'));

    jest.advanceTimersByTime(HOUR);

    expect(bump).toHaveBeenCalledTimes(3);
  });

  it('does not bump more often when the tab is hidden and shown', () => {
    document.dispatchEvent(new Event('visibilitychange'));
    jest.advanceTimersByTime(HOUR / 2);
    document.dispatchEvent(new Event('visibilitychange'));
    jest.advanceTimersByTime(0);

    expect(bump).toHaveBeenCalledTimes(1);
  });

  it('stops when the session ends', () => {
    token.set(null);
    TestBed.tick();

    jest.advanceTimersByTime(3 * HOUR);

    expect(bump).toHaveBeenCalledTimes(1);
  });
});
