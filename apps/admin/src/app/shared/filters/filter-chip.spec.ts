import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { MatMenuHarness } from '@angular/material/menu/testing';
import { FILTERED_ROLES_MAX } from '@latchkey/auth-models/lists';
import { Session } from '../../core/session';
import { FilterChip, type ListFilter } from './filter-chip';
import { TypedFilter } from './typed-filter';

beforeEach(() => {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(),
      provideHttpClientTesting(),
      { provide: Session, useValue: { can: () => false } },
      { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } },
    ],
  });
});

function emittedBy(fixture: ComponentFixture<FilterChip | TypedFilter>): (string | null)[] {
  const emitted: (string | null)[] = [];
  fixture.componentInstance.valueChange.subscribe((value) => emitted.push(value));
  return emitted;
}

describe('FilterChip', () => {
  it.each([
    ['at', 'admin,clerk', 'admin'],
    ['above', 'admin,clerk,user', 'admin,user'],
  ])('shows the maximum, and disables further values, %s the maximum', async (_, value, withoutClerk) => {
    const filter: ListFilter = {
      name: 'role',
      label: 'Role',
      valuesMax: 2,
      options: ['admin', 'clerk', 'user', 'viewer'].map((role) => ({ value: role, label: role })),
    };
    const fixture = TestBed.createComponent(FilterChip);
    fixture.componentRef.setInput('filter', filter);
    fixture.componentRef.setInput('value', value);
    const emitted = emittedBy(fixture);
    const menu = await TestbedHarnessEnvironment.documentRootLoader(fixture).getHarness(MatMenuHarness);
    await menu.open();
    const isDisabled = async (text: string) => (await menu.getItems({ text }))[0]?.isDisabled();

    expect(document.querySelector('.mat-mdc-menu-panel')?.textContent).toContain('Choose at most 2.');
    expect([await isDisabled('clerk'), await isDisabled('viewer')]).toEqual([false, true]);
    await menu.clickItem({ text: 'clerk' });
    expect(emitted).toEqual([withoutClerk]);
  });
});

describe('TypedFilter', () => {
  it.each([
    [
      'role',
      Array(FILTERED_ROLES_MAX + 1)
        .fill('clerk')
        .join(),
      'clerk',
      /^Enter up to 20 role names/,
    ],
    ['permission', 'orders', 'orders:read', /^Enter a permission/],
    ['user', 'two words', 'anna', /of one script/],
    ['address', '1'.repeat(65), '192.0.2.1', /^Use at most 64/],
  ])('shows an error for an invalid %s, and does not apply it', async (name, invalid, valid, message) => {
    const fixture = TestBed.createComponent(TypedFilter);
    Object.entries({ name, label: name, value: null }).forEach(([input, value]) =>
      fixture.componentRef.setInput(input, value),
    );
    const emitted = emittedBy(fixture);
    const loader = TestbedHarnessEnvironment.loader(fixture);
    const input = await loader.getHarness(MatInputHarness);
    const apply = async (text: string) => {
      await input.setValue(text);
      await (await loader.getHarness(MatButtonHarness)).click();
    };
    await apply(invalid);

    expect(emitted).toEqual([]);
    expect(await (await loader.getHarness(MatFormFieldHarness)).getTextErrors()).toEqual([
      expect.stringMatching(message),
    ]);
    await apply(valid);
    expect(emitted).toEqual([valid]);
  });
});
