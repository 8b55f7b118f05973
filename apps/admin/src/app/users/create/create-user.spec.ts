import { Clipboard } from '@angular/cdk/clipboard';
import { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { HttpErrorResponse } from '@angular/common/http';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonToggleHarness } from '@angular/material/button-toggle/testing';
import { MatAutocompleteHarness } from '@angular/material/autocomplete/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatChipRowHarness } from '@angular/material/chips/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { jest } from '@jest/globals';
import type { RoleDto, UserDto } from '@latchkey/auth-models';
import { webcrypto } from 'node:crypto';
import { NEVER, of, throwError } from 'rxjs';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { loadedRoles, RoleCatalogue } from '../../shared/roles/roles';
import { UsersApi } from '../users-api';
import { CreateUser } from './create-user';

const ANNA = { id: 'u1', name: 'anna' } as UserDto;
const LINK = { link: 'http://127.0.0.1/admin/set-up#secret', expirationTime: '2026-12-01T12:00:00Z' };
const role = (name: string, permissions: string[]) => ({ name, permissions }) as RoleDto;
const ROLES = [
  role('admin', ['users:read', 'users:write']),
  role('auditor', ['users:read']),
  role('user', []),
];
const create = jest.fn<UsersApi['create']>();
const createSetUpLink = jest.fn<UsersApi['createSetUpLink']>();
const notifier = { failure: jest.fn() };
const session = {
  can: () => true,
  user: () => ({ permissions: ['users:read'], roles: ['auditor'] }),
};
const dialog = {
  close: jest.fn(),
  disableClose: false,
  backdropClick: () => NEVER,
  keydownEvents: () => NEVER,
};
const copy = jest.fn<Clipboard['copy']>();
let fixture: ComponentFixture<CreateUser>;
let loader: HarnessLoader;

beforeEach(() => {
  Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true });
  create.mockReset().mockReturnValue(of(ANNA));
  createSetUpLink.mockReset().mockReturnValue(of(LINK));
  notifier.failure.mockClear();
  dialog.close.mockClear();
  dialog.disableClose = false;
  TestBed.configureTestingModule({
    providers: [
      { provide: UsersApi, useValue: { create, createSetUpLink } },
      { provide: RoleCatalogue, useValue: { all: () => of(ROLES) } },
      { provide: Notifier, useValue: notifier },
      { provide: Session, useValue: session },
      { provide: MatDialogRef, useValue: dialog },
      { provide: MAT_DIALOG_DATA, useFactory: () => ({ kind: 'human', roles: loadedRoles() }) },
      { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } },
      { provide: Clipboard, useValue: { copy } },
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

function shown(): string | undefined {
  return (fixture.nativeElement as HTMLElement).querySelector('code')?.textContent;
}

function reject(status: number, body: object): void {
  create.mockReturnValue(throwError(() => new HttpErrorResponse({ status, error: { status, ...body } })));
}

describe('CreateUser', () => {
  it('sends only the fields that were filled in', async () => {
    await fill('Name', 'anna');
    await press('Create user');

    expect(JSON.parse(JSON.stringify(create.mock.calls[0]?.[0]))).toEqual({
      name: 'anna',
      kind: 'human',
      roles: ['user'],
    });
  });

  it.each([
    ['Cancel', []],
    ['Close', [[ANNA]]],
  ])('asks for confirmation before closing with a link that was not copied: %s', async (text, closings) => {
    await fill('Name', 'anna');
    await press('Create user');
    await press('Done');
    const documentLoader = TestbedHarnessEnvironment.documentRootLoader(fixture);
    const question = await documentLoader.getHarness(MatDialogHarness);

    expect(await question.getText()).toContain('The link is shown only once.');
    await (await question.getHarness(MatButtonHarness.with({ text }))).click();
    await fixture.whenStable();
    expect(dialog.close.mock.calls).toEqual(closings);
  });

  it('reports an error and closes when the link cannot be created', async () => {
    createSetUpLink.mockReturnValue(throwError(() => new HttpErrorResponse({ status: 503 })));

    await fill('Name', 'anna');
    await press('Create user');

    expect(notifier.failure).toHaveBeenCalledWith(expect.objectContaining({ status: 503 }));
    expect(dialog.close).toHaveBeenCalledWith(ANNA);
  });

  it('creates no link when a password was typed', async () => {
    await fill('Name', 'anna');
    await fill('Password', 'correct horse battery');
    await press('Create user');

    expect(createSetUpLink).not.toHaveBeenCalled();
    expect(dialog.close).toHaveBeenCalledWith(ANNA);
  });

  it('disables roles with permissions that the user does not hold', async () => {
    const roles = await loader.getHarness(MatAutocompleteHarness);
    await roles.focus();
    const [admin] = await roles.getOptions({ text: /^admin/ });

    expect(await admin?.isDisabled()).toBe(true);
    expect(await admin?.getText()).toContain('you do not hold users:write');
  });

  it('sends the selected roles', async () => {
    await (await loader.getHarness(MatAutocompleteHarness)).selectOption({ text: /^auditor/ });
    await (await loader.getHarness(MatChipRowHarness.with({ text: /^user/ }))).remove();
    await fill('Name', 'anna');
    await press('Create user');

    expect(create.mock.calls[0]?.[0].roles).toEqual(['auditor']);
  });

  it('sends no password for a service', async () => {
    await fill('Name', 'backup');
    await fill('Password', 'correct horse battery');
    await (await loader.getHarness(MatButtonToggleHarness.with({ text: /Service/ }))).check();
    await press('Create service');

    expect(create.mock.calls[0]?.[0]).toMatchObject({ kind: 'service', password: undefined });
    expect(createSetUpLink).not.toHaveBeenCalled();
  });

  it('shows the name as it will be saved', async () => {
    await fill('Name', 'ＡＮＮＡ');

    expect(await (await field('Name')).getTextHints()).toEqual(['Will be saved as anna']);
  });

  it('focuses the rejected field', async () => {
    reject(422, {
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

  it('shows a generated password before it closes', async () => {
    await fill('Name', 'anna');
    await press('Generate');
    await press('Create user');

    expect(shown()).toBe(create.mock.calls[0]?.[0].password);
    expect(dialog.disableClose).toBe(true);
    expect(dialog.close).not.toHaveBeenCalled();

    copy.mockReturnValue(true);
    await press('Copy');
    await press('Done');
    expect(dialog.close).toHaveBeenCalledWith(ANNA);
  });
});
