import { Clipboard } from '@angular/cdk/clipboard';
import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { jest } from '@jest/globals';
import type { SecondFactorDto } from '@latchkey/auth-models';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { SecondFactors } from './second-factors';

const APP: SecondFactorDto = { id: 'f1', kind: 'totp', creationTime: '2026-11-25T09:30:00.000Z' };
const TOTP = { id: 'f2', secret: 'GEZDGNBVGY3TQOJQ', uri: 'otpauth://totp/a?secret=GEZDGNBVGY3TQOJQ' };

const notifier = { failure: jest.fn(), success: jest.fn() };
let fixture: ComponentFixture<SecondFactors>;
let http: HttpTestingController;
let loader: HarnessLoader;

beforeEach(() => {
  notifier.success.mockClear();
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(),
      provideHttpClientTesting(),
      { provide: Notifier, useValue: notifier },
      { provide: Session, useValue: { user: () => ({ name: 'anna' }), isSignedIn: () => true } },
      { provide: Clipboard, useValue: { copy: () => true } },
      { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } },
    ],
  });
  fixture = TestBed.createComponent(SecondFactors);
  http = TestBed.inject(HttpTestingController);
  loader = TestbedHarnessEnvironment.documentRootLoader(fixture);
  fixture.detectChanges();
});

afterEach(() => http.verify());

async function show(items: SecondFactorDto[], recoveryCodes = 10): Promise<string> {
  await settle();
  TestBed.tick();
  http.expectOne('/me/second-factors').flush({ items, recoveryCodes });
  await fixture.whenStable();
  return (fixture.nativeElement as HTMLElement).textContent.replace(/\s+/g, ' ');
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

async function press(text: string | RegExp): Promise<void> {
  await (await loader.getHarness(MatButtonHarness.with({ text }))).click();
}

async function startToAdd(): Promise<MatInputHarness> {
  await press(/Add authenticator app$/);
  http.expectOne('/me/second-factors/totp').flush(TOTP);
  await settle();
  return loader.getHarness(MatInputHarness.with({ selector: '[autocomplete="one-time-code"]' }));
}

const confirmation = () => http.expectOne('/me/second-factors/f2/confirm');

describe('SecondFactors', () => {
  it('shows the use of a factor and the number of unused recovery codes', async () => {
    const text = await show([APP]);

    expect(text).toContain('Authenticator app added');
    expect(text).toContain('last used never');
    expect(text).toContain('10 unused');
    expect(text).not.toContain('Create new ones');
  });

  it('suggests new recovery codes when few are left', async () => {
    expect(await show([APP], 2)).toContain('2 unused · Create new ones before you need them.');
  });

  it('shows the name of a factor, with its kind', async () => {
    const text = await show([{ ...APP, kind: 'passkey', name: 'Laptop' }]);

    expect(text).toContain('Laptop Passkey · added');
  });

  it('shows no recovery codes without a factor', async () => {
    expect(await show([], 0)).not.toContain('Recovery codes');
  });

  it('sends the first code as soon as it has six digits, and shows the recovery codes', async () => {
    await show([], 0);
    const field = await startToAdd();
    await field.setValue('123 45');
    http.expectNone('/me/second-factors/f2/confirm');
    await field.setValue('123 456');
    const request = confirmation();
    expect(request.request.body).toEqual({ code: '123 456' });
    request.flush({ codes: ['aaaaa-bbbbb', 'ccccc-ddddd'] });
    await settle();

    const dialog = await loader.getHarness(MatDialogHarness);
    expect(await dialog.getContentText()).toContain('aaaaa-bbbbbccccc-ddddd');
    await press('Done');
    // It asks, because the codes were not saved.
    await press('Cancel');
    await press(/Copy codes$/);
    await press('Done');
    await show([APP]);
    expect(await loader.getAllHarnesses(MatDialogHarness)).toEqual([]);
  });

  it('keeps the dialog with the error of a wrong code', async () => {
    await show([], 0);
    const field = await startToAdd();
    await field.setValue('000000');
    const errors = [{ pointer: '/code', code: 'code_wrong', message: 'wrong' }];
    const body = { code: 'validation_failed', detail: 'Wrong.', status: 422, errors };
    confirmation().flush(body, { status: 422, statusText: 'Unprocessable' });
    await settle();

    const [, formField] = await loader.getAllHarnesses(MatFormFieldHarness);
    expect(await formField?.getTextErrors()).toEqual([
      'The code is wrong. Check the clock of your device, and enter the next code.',
    ]);
    await press('Cancel');
    await show([], 0);
  });

  it('closes and says that the recovery codes stay valid, if the user has unused ones', async () => {
    await show([APP]);
    await (await startToAdd()).setValue('123456');
    confirmation().flush({ codes: [] });
    await show([APP, { ...APP, id: 'f2' }]);

    expect(notifier.success).toHaveBeenCalledWith('Authenticator app added. Your recovery codes stay valid.');
  });

  it('explains what the removal of the last factor means, and removes it', async () => {
    await show([APP]);
    await press('Remove');
    const [dialog] = await loader.getAllHarnesses(MatDialogHarness);
    expect(await dialog?.getContentText()).toContain('It is your last one.');
    await (await dialog?.getHarness(MatButtonHarness.with({ text: 'Remove' })))?.click();
    await settle();
    http.expectOne({ method: 'DELETE', url: '/me/second-factors/f1' }).flush(null);
    await show([], 0);

    expect(notifier.success).toHaveBeenCalledWith('Second factor removed.');
  });

  it('creates new recovery codes and shows them', async () => {
    await show([APP], 1);
    await press('Create new codes');
    const [question] = await loader.getAllHarnesses(MatDialogHarness);
    await (await question?.getHarness(MatButtonHarness.with({ text: 'Create new codes' })))?.click();
    await settle();
    http.expectOne('/me/recovery-codes').flush({ codes: ['aaaaa-bbbbb'] });
    await settle();

    expect(await (await loader.getHarness(MatDialogHarness)).getContentText()).toContain('aaaaa-bbbbb');
    await press(/Copy codes$/);
    await press('Done');
    await show([APP]);
  });
});
