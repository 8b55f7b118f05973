import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { injectOwner } from './owner-field';

@Component({ template: '{{ owner.isOther() }} {{ owner.name() }}' })
class Form {
  readonly owner = injectOwner(signal('bot'));
}

function create(canChoose: boolean) {
  const session = { can: () => canChoose, user: () => ({ name: 'anna' }) };
  TestBed.configureTestingModule({
    providers: [provideHttpClient(), provideHttpClientTesting(), { provide: Session, useValue: session }],
  });
  const fixture = TestBed.createComponent(Form);
  fixture.detectChanges();
  return fixture;
}

it('knows the owner from the first rendering on, so that nothing moves afterwards', () => {
  const fixture = create(true);

  expect((fixture.nativeElement as HTMLElement).textContent).toBe('true bot');
  fixture.componentInstance.owner.control.setValue('anna');
  fixture.detectChanges();

  expect((fixture.nativeElement as HTMLElement).textContent).toBe('false bot');
});

it.each([
  ['shows an unknown owner beside the field', true],
  ['leaves a missing resource to the form if it has no such field', false],
])('%s', (_name, canChoose) => {
  const { owner } = create(canChoose).componentInstance;

  expect(owner.showMissing({ status: 404 } as Problem)).toBe(canChoose);
  expect(owner.control.valid).toBe(!canChoose);
});
