import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { HttpErrorResponse } from '@angular/common/http';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatCheckboxHarness } from '@angular/material/checkbox/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { MatMenuHarness } from '@angular/material/menu/testing';
import { jest } from '@jest/globals';
import type { MeDto, UserDto } from '@latchkey/auth-models';
import { of, throwError } from 'rxjs';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { UsersApi } from '../users-api';
import { UserEdits } from './user-edits';
import { UserHeader } from './user-header';

const ANNA = {
  id: 'u1',
  name: 'anna',
  kind: 'human',
  enabled: true,
  roles: [],
  tokenCount: 2,
  creationTime: '2026-11-01T00:00:00Z',
  version: 3,
} as UserDto;

const save = jest.fn<UserEdits['save']>();
const api = {
  delete: jest.fn<UsersApi['delete']>(),
  deletionDryRun: jest.fn<UsersApi['deletionDryRun']>(),
  revokeTokens: jest.fn<UsersApi['revokeTokens']>(),
  liftThrottle: jest.fn<UsersApi['liftThrottle']>(),
};
const notifier = {
  success: jest.fn(),
  revoked: jest.fn(),
  failure: jest.fn(),
  undoable: jest.fn<Notifier['undoable']>(),
};
const session = { can: jest.fn(() => true), user: () => ({ name: 'me' }) as MeDto, end: jest.fn() };
let fixture: ComponentFixture<UserHeader>;
let loader: HarnessLoader;

beforeEach(() => {
  save.mockReset().mockImplementation((base, change) => Promise.resolve({ ...base, ...change } as UserDto));
  for (const mock of [api.delete, api.revokeTokens]) {
    mock.mockReset().mockReturnValue(of('2026-11-30T12:00:02.000Z'));
  }
  api.liftThrottle.mockReset().mockReturnValue(of(undefined));
  api.deletionDryRun.mockReset().mockReturnValue(of({ count: 1, sample: [], descendantCount: 0 }));
  Object.values(notifier).forEach((mock) => mock.mockClear());
  session.can.mockReturnValue(true);
  session.end.mockClear();
});

function open(change: Partial<UserDto> = {}): void {
  TestBed.configureTestingModule({
    providers: [
      { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } },
      { provide: UserEdits, useValue: { save } },
      { provide: UsersApi, useValue: api },
      { provide: Notifier, useValue: notifier },
      { provide: Session, useValue: session },
    ],
  });
  fixture = TestBed.createComponent(UserHeader);
  fixture.componentRef.setInput('user', { ...ANNA, ...change });
  loader = TestbedHarnessEnvironment.documentRootLoader(fixture);
}

const press = async (text: string) => (await loader.getHarness(MatButtonHarness.with({ text }))).click();
const choose = async (text: RegExp) => {
  const menu = await loader.getHarness(MatMenuHarness);
  await menu.open();
  await menu.clickItem({ text });
};

