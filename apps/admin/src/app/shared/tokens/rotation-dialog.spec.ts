import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { Clipboard } from '@angular/cdk/clipboard';
import { provideHttpClient } from '@angular/common/http';
import { Component } from '@angular/core';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { MatDialog } from '@angular/material/dialog';
import { MatRadioButtonHarness } from '@angular/material/radio/testing';
import { jest } from '@jest/globals';
import type { UserTokenDto } from '@latchkey/auth-models';
import { RotationDialog } from './rotation-dialog';

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

@Component({ template: '' })
class Host {}

let http: HttpTestingController;
let loader: HarnessLoader;
let closed: jest.Mock;

beforeEach(() => {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(),
      provideHttpClientTesting(),
      { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } },
      { provide: Clipboard, useValue: { copy: () => true } },
    ],
  });
  http = TestBed.inject(HttpTestingController);
  closed = jest.fn();
  const opened = TestBed.inject(MatDialog).open(RotationDialog, { data: TOKEN });
  opened.afterClosed().subscribe(closed);
  loader = TestbedHarnessEnvironment.documentRootLoader(TestBed.createComponent(Host));
});

async function press(text: string | RegExp): Promise<void> {
  await (await loader.getHarness(MatButtonHarness.with({ text }))).click();
}

async function rotate(): Promise<void> {
  await press('Rotate');
  http.expectOne('/tokens/t1/rotate').flush({ ...TOKEN, token: 'latchkey_0123456789ABCDEF', version: 4 });
  await Promise.resolve();
}

describe('RotationDialog', () => {
  it('sends a grace period of one day and the version by default', async () => {
    await press('Rotate');

    const { request } = http.expectOne('/tokens/t1/rotate');
    expect(request.body).toEqual({ gracePeriodSeconds: 86_400, version: 3 });
  });

  it('sends no grace period when none is chosen', async () => {
    await (await loader.getHarness(MatRadioButtonHarness.with({ label: /^Not at all/ }))).check();
    await press('Rotate');

    expect(http.expectOne('/tokens/t1/rotate').request.body).toMatchObject({ gracePeriodSeconds: 0 });
  });

  it('asks for confirmation before it closes with a secret that was not copied', async () => {
    await rotate();
    await press('Done');
    await press('Cancel');
    expect(closed).not.toHaveBeenCalled();

    await press('Done');
    await press('Leave');
    expect(closed).toHaveBeenCalledWith(true);
  });

  it('closes without confirmation once the secret is copied', async () => {
    await rotate();
    await press(/Copy token$/);
    await press('Done');

    expect(closed).toHaveBeenCalledWith(true);
  });

  it('returns false when it is closed before a rotation', async () => {
    await press('Cancel');

    expect(closed).toHaveBeenCalledWith(false);
  });
});
