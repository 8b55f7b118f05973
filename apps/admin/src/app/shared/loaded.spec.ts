import { HttpErrorResponse } from '@angular/common/http';
import { Injector, runInInjectionContext } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { type Loaded, loaded } from './loaded';

let answers: Subject<string>;
let thing: Loaded<string>;

beforeEach(async () => {
  thing = runInInjectionContext(TestBed.inject(Injector), () =>
    loaded(
      () => 'it',
      () => (answers = new Subject<string>()),
    ),
  );
  await settle();
  answers.next('as it was');
  await settle();
  // It is on the page.
  thing.value();
});

async function settle(): Promise<void> {
  TestBed.tick();
  await new Promise((resolve) => setTimeout(resolve));
  TestBed.tick();
}

async function failToReload(): Promise<void> {
  thing.reload();
  await settle();
  answers.error(new HttpErrorResponse({ status: 500 }));
  await settle();
}

describe('loaded', () => {
  it('keeps the value and the problem when loading again fails', async () => {
    await failToReload();

    expect([thing.value(), thing.problem()?.status]).toEqual(['as it was', 500]);
  });

  it('clears the problem when the value is set', async () => {
    await failToReload();
    thing.set('as it is');
    await settle();

    expect([thing.value(), thing.problem()]).toEqual(['as it is', null]);
  });

  it('ignores the response to a request from before it was set', async () => {
    thing.reload();
    await settle();
    thing.set('as it is');
    answers.next('as it was');
    await settle();

    expect(thing.value()).toBe('as it is');
  });
});
