import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { SearchField } from './search-field';

let fixture: ComponentFixture<SearchField>;
let input: HTMLInputElement;
const emitted: (string | null)[] = [];

beforeEach(() => {
  jest.useFakeTimers();
  emitted.length = 0;
  fixture = TestBed.createComponent(SearchField);
  fixture.componentRef.setInput('label', 'Search');
  fixture.componentRef.setInput('text', null);
  fixture.componentInstance.textChange.subscribe((text) => emitted.push(text));
  fixture.detectChanges();
  input = (fixture.nativeElement as HTMLElement).querySelector('input') as HTMLInputElement;
  document.body.append(fixture.nativeElement as HTMLElement);
});

afterEach(() => jest.useRealTimers());

function type(text: string): void {
  input.value = text;
  input.dispatchEvent(new Event('input'));
}

describe('SearchField', () => {
  it('waits until the typing pauses for 250 ms', () => {
    type('a');
    jest.advanceTimersByTime(200);
    type('an');
    jest.advanceTimersByTime(249);
    const tooEarly = [...emitted];
    jest.advanceTimersByTime(1);

    expect([tooEarly, emitted]).toEqual([[], ['an']]);
  });

  it('does not search for a token, so that it stays out of the URL', () => {
    type('latchkey_0123456789');
    jest.advanceTimersByTime(1000);
    fixture.detectChanges();

    expect(emitted).toEqual([]);
    expect((fixture.nativeElement as HTMLElement).querySelector('[role=alert]')?.textContent).toContain(
      'token',
    );
  });

  it('keeps the input while an earlier search comes back', () => {
    type('a');
    jest.advanceTimersByTime(250);
    type('ann');
    fixture.componentRef.setInput('text', 'a');
    fixture.detectChanges();

    expect(input.value).toBe('ann');
  });

  it('shows a search that was set elsewhere', () => {
    type('ann');
    jest.advanceTimersByTime(250);
    fixture.componentRef.setInput('text', 'ann');
    fixture.detectChanges();
    fixture.componentRef.setInput('text', null);
    fixture.detectChanges();

    expect(input.value).toBe('');
  });

  it('reverts a search before it has come back', () => {
    type('a');
    jest.advanceTimersByTime(250);
    type('');
    jest.advanceTimersByTime(250);

    expect(emitted).toEqual(['a', null]);
  });

  it('gets the focus when / is pressed anywhere', () => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }));

    expect(document.activeElement).toBe(input);
  });

  it('ignores / typed into another field', () => {
    const other = document.body.appendChild(document.createElement('input'));
    other.focus();

    other.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }));

    expect(document.activeElement).toBe(other);
  });

  it.each(['dialog', 'alertdialog', 'menu'])('ignores / in a %s', (role) => {
    const open = document.body.appendChild(document.createElement('div'));
    open.role = role;
    open.tabIndex = -1;
    open.focus();

    open.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }));

    expect(document.activeElement).toBe(open);
  });
});
