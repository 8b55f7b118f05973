import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { Component, signal } from '@angular/core';
import { Clipboard } from '@angular/cdk/clipboard';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatRadioButtonHarness } from '@angular/material/radio/testing';
import { provideRouter, Router, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { UserTokenDto } from '@latchkey/auth-models';
import { Session } from '../../core/session';
import { TOKEN_ROUTES } from '../token-pages';

@Component({ template: '' })
class Elsewhere {}

const TOKEN: UserTokenDto = {
  id: 't1',
  note: 'Backup',
  user: 'backup-bot',
  kind: 'api',
  enabled: true,
  state: 'active',
  creationTime: '2026-11-01T00:00:00Z',
  tokenPreview: 'latchkey_…wXyZ',
  version: 3,
};

let harness: RouterTestingHarness;
let http: HttpTestingController;

beforeEach(async () => {
  TestBed.configureTestingModule({
    providers: [
      provideRouter(
        [
          { path: 'tokens', children: TOKEN_ROUTES },
          { path: 'users', component: Elsewhere },
        ],
        withComponentInputBinding(),
      ),
      provideHttpClient(),
      provideHttpClientTesting(),
      { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } },
      { provide: Clipboard, useValue: { copy: () => true } },
      {
        provide: Session,
        useValue: { isSignedIn: () => true, can: () => true, user: signal(null), token: signal(null) },
      },
    ],
  });
  http = TestBed.inject(HttpTestingController);
  harness = await RouterTestingHarness.create('/tokens/t1/rotate');
  http.expectOne('/tokens/t1').flush(TOKEN);
  await harness.fixture.whenStable();
});

/** Lets what was answered arrive; nothing is stable while a navigation or a request waits. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 3; turns += 1) {
    await new Promise((resolve) => setTimeout(resolve));
  }
}

const loader = () => TestbedHarnessEnvironment.documentRootLoader(harness.fixture);

async function press(text: string | RegExp): Promise<void> {
  await (await loader().getHarness(MatButtonHarness.with({ text }))).click();
}

async function rotate(): Promise<void> {
  await press('Rotate');
  http.expectOne('/tokens/t1/rotate').flush({ ...TOKEN, token: 'latchkey_0123456789ABCDEF', version: 4 });
  await settle();
}

/** Leaves the page and answers the confirmation. */
async function leave(answer: string | null): Promise<string> {
  const leaving = TestBed.inject(Router).navigateByUrl('/users');
  await settle();
  if (answer !== null) {
    const buttons = [...document.querySelectorAll<HTMLElement>('mat-dialog-container button')];
    buttons.find((button) => button.textContent.trim() === answer)?.click();
  }
  await leaving;
  return TestBed.inject(Router).url;
}

describe('RotateToken', () => {
  it('sends a grace period of one day and the version by default', async () => {
    await press('Rotate');

    const { request } = http.expectOne('/tokens/t1/rotate');
    expect(request.body).toEqual({ gracePeriodSeconds: 86_400, version: 3 });
  });

  it('sends no grace period when none is chosen', async () => {
    await (await loader().getHarness(MatRadioButtonHarness.with({ label: /^Not at all/ }))).check();
    await press('Rotate');

    expect(http.expectOne('/tokens/t1/rotate').request.body).toMatchObject({ gracePeriodSeconds: 0 });
  });

  it('asks for confirmation before leaving a secret that was not copied', async () => {
    await rotate();

    expect(harness.routeNativeElement?.textContent).toContain('latchkey_0123456789ABCDEF');
    expect(await leave('Cancel')).toBe('/tokens/t1/rotate');
    expect(await leave('Leave')).toBe('/users');
  });

  it('leaves without confirmation once the secret is copied', async () => {
    await rotate();
    await press(/Copy token$/);

    expect(await leave(null)).toBe('/users');
  });
});
