import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { showSignIn } from './session';

describe('showSignIn', () => {
  beforeEach(() => {
    const router = { url: '/users', navigate: () => Promise.resolve(true) };
    TestBed.configureTestingModule({ providers: [{ provide: Router, useValue: router }] });
    localStorage.clear();
    localStorage.setItem('latchkey-recent-ada', '[]');
    localStorage.setItem('latchkey-theme', 'dark');
  });

  it('removes recent entries after a sign-out, and keeps preferences', () => {
    TestBed.runInInjectionContext(() => showSignIn('signed-out'));

    expect(Object.keys(localStorage)).toEqual(['latchkey-theme']);
  });

  it('keeps recent entries when the session expired', () => {
    TestBed.runInInjectionContext(() => showSignIn('session-ended'));

    expect(localStorage.getItem('latchkey-recent-ada')).toBe('[]');
  });
});
