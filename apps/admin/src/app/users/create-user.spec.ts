import { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { HttpErrorResponse } from '@angular/common/http';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatButtonToggleHarness } from '@angular/material/button-toggle/testing';
import { MatCheckboxHarness } from '@angular/material/checkbox/testing';
import { MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { jest } from '@jest/globals';
import { webcrypto } from 'node:crypto';
import type { UserDto } from '@latchkey/auth-models';
import { of, throwError } from 'rxjs';
import { CreateUser } from './create-user';
import { UsersApi } from './users-api';

const ANNA = { id: 'u1', name: 'anna' } as UserDto;
const create = jest.fn<UsersApi['create']>();
const dialog = { close: jest.fn(), disableClose: false };
let fixture: ComponentFixture<CreateUser>;
let loader: HarnessLoader;

beforeEach(() => {
  Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true });
  create.mockReset().mockReturnValue(of(ANNA));
  dialog.close.mockClear();
  dialog.disableClose = false;
  TestBed.configureTestingModule({
    providers: [
      { provide: UsersApi, useValue: { create } },
      { provide: MatDialogRef, useValue: dialog },
    ],
  });
  fixture = TestBed.createComponent(CreateUser);
  loader = TestbedHarnessEnvironment.loader(fixture);
});

async function field(label: string): Promise<MatFormFieldHarness> {
  return loader.getHarness(MatFormFieldHarness.with({ floatingLabelText: label }));
}

async function fill(label: string, text: string): Promise<void> {
  const input = await (await field(label)).getControl(MatInputHarness);
  await input?.setValue(text);
  await input?.blur();
}

async function press(text: string): Promise<void> {
  await (await loader.getHarness(MatButtonHarness.with({ text: new RegExp(text) }))).click();
}

function refusal(status: number, body: object): void {
  create.mockReturnValue(throwError(() => new HttpErrorResponse({ status, error: { status, ...body } })));
}

describe('CreateUser', () => {
  it('sends what was filled in and nothing that was left empty', async () => {
    await fill('Name', 'anna');
    await press('Create user');

    expect(JSON.parse(JSON.stringify(create.mock.calls[0]?.[0]))).toEqual({
      name: 'anna',
      kind: 'human',
      roles: ['user'],
    });
    expect(dialog.close).toHaveBeenCalledWith(ANNA);
  });

  it('sends the roles that were chosen', async () => {
    await (await loader.getHarness(MatCheckboxHarness.with({ label: 'auditor' }))).check();
    await (await loader.getHarness(MatCheckboxHarness.with({ label: 'user' }))).uncheck();
    await fill('Name', 'anna');
    await press('Create user');

    expect(create.mock.calls[0]?.[0].roles).toEqual(['auditor']);
  });

  it('sends no password for a service', async () => {
    await fill('Name', 'backup');
    await fill('Password', 'correct horse battery');
    await (await loader.getHarness(MatButtonToggleHarness.with({ text: /Service/ }))).check();
    await press('Create user');

    expect(create.mock.calls[0]?.[0]).toMatchObject({ kind: 'service', password: undefined });
  });

  it('refuses what the DTO refuses, before the server does', async () => {
    await fill('Name', 'two words');
    await press('Create user');

    expect((await (await field('Name')).getTextErrors())[0]).toContain('of one script');
    expect(create).not.toHaveBeenCalled();
  });

  it('shows how the name will be written', async () => {
    await fill('Name', 'ＡＮＮＡ');

    expect(await (await field('Name')).getTextHints()).toEqual(['Will be written anna']);
  });

  it('says beside the name that it is taken', async () => {
    refusal(409, { code: 'name_taken', detail: 'The name is in use.' });

    await fill('Name', 'anna');
    await press('Create user');

    expect(await (await field('Name')).getTextErrors()).toEqual(['The name is in use.']);
    expect(dialog.close).not.toHaveBeenCalled();
  });

  it('says beside the password what the server has against it', async () => {
    const errors = [{ pointer: '/password', code: 'common', message: 'Too common.' }];
    refusal(422, { code: 'validation_failed', detail: 'Not allowed.', errors });

    await fill('Name', 'anna');
    await fill('Password', 'password password');
    await press('Create user');

    expect(await (await field('Password')).getTextErrors()).toEqual(['Too common.']);
  });

  it('puts the cursor into the field that was refused', async () => {
    refusal(422, {
      code: 'validation_failed',
      detail: 'Not allowed.',
      errors: [{ pointer: '/email', code: 'taken', message: 'In use.' }],
    });

    await fill('Name', 'anna');
    await press('Create user');
    await new Promise((resolve) => setTimeout(resolve));

    const input = await (await field('E-mail')).getControl(MatInputHarness);
    expect(await input?.isFocused()).toBe(true);
  });

  it('hands a generated password over before it closes', async () => {
    await fill('Name', 'anna');
    await press('Generate');
    await press('Create user');

    const shown = (fixture.nativeElement as HTMLElement).querySelector('code')?.textContent;
    expect(shown).toBe(create.mock.calls[0]?.[0].password);
    expect(dialog.disableClose).toBe(true);
    expect(dialog.close).not.toHaveBeenCalled();

    await press('Done');
    expect(dialog.close).toHaveBeenCalledWith(ANNA);
  });
});
