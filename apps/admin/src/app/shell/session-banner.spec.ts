import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { Session } from '../core/session';
import { SessionBanner } from './session-banner';

const MINUTE = 60_000;
const START = Date.parse('2026-11-25T12:00:00Z');
const iso = (minutes: number) => new Date(START + minutes * MINUTE).toISOString();

const token = signal<{ creationTime: string; expirationTime?: string } | null>(null);
let banner: SessionBanner;

beforeEach(() => {
  jest.useFakeTimers({ now: START });
  TestBed.configureTestingModule({ providers: [{ provide: Session, useValue: { token } }] });
  const fixture = TestBed.createComponent(SessionBanner);
  fixture.detectChanges();
  banner = fixture.componentInstance;
});

afterEach(() => jest.useRealTimers());

function startSession(minutes?: number): void {
  token.set({ creationTime: iso(0), ...(minutes !== undefined && { expirationTime: iso(minutes) }) });
  TestBed.tick();
}

describe('SessionBanner', () => {
  it('warns in the last five minutes', () => {
    startSession(60);
    jest.advanceTimersByTime(54 * MINUTE);
    expect(banner.expiry()).toBeNull();

    jest.advanceTimersByTime(MINUTE);
    expect(banner.expiry()).toBe(iso(60));
  });

  it('warns in the last fifth of a short lifetime', () => {
    startSession(5);
    jest.advanceTimersByTime(3.7 * MINUTE);
    expect(banner.expiry()).toBeNull();

    jest.advanceTimersByTime(MINUTE / 2);
    expect(banner.expiry()).toBe(iso(5));
  });

  it('hides the warning when the session is renewed', () => {
    startSession(60);
    jest.advanceTimersByTime(58 * MINUTE);
    startSession(120);

    expect(banner.expiry()).toBeNull();
  });

  it('never warns of a session without an expiry', () => {
    startSession();
    jest.advanceTimersByTime(10_000 * MINUTE);

    expect(banner.expiry()).toBeNull();
  });
});
