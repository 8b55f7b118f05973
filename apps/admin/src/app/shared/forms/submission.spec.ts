import { HttpErrorResponse, HttpHeaders } from '@angular/common/http';
import { Component, provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { FormControl, FormGroup, Validators } from '@angular/forms';
import { jest } from '@jest/globals';
import type { Problem } from '../../core/problem';
import { type Submission, submission } from './submission';

@Component({ template: '' })
class Page {
  readonly form = new FormGroup({ name: new FormControl('anna', (control) => Validators.required(control)) });
  readonly submission = submission(this.form);
}

const handle = jest.fn<(problem: Problem, cause: unknown) => void>();
let page: Page;
let submit: Submission['submit'];

afterEach(() => jest.useRealTimers());

beforeEach(() => {
  handle.mockClear();
  TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection()] });
  page = TestBed.createComponent(Page).componentInstance;
  submit = (...steps) => page.submission.submit(...steps);
});

function rejected(status: number, headers: Record<string, string> = {}): () => Promise<void> {
  const error = new HttpErrorResponse({ status, headers: new HttpHeaders(headers) });
  return jest.fn<() => Promise<void>>().mockRejectedValue(error);
}

describe('submission', () => {
  it('shows the errors of an invalid form instead of sending it', async () => {
    const send = jest.fn(() => Promise.resolve());
    page.form.setValue({ name: '' });

    await submit(send, handle);

    expect(send).not.toHaveBeenCalled();
    expect(page.form.controls.name.touched).toBe(true);
  });

  it('sends only once at a time', async () => {
    let arrive = (): void => undefined;
    const send = jest.fn(() => new Promise<void>((resolve) => (arrive = resolve)));

    const first = submit(send, handle);
    await submit(send, handle);
    const wasSending = page.submission.isSending();
    arrive();
    await first;

    expect(send).toHaveBeenCalledTimes(1);
    expect([wasSending, page.submission.isSending()]).toEqual([true, false]);
  });

  it('holds the problem until the next attempt', async () => {
    await submit(rejected(502), handle);
    const problem = page.submission.problem();

    await submit(() => Promise.resolve(), handle);

    expect(handle.mock.calls).toEqual([[problem, expect.any(HttpErrorResponse)]]);
    expect([problem?.status, page.submission.problem()]).toEqual([502, null]);
  });

  it('does not send before the time in Retry-After has passed', async () => {
    jest.useFakeTimers();
    const send = jest.fn(() => Promise.resolve());
    await submit(rejected(429, { 'Retry-After': '30' }), handle);

    await submit(send, handle);

    expect(page.submission.secondsLeft()).toBe(30);
    expect(send).not.toHaveBeenCalled();
  });
});
