import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { HttpErrorResponse, provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { Router } from '@angular/router';
import { jest } from '@jest/globals';
import type { SecondFactorDto } from '@latchkey/auth-models';
import { Enrolment } from '../core/enrolment';
import { Session } from '../core/session';
import { askForProof, StepUp } from './step-up';

const APP: SecondFactorDto = { id: 'f1', kind: 'totp', creationTime: '2026-11-25T09:30:00.000Z' };

const stepUp = jest.fn<Session['stepUp']>();
const token = signal({ id: 't1' });
const close = jest.fn();
let loader: HarnessLoader;

function open(factors: SecondFactorDto[]): void {
  const session = { stepUp, token, user: () => ({ name: 'anna' }), isSignedIn: () => true };
  TestBed.configureTestingModule({
    providers: [
      { provide: Session, useValue: session },
      { provide: MatDialogRef, useValue: { close } },
      { provide: MAT_DIALOG_DATA, useValue: { reason: 'step-up', factors } },
    ],
  });
  loader = TestbedHarnessEnvironment.loader(TestBed.createComponent(StepUp));
}

async function submit(value: string): Promise<void> {
  await (await loader.getHarness(MatInputHarness)).setValue(value);
  await (await loader.getHarness(MatButtonHarness.with({ text: 'Confirm' }))).click();
}

function reject(status: number, body: object): void {
  stepUp.mockRejectedValueOnce(new HttpErrorResponse({ status, error: { status, detail: 'No.', ...body } }));
}

async function errors(): Promise<string[]> {
  return (await loader.getHarness(MatFormFieldHarness)).getTextErrors();
}

beforeEach(() => {
  stepUp.mockReset().mockResolvedValue();
  close.mockReset();
  token.set({ id: 't1' });
});

describe('StepUp', () => {
  it.each([
    ['a code, of a user with a second factor', [APP], { code: '123456' }],
    ['the password, of a user without one', [], { currentPassword: '123456' }],
  ])('asks for %s', async (_case, factors, proof) => {
    open(factors);
    await submit('123456');

    expect(stepUp.mock.calls).toEqual([[proof]]);
    expect(close).toHaveBeenCalledWith(true);
  });

  it('asks again after a wrong code', async () => {
    open([APP]);
    reject(403, { code: 'forbidden' });
    await submit('000000');
    expect(await errors()).toEqual(['The code is wrong, or was used before. Enter the next one.']);
    const field = await loader.getHarness(MatInputHarness);
    expect([await field.getValue(), await field.isFocused()]).toEqual(['', true]);

    await submit('123456');
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('shows beside the field that the password is wrong', async () => {
    open([]);
    const error = { pointer: '/currentPassword', code: 'current_password_wrong', message: 'wrong' };
    reject(422, { code: 'validation_failed', errors: [error] });
    await submit('wrong');

    expect(await errors()).toEqual(['The current password is wrong.']);
    expect(close).not.toHaveBeenCalled();
  });

  it('sends no empty code', async () => {
    open([APP]);
    await submit('');

    expect(stepUp).not.toHaveBeenCalled();
  });

  it('closes when the user has signed in again meanwhile', () => {
    open([APP]);
    TestBed.tick();
    token.set({ id: 't2' });
    TestBed.tick();

    expect(close).toHaveBeenCalledWith(true);
  });
});

describe('askForProof', () => {
  it('leads users without the second factor that their account requires to the page that adds one', async () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), { provide: Session, useValue: { token } }],
    });
    const navigate = jest.spyOn(TestBed.inject(Router), 'navigateByUrl').mockResolvedValue(true);
    const asked = TestBed.runInInjectionContext(() => askForProof('enrolment'));
    TestBed.inject(HttpTestingController).expectOne('/me/second-factors').flush({ items: [] });

    expect(await asked).toBe(false);
    expect(navigate).toHaveBeenCalledWith('/account');
    const enrolment = TestBed.inject(Enrolment);
    expect(enrolment.isRequired()).toBe(true);
    // Another session of this tab may have more rights.
    token.set({ id: 't2' });
    expect(enrolment.isRequired()).toBe(false);
  });
});
