import { Injector, runInInjectionContext } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { clock, countdown } from './countdown';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('countdown', () => {
  it('counts down to zero and stops', () => {
    const wait = runInInjectionContext(TestBed.inject(Injector), countdown);

    wait.start(3);
    const seen = [0, 1000, 1000, 1000, 5000].map((pause) => {
      jest.advanceTimersByTime(pause);
      return wait.secondsLeft();
    });

    expect(seen).toEqual([3, 2, 1, 0, 0]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('starts with the given seconds, however long the start takes', () => {
    const wait = runInInjectionContext(TestBed.inject(Injector), countdown);
    let time = 0;
    const reads = jest.spyOn(Date, 'now').mockImplementation(() => (time += 10));

    wait.start(30);
    reads.mockRestore();

    expect(wait.secondsLeft()).toBe(30);
  });

  it('uses the latest start', () => {
    const wait = runInInjectionContext(TestBed.inject(Injector), countdown);

    wait.start(3);
    wait.start(60);
    jest.advanceTimersByTime(1000);

    expect(wait.secondsLeft()).toBe(59);
  });
});

describe('clock', () => {
  it.each([
    [9, '0:09'],
    [870, '14:30'],
  ])('shows %d seconds as %s', (seconds, text) => {
    expect(clock(seconds)).toBe(text);
  });
});
