import { type HarnessLoader, TestKey } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatAutocompleteHarness } from '@angular/material/autocomplete/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatChipRemoveHarness, MatChipRowHarness } from '@angular/material/chips/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { provideRouter, Router } from '@angular/router';
import { jest } from '@jest/globals';
import type { MeDto, RoleDto, UserDto } from '@latchkey/auth-models';
import { NEVER, type Observable, of } from 'rxjs';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { RoleCatalogue } from '../../shared/roles/roles';
import { UserAccess } from './user-access';
import { UserEdits } from './user-edits';

const PERMISSIONS = ['roles:write', 'users:read', 'users:write'];
const ANNA = { id: 'u1', name: 'anna', roles: ['admin'], version: 3 } as UserDto;
const role = (name: string, permissions: string[]) => ({ name, permissions }) as RoleDto;
const ROLES = [role('admin', PERMISSIONS), role('auditor', ['users:read']), role('above', ['audit:write'])];

const all = jest.fn<() => Observable<readonly RoleDto[]>>();
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
  all.mockReturnValue(of(ROLES));
  notifier.undoable.mockClear();
  TestBed.configureTestingModule({
    providers: [
      { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } },
      { provide: UserEdits, useValue: { save } },
      { provide: Notifier, useValue: notifier },
      { provide: RoleCatalogue, useValue: { all } },
      provideRouter([{ path: '**', children: [] }]),
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

  it('removes no role before the permissions of the roles are known', () => {
    all.mockReturnValue(NEVER);
    // A harness would wait for the roles.
    fixture.detectChanges();
    const chip = (fixture.nativeElement as HTMLElement).querySelector('mat-chip-row');

    expect(chip?.textContent).toContain('admin');
    expect(chip?.querySelector('button[matChipRemove]')).toBeNull();
  });
});

describe('UserAccess with a permission in the URL', () => {
  /** Opens the roles of the user for a permission, and returns the ones that are then selected. */
  async function open(grant: string, roles: string[]): Promise<string[]> {
    await TestBed.inject(Router).navigateByUrl(`/?tab=access&grant=${grant}`);
    fixture.componentRef.setInput('grant', grant);
    fixture.componentRef.setInput('user', { ...ANNA, roles });
    return selected();
  }
  const notice = () => {
    const host = fixture.nativeElement as HTMLElement;
    return host.querySelector('.notice')?.textContent;
  };
  const selected = async () =>
    Promise.all((await loader.getAllHarnesses(MatChipRowHarness)).map(async (chip) => chip.getText()));

  it('suggests the smallest role that grants it once, and the suggestion is no input to lose', async () => {
    expect(await open('users:read', [])).toEqual([expect.stringContaining('auditor')]);
    expect(TestBed.inject(Router).url).toBe('/?tab=access');
    expect(fixture.componentInstance.isChanged()).toBe(false);
    expect(notice()).toBe('Selected by the link you opened: auditor. Nothing is saved yet.');

    fixture.componentRef.setInput('grant', '');
    await press('Save roles');
    expect(save).toHaveBeenCalledWith(expect.objectContaining({ roles: [] }), { roles: ['auditor'] });
    fixture.componentRef.setInput('user', { ...ANNA, roles: [] });
    expect(await selected()).toEqual([]);
    expect(notice()).toBeUndefined();
  });

  it('suggests nothing if the roles of the user grant it already', async () => {
    expect(await open('users:read', ['admin'])).toEqual([expect.stringContaining('admin')]);
    expect(TestBed.inject(Router).url).toBe('/?tab=access');
  });

  it('forgets the suggestion when it is discarded', async () => {
    await open('users:read', []);
    await press('Discard');

    expect(await selected()).toEqual([]);
    expect(fixture.componentInstance.isChanged()).toBe(false);
  });
});
