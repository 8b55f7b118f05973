import { TestBed } from '@angular/core/testing';
import { onReturn } from './on-return';

describe('onReturn', () => {
  let returns = 0;
  let visibility: DocumentVisibilityState;

  beforeEach(() => {
    returns = 0;
    Object.defineProperty(document, 'visibilityState', { get: () => visibility, configurable: true });
    TestBed.runInInjectionContext(() => onReturn(() => (returns += 1)));
  });

  afterEach(() => Reflect.deleteProperty(document, 'visibilityState'));

  it('calls the function once when the tab becomes visible and its window gets the focus', () => {
    visibility = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('focus'));

    expect(returns).toBe(1);
  });

  it('does not call it when the tab is hidden', () => {
    visibility = 'hidden';
    document.dispatchEvent(new Event('visibilitychange'));

    expect(returns).toBe(0);
  });

  it('stops when the page is left', () => {
    visibility = 'visible';
    TestBed.resetTestingModule();
    window.dispatchEvent(new Event('focus'));

    expect(returns).toBe(0);
  });
});
