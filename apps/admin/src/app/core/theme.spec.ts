import { TestBed } from '@angular/core/testing';
import { Theme } from './theme';

beforeEach(() => localStorage.clear());

describe('Theme', () => {
  it('follows the system until a theme is selected', () => {
    TestBed.inject(Theme);
    TestBed.tick();

    expect(document.documentElement.dataset['theme']).toBe('system');
  });

  it('stores the selected theme', () => {
    TestBed.inject(Theme).select('dark');
    TestBed.resetTestingModule();

    expect(TestBed.inject(Theme).selected()).toBe('dark');
  });

  it('ignores an unknown stored theme', () => {
    localStorage.setItem('latchkey-theme', 'purple');

    expect(TestBed.inject(Theme).selected()).toBe('system');
  });
});
