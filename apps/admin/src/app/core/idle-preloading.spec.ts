import { ApplicationRef, PendingTasks } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { of, throwError } from 'rxjs';
import { IdlePreloading } from './idle-preloading';
import { Session } from './session';

let isSignedIn: boolean;
let idleCalls: (() => void)[];

beforeEach(() => {
  isSignedIn = true;
  idleCalls = [];
  window.requestIdleCallback = (call) => idleCalls.push(call as () => void);
  TestBed.configureTestingModule({
    providers: [{ provide: Session, useValue: { isSignedIn: () => isSignedIn } }],
  });
});

afterEach(() => {
  Reflect.deleteProperty(window, 'requestIdleCallback');
});

const soon = () => new Promise((resolve) => setTimeout(resolve));

function preload() {
  const load = jest.fn(() => of(null));
  TestBed.inject(IdlePreloading).preload({}, load).subscribe();
  return load;
}

describe('IdlePreloading', () => {
  it('loads a page when the browser is idle', async () => {
    const load = preload();
    await soon();
    expect(load).not.toHaveBeenCalled();

    idleCalls.forEach((call) => call());
    await soon();

    expect(load).toHaveBeenCalledTimes(1);
  });

  it('waits until the current page has its data', async () => {
    const done = TestBed.inject(PendingTasks).add();
    preload();
    await soon();
    expect(idleCalls).toHaveLength(0);

    done();
    await TestBed.inject(ApplicationRef).whenStable();
    await soon();

    expect(idleCalls).toHaveLength(1);
  });

  it('loads one page at a time', async () => {
    preload();
    preload();
    await soon();

    expect(idleCalls).toHaveLength(1);
  });

  it('ignores a page that fails to load', async () => {
    const failure = jest.fn();
    TestBed.inject(IdlePreloading)
      .preload({}, () => throwError(() => new TypeError('Failed to fetch')))
      .subscribe({ error: failure });
    await soon();
    idleCalls.forEach((call) => call());
    await soon();

    expect(failure).not.toHaveBeenCalled();
  });

  it('loads nothing while the user is signed out', async () => {
    isSignedIn = false;
    const load = preload();
    await soon();

    expect(idleCalls).toHaveLength(0);
    expect(load).not.toHaveBeenCalled();
  });
});
