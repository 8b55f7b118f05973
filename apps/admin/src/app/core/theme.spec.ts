import { TestBed } from '@angular/core/testing';
import { Theme } from './theme';

beforeEach(() => localStorage.clear());

describe('Theme', () => {
  it('follows the system until something is chosen', () => {
    TestBed.inject(Theme);
    TestBed.tick();

    expect(document.documentElement.dataset['theme']).toBe('system');
  });

  it('remembers the choice', () => {
    TestBed.inject(Theme).choose('dark');
    TestBed.resetTestingModule();

    expect(TestBed.inject(Theme).choice()).toBe('dark');
  });

  it('passes over what is no theme', () => {
    localStorage.setItem('latchkey-theme', 'purple');

    expect(TestBed.inject(Theme).choice()).toBe('system');
  });
});
