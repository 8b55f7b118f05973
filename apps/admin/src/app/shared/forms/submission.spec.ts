import { HttpErrorResponse, HttpHeaders } from '@angular/common/http';
import { Component, provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { FormControl, FormGroup, Validators } from '@angular/forms';
import { jest } from '@jest/globals';
import { type Submission, submission } from './submission';

@Component({ template: '' })
class Page {
  readonly form = new FormGroup({ name: new FormControl('anna', (control) => Validators.required(control)) });
  readonly submission = submission(this.form);
}

const refuse = jest.fn();
let page: Page;
let submit: Submission['submit'];

beforeEach(() => {
  refuse.mockClear();
  TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection()] });
  page = TestBed.createComponent(Page).componentInstance;
  submit = (...steps) => page.submission.submit(...steps);
});

function refusal(status: number, headers: Record<string, string> = {}): () => Promise<void> {
  const error = new HttpErrorResponse({ status, headers: new HttpHeaders(headers) });
  return jest.fn<() => Promise<void>>().mockRejectedValue(error);
}

describe('submission', () => {
  it('shows what is wrong with the form in place of sending it', async () => {
    const send = jest.fn(() => Promise.resolve());
    page.form.setValue({ name: '' });

    await submit(send, refuse);

    expect(send).not.toHaveBeenCalled();
    expect(page.form.controls.name.touched).toBe(true);
  });

  it('sends once at a time', async () => {
    let arrive = (): void => undefined;
    const send = jest.fn(() => new Promise<void>((resolve) => (arrive = resolve)));

    const first = submit(send, refuse);
    await submit(send, refuse);
    const wasSending = page.submission.isSending();
    arrive();
    await first;

    expect(send).toHaveBeenCalledTimes(1);
    expect([wasSending, page.submission.isSending()]).toEqual([true, false]);
  });

  it('tells why it was refused, and forgets it with the next try', async () => {
    await submit(refusal(502), refuse);
    const told = page.submission.problem();

    await submit(() => Promise.resolve(), refuse);

    expect(refuse.mock.calls).toEqual([[told]]);
    expect([told?.status, page.submission.problem()]).toEqual([502, null]);
  });

  it('does not send while a throttle lasts', async () => {
    const send = jest.fn(() => Promise.resolve());
    await submit(refusal(429, { 'Retry-After': '30' }), refuse);

    await submit(send, refuse);

    expect(page.submission.secondsLeft()).toBe(30);
    expect(send).not.toHaveBeenCalled();
  });
});
