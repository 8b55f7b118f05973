import { type HarnessLoader, TestKey } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatAutocompleteHarness } from '@angular/material/autocomplete/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatChipRemoveHarness, MatChipRowHarness } from '@angular/material/chips/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { jest } from '@jest/globals';
import type { MeDto, RoleDto, UserDto } from '@latchkey/auth-models';
import { of } from 'rxjs';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { RoleCatalogue } from '../../shared/roles/roles';
import { UserAccess } from './user-access';
import { UserEdits } from './user-edits';

const PERMISSIONS = ['roles:write', 'users:read', 'users:write'];
const ANNA = { id: 'u1', name: 'anna', roles: ['admin'], version: 3 } as UserDto;
const role = (name: string, permissions: string[]) => ({ name, permissions }) as RoleDto;
const ROLES = [role('admin', PERMISSIONS), role('auditor', ['users:read']), role('above', ['audit:write'])];

const save = jest.fn<UserEdits['save']>();
const notifier = { undoable: jest.fn<Notifier['undoable']>() };
const session = {
  can: () => true,
  user: () => ({ id: 'u2', permissions: PERMISSIONS, roles: [] }) as unknown as MeDto,
};
let fixture: ComponentFixture<UserAccess>;
let loader: HarnessLoader;

beforeEach(() => {
  save
    .mockReset()
    .mockImplementation((base, { roles = [] }) => Promise.resolve({ ...base, roles, version: 4 }));
  notifier.undoable.mockClear();
  TestBed.configureTestingModule({
    providers: [
      { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } },
      { provide: UserEdits, useValue: { save } },
      { provide: Notifier, useValue: notifier },
      { provide: RoleCatalogue, useValue: { all: () => of(ROLES) } },
      { provide: Session, useValue: session },
    ],
  });
  fixture = TestBed.createComponent(UserAccess);
  fixture.componentRef.setInput('user', ANNA);
  loader = TestbedHarnessEnvironment.documentRootLoader(fixture);
});

const others = () => loader.getHarness(MatAutocompleteHarness);
const assigned = (name: string) =>
  loader.getHarness(MatChipRowHarness.with({ text: new RegExp(`^${name}`) }));
const press = async (label: string) =>
  (await loader.getHarness(MatButtonHarness.with({ text: label }))).click();

describe('UserAccess', () => {
  it('saves the roles and restores the former ones on undo', async () => {
    await (await others()).selectOption({ text: /^auditor/ });
    await press('Save roles');

    expect(save).toHaveBeenCalledWith(ANNA, { roles: ['admin', 'auditor'] });
    notifier.undoable.mock.calls[0]?.[1]();
    expect(save).toHaveBeenLastCalledWith(expect.objectContaining({ version: 4 }), { roles: ['admin'] });
  });

  it('asks for confirmation before users remove their own permissions', async () => {
    fixture.componentRef.setInput('user', { ...ANNA, id: 'u2' });
    await (await assigned('admin')).remove();
    await press('Save roles');
    await press('Cancel');

    expect(save).not.toHaveBeenCalled();
  });

  it('disables roles with permissions that the user does not hold', async () => {
    await (await others()).focus();
    const [above] = await (await others()).getOptions({ text: /^above/ });

    expect(await above?.isDisabled()).toBe(true);
  });

  it('shows why an assigned role cannot be removed', async () => {
    fixture.componentRef.setInput('user', { ...ANNA, roles: ['above'] });

    expect(await (await assigned('above')).hasHarness(MatChipRemoveHarness)).toBe(false);
    expect((fixture.nativeElement as HTMLElement).textContent).toContain(
      'You cannot remove above because you do not hold audit:write.',
    );
  });

  it('finds roles by their permissions, and assigns none on Enter alone', async () => {
    await (await others()).enterText('users:r');
    expect(await Promise.all((await (await others()).getOptions()).map((one) => one.getText()))).toEqual([
      expect.stringContaining('auditor'),
    ]);
    await (await (await others()).host()).sendKeys(TestKey.ENTER);

    expect(await loader.getAllHarnesses(MatChipRowHarness)).toHaveLength(1);
  });
});
