import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Notifier } from './notifier';
import { timeOfDay } from './effective-notice';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('the message after a revocation', () => {
  it('has the time by which it is in effect, and a countdown that screen readers do not read', () => {
    const effectiveBy = '2026-11-30T12:00:02.041Z';
    TestBed.inject(Notifier).revoked('Token revoked.', effectiveBy);
    const label = () => document.querySelector('app-effective-notice [matSnackBarLabel]');
    const countdown = () => {
      TestBed.tick();
      return label()?.querySelector('[aria-hidden=true]')?.textContent?.trim();
    };

    const counted = [countdown()];
    for (let second = 0; second < 2; second += 1) {
      jest.advanceTimersByTime(1_000);
      counted.push(countdown());
    }

    expect(counted).toEqual(['2 s', '1 s', undefined]);
    expect(label()?.textContent.trim()).toBe(
      `Token revoked. Rejected everywhere by ${timeOfDay(effectiveBy, 'en')}.`,
    );
  });

  it('states no time before the instant', () => {
    expect(timeOfDay('2026-11-30T12:00:02.041Z', 'de')).toMatch(/:00:03$/);
  });
});