describe('UserHeader and its actions', () => {
  it('disables without confirmation and enables again from the snack bar', async () => {
    open();
    await press('Disable');
    notifier.undoable.mock.calls[0]?.[1]();

    expect(save.mock.calls.map(([, change]) => change)).toEqual([{ enabled: false }, { enabled: true }]);
  });

  it('asks for confirmation before users disable themselves', async () => {
    open({ name: 'me' });
    await press('Disable');
    await press('Cancel');

    expect(save).not.toHaveBeenCalled();
  });

  it('signs out users who disabled themselves, without undo', async () => {
    open({ name: 'me' });
    await press('Disable');
    await (
      await loader.getHarness(MatButtonHarness.with({ ancestor: '[role=alertdialog]', text: 'Disable' }))
    ).click();

    expect(session.end).toHaveBeenCalledWith('signed-out');
    expect(notifier.undoable).not.toHaveBeenCalled();
  });

  it.each([
    [/Revoke all tokens/, 'Revoke tokens'],
    [/Delete/, 'Delete'],
  ])('signs out users who chose %s for themselves', async (item, action) => {
    open({ name: 'me' });
    await choose(item);
    for (const field of await loader.getAllHarnesses(MatInputHarness)) {
      await field.setValue('me');
    }
    await press(action);

    expect(session.end).toHaveBeenCalledWith('signed-out');
  });

  it('shows an error of the server below the header', async () => {
    const error = { status: 403, code: 'above_your_permissions', detail: 'They hold roles:write.' };
    save.mockRejectedValue(new HttpErrorResponse({ status: 403, error }));
    open();
    await press('Disable');

    expect((fixture.nativeElement as HTMLElement).querySelector('[role=alert]')?.textContent).toContain(
      'They hold roles:write.',
    );
  });

  it('removes the error with the next attempt', async () => {
    api.liftThrottle.mockReturnValueOnce(throwError(() => new HttpErrorResponse({ status: 503 })));
    open();
    await choose(/Unblock/);
    await choose(/Unblock/);

    expect((fixture.nativeElement as HTMLElement).querySelector('[role=alert]')).toBeNull();
    expect(notifier.success).toHaveBeenCalledWith('anna can sign in again.');
  });

  it('states the number of tokens before revoking them, and the time of effect afterwards', async () => {
    open();
    await choose(/Revoke all tokens/);
    const dialog = await loader.getHarness(MatDialogHarness);

    expect(await dialog.getText()).toContain('2 tokens of anna stop working immediately');
    await press('Revoke tokens');
    expect(api.revokeTokens).toHaveBeenCalledWith('anna');
    expect(notifier.revoked).toHaveBeenCalledWith('All tokens of anna revoked.', '2026-11-30T12:00:02.000Z');
  });

  it('deletes only after the name is typed', async () => {
    open();
    await choose(/Delete/);
    await press('Delete');
    expect(api.delete).not.toHaveBeenCalled();

    await (await loader.getHarness(MatInputHarness)).setValue('anna');
    await press('Delete');
    expect(api.delete).toHaveBeenCalledWith('anna', false);
  });

  it('keeps the tokens of other users when the box is checked', async () => {
    api.deletionDryRun.mockReturnValue(of({ count: 1, sample: [], descendantCount: 3 }));
    open();
    await choose(/Delete/);

    await (
      await loader.getHarness(MatCheckboxHarness.with({ label: 'Keep the tokens of other users' }))
    ).check();
    await (await loader.getHarness(MatInputHarness)).setValue('anna');
    await press('Delete');

    expect(api.delete).toHaveBeenCalledWith('anna', true);
  });

  it('states before a deletion the number of revoked tokens of other users', async () => {
    const text = async (descendantCount: number) => {
      api.deletionDryRun.mockReturnValue(of({ count: 1, sample: [], descendantCount }));
      await choose(/Delete/);
      const shown = document.querySelector('mat-dialog-container')?.textContent ?? '';
      await press('Cancel');
      return shown;
    };
    open();

    expect(await text(3)).toContain('3 tokens of other users, created with these tokens, are revoked too.');
    expect(await text(0)).not.toContain('of other users');
  });

  it('offers no password to a service', async () => {
    open({ kind: 'service' });
    const menu = await loader.getHarness(MatMenuHarness);
    await menu.open();
    const items = await Promise.all((await menu.getItems()).map((item) => item.getText()));

    expect(items).toEqual(['Revoke all tokens…', 'Delete…', 'Raw JSON']);
  });

  it('offers no actions to users who may only read', async () => {
    session.can.mockReturnValue(false);
    open();

    const menu = await loader.getHarness(MatMenuHarness);
    await menu.open();
    const items = await Promise.all((await menu.getItems()).map((item) => item.getText()));

    expect(items).toEqual(['Raw JSON']);
    expect(await loader.getAllHarnesses(MatButtonHarness)).toHaveLength(1);
  });
});
