import { Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { allows, signedIn, signedOut } from './guards';
import { Session } from './session';

@Component({ template: 'page' })
class Page {}

async function arrive(url: string, isSignedIn: boolean): Promise<string> {
  const session = { ready: Promise.resolve(), isSignedIn: () => isSignedIn, can: () => false };
  TestBed.configureTestingModule({
    providers: [
      { provide: Session, useValue: session },
      provideRouter([
        { path: 'sign-in', component: Page, canActivate: [signedOut] },
        { path: 'open', component: Page, canActivate: [signedIn] },
        { path: 'users', component: Page, canMatch: [allows('users:read')] },
        { path: '**', component: Page },
      ]),
    ],
  });
  await RouterTestingHarness.create(url);
  return TestBed.runInInjectionContext(() => inject(Router)).url;
}

describe('guards', () => {
  it('redirects unauthenticated users to the sign-in page with the requested address', async () => {
    expect(await arrive('/open?page=2', false)).toBe('/sign-in?returnTo=%2Fopen%3Fpage%3D2');
  });

  it('lets signed-in users pass', async () => {
    expect(await arrive('/open?page=2', true)).toBe('/open?page=2');
  });

  it('redirects signed-in users from the sign-in page to the home page', async () => {
    expect(await arrive('/sign-in', true)).toBe('/');
  });

  it('treats a page without permission like an unknown page', async () => {
    await arrive('/users', true);

    const route = TestBed.inject(Router).routerState.snapshot.root.firstChild;
    expect(route?.routeConfig?.path).toBe('**');
  });
});
