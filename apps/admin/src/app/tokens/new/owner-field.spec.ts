import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Session } from '../../core/session';
import { injectOwner } from './owner-field';

@Component({ template: '{{ owner.isOther() }} {{ owner.name() }}' })
class Form {
  readonly owner = injectOwner(signal('bot'));
}

it('knows the owner from the first rendering on, so that nothing moves afterwards', () => {
  const session = { can: () => true, user: () => ({ name: 'anna' }) };
  TestBed.configureTestingModule({
    providers: [provideHttpClient(), provideHttpClientTesting(), { provide: Session, useValue: session }],
  });
  const fixture = TestBed.createComponent(Form);
  fixture.detectChanges();

  expect((fixture.nativeElement as HTMLElement).textContent).toBe('true bot');
  fixture.componentInstance.owner.control.setValue('anna');
  fixture.detectChanges();

  expect((fixture.nativeElement as HTMLElement).textContent).toBe('false bot');
});
