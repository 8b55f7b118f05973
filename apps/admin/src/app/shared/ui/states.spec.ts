import { HttpErrorResponse, HttpHeaders } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { type Problem, problemOf } from '../../core/problem';
import { ErrorState } from './states';

@Component({
  imports: [ErrorState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <main>
      <h1 tabindex="-1">Heading</h1>
      <div [attr.role]="role()" tabindex="-1" id="around">
        @if (problem(); as shown) {
          <app-error-state [problem]="shown" (retry)="attempts.set(attempts() + 1)" />
        }
      </div>
    </main>
  `,
})
class Page {
  readonly role = signal<string | null>(null);
  readonly problem = signal<Problem | null>(null);
  readonly attempts = signal(0);
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

/** Presses the button and clears the problem, as a successful retry does. */
async function recover(): Promise<void> {
  button().focus();
  button().click();
  page.problem.set(null);
  await fixture.whenStable();
  const isWaiting = () => ['BODY', 'BUTTON'].includes(document.activeElement?.tagName ?? '');
  for (let attempts = 0; attempts < 100 && isWaiting(); attempts += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('ErrorState', () => {
  it('waits for the time in Retry-After', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'setTimeout', 'requestAnimationFrame'] });
    await show(429, { 'Retry-After': '61' });
    button().click();

    expect(button().textContent).toContain('Try again in 1:01');
    expect(page.attempts()).toBe(0);
    jest.advanceTimersByTime(61_000);
    await fixture.whenStable();
    button().click();
    expect(page.attempts()).toBe(1);
  });

  it('moves the focus to the heading when its button disappears', async () => {
    await show(500);
    await recover();

    expect(document.activeElement?.textContent).toBe('Heading');
  });

  it('moves the focus to its dialog when it disappears', async () => {
    page.role.set('dialog');
    await show(500);
    await recover();

    expect(document.activeElement?.id).toBe('around');
  });

  it('takes the focus from no other element when it disappears by itself', async () => {
    await show(500);
    page.problem.set(null);
    await fixture.whenStable();
    await new Promise((resolve) => setTimeout(resolve));

    expect(document.activeElement).toBe(document.body);
  });
});
