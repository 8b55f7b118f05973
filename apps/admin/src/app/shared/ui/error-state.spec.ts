import { HttpErrorResponse, HttpHeaders } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { type Problem, problemOf } from '../../core/problem';
import { ErrorState } from './error-state';

@Component({
  imports: [ErrorState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <main>
      <h1 tabindex="-1">Heading</h1>
      <div [attr.role]="role()" tabindex="-1" id="around">
        @if (problem(); as shown) {
          <app-error-state [problem]="shown" (retry)="tries.set(tries() + 1)" />
        }
      </div>
    </main>
  `,
})
class Page {
  readonly role = signal<string | null>(null);
  readonly problem = signal<Problem | null>(null);
  readonly tries = signal(0);
}

let fixture: ComponentFixture<Page>;
let page: Page;

beforeEach(() => {
  fixture = TestBed.createComponent(Page);
  page = fixture.componentInstance;
  document.body.append(fixture.nativeElement as HTMLElement);
});

afterEach(() => {
  (fixture.nativeElement as HTMLElement).remove();
  jest.useRealTimers();
});

async function show(status: number, headers: Record<string, string> = {}): Promise<void> {
  page.problem.set(problemOf(new HttpErrorResponse({ status, headers: new HttpHeaders(headers) })));
  await fixture.whenStable();
}

function button(): HTMLButtonElement {
  const found = document.querySelector<HTMLButtonElement>('app-error-state button');
  if (found === null) {
    throw new Error('There is no button');
  }
  return found;
}

/** Presses the button, and lets that be of use. */
async function mend(): Promise<void> {
  button().focus();
  button().click();
  page.problem.set(null);
  await fixture.whenStable();
  await new Promise((resolve) => setTimeout(resolve));
}

describe('ErrorState', () => {
  it('waits as long as the server asks', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'setTimeout', 'requestAnimationFrame'] });
    await show(429, { 'Retry-After': '61' });
    button().click();

    expect(button().textContent).toContain('Try again in 1:01');
    expect(page.tries()).toBe(0);
    jest.advanceTimersByTime(61_000);
    await fixture.whenStable();
    button().click();
    expect(page.tries()).toBe(1);
  });

  it('leaves the focus to the heading of the page when its button goes', async () => {
    await show(500);
    await mend();

    expect(document.activeElement?.textContent).toBe('Heading');
  });

  it('leaves the focus in the dialog that it stands in', async () => {
    page.role.set('dialog');
    await show(500);
    await mend();

    expect(document.activeElement?.id).toBe('around');
  });

  it('takes the focus from nothing when it goes by itself', async () => {
    await show(500);
    page.problem.set(null);
    await fixture.whenStable();
    await new Promise((resolve) => setTimeout(resolve));

    expect(document.activeElement).toBe(document.body);
  });
});
