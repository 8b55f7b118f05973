import { type HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { HttpErrorResponse } from '@angular/common/http';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { jest } from '@jest/globals';
import type { UserDto } from '@latchkey/auth-models';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { UserEdits } from './user-edits';
import { UserProfile } from './user-profile';

const ANNA = {
  id: 'u1',
  name: 'anna',
  displayName: 'Anna',
  email: 'anna@example.org',
  enabled: true,
  version: 3,
} as UserDto;

const save = jest.fn<UserEdits['save']>();
const notifier = { success: jest.fn() };
const session = { can: jest.fn(() => true) };
let fixture: ComponentFixture<UserProfile>;
let loader: HarnessLoader;

beforeEach(() => {
  save.mockReset().mockResolvedValue(ANNA);
  notifier.success.mockClear();
  session.can.mockReturnValue(true);
});

function open(): void {
  TestBed.configureTestingModule({
    providers: [
      { provide: UserEdits, useValue: { save } },
      { provide: Notifier, useValue: notifier },
      { provide: Session, useValue: session },
    ],
  });
  fixture = TestBed.createComponent(UserProfile);
  fixture.componentRef.setInput('user', ANNA);
  loader = TestbedHarnessEnvironment.loader(fixture);
}

async function field(label: string): Promise<MatFormFieldHarness> {
  return loader.getHarness(MatFormFieldHarness.with({ floatingLabelText: label }));
}

async function fill(label: string, text: string): Promise<void> {
  await (await (await field(label)).getControl(MatInputHarness))?.setValue(text);
}

async function press(): Promise<void> {
  await (await loader.getHarness(MatButtonHarness.with({ text: 'Save profile' }))).click();
}

describe('UserProfile', () => {
  it('sends only changed fields, and null for emptied ones', async () => {
    open();
    await fill('E-mail', '');
    await press();

    expect(save).toHaveBeenCalledWith(ANNA, { email: null });
    expect(notifier.success).toHaveBeenCalledWith('Profile of anna saved.');
  });

  it('rejects invalid input without a request', async () => {
    open();
    await fill('E-mail', 'nowhere');
    await press();

    expect(await (await field('E-mail')).getTextErrors()).toEqual(['Enter a complete e-mail address.']);
    expect(save).not.toHaveBeenCalled();
  });

  it('shows an error of the server and keeps the input', async () => {
    const error = { status: 403, code: 'above_your_permissions', detail: 'They hold roles:write.' };
    save.mockRejectedValue(new HttpErrorResponse({ status: 403, error }));
    open();
    await fill('Display name', 'Anne');
    await press();

    expect((fixture.nativeElement as HTMLElement).textContent).toContain('They hold roles:write.');
    expect(await (await (await field('Display name')).getControl(MatInputHarness))?.getValue()).toBe('Anne');
  });

  it('keeps edited fields when the user is loaded again', async () => {
    open();
    await fill('Display name', 'Anne');
    fixture.componentRef.setInput('user', { ...ANNA, displayName: 'A.', email: 'a@example.org', version: 4 });

    const values = await Promise.all(
      ['Display name', 'E-mail'].map(async (label) =>
        (await (await field(label)).getControl(MatInputHarness))?.getValue(),
      ),
    );
    expect(values).toEqual(['Anne', 'a@example.org']);
  });

  it('shows no form to users who may only read', async () => {
    session.can.mockReturnValue(false);
    open();

    expect(await loader.getAllHarnesses(MatFormFieldHarness)).toHaveLength(0);
    expect((fixture.nativeElement as HTMLElement).textContent).toContain('anna@example.org');
  });
});
