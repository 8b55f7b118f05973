import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { Session } from './session';
import { SessionWarning } from './session-warning';

const MINUTE = 60_000;
const START = Date.parse('2026-11-25T12:00:00Z');
const iso = (minutes: number) => new Date(START + minutes * MINUTE).toISOString();

const token = signal<{ creationTime: string; expirationTime?: string } | null>(null);
let warning: SessionWarning;

beforeEach(() => {
  jest.useFakeTimers({ now: START });
  TestBed.configureTestingModule({ providers: [{ provide: Session, useValue: { token } }] });
  warning = TestBed.inject(SessionWarning);
});

afterEach(() => jest.useRealTimers());

function begin(minutes?: number): void {
  token.set({ creationTime: iso(0), ...(minutes !== undefined && { expirationTime: iso(minutes) }) });
  TestBed.tick();
}

describe('SessionWarning', () => {
  it('warns in the last five minutes', () => {
    begin(60);
    jest.advanceTimersByTime(54 * MINUTE);
    expect(warning.end()).toBeNull();

    jest.advanceTimersByTime(MINUTE);
    expect(warning.end()).toBe(iso(60));
  });

  it('warns in the last fifth of a short life', () => {
    begin(5);
    jest.advanceTimersByTime(3.7 * MINUTE);
    expect(warning.end()).toBeNull();

    jest.advanceTimersByTime(MINUTE / 2);
    expect(warning.end()).toBe(iso(5));
  });

  it('is quiet again when there is a new session', () => {
    begin(60);
    jest.advanceTimersByTime(58 * MINUTE);
    begin(120);

    expect(warning.end()).toBeNull();
  });

  it('never warns of a session without an end', () => {
    begin();
    jest.advanceTimersByTime(10_000 * MINUTE);

    expect(warning.end()).toBeNull();
  });
});
