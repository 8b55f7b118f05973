import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { HarnessLoader } from '@angular/cdk/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { MatRowHarness } from '@angular/material/table/testing';
import { provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { jest } from '@jest/globals';
import type { UserTokenDto } from '@latchkey/auth-models';
import { of } from 'rxjs';
import { Notifier } from '../core/notifier';
import { Session } from '../core/session';
import { TokenList } from './token-list';
import { TokensApi } from './tokens-api';

const token = (id: string, note: string): UserTokenDto => ({
  id,
  note,
  user: 'anna',
  kind: 'api',
  enabled: true,
  creationTime: '2026-11-01T00:00:00Z',
  state: 'active',
  tokenPreview: `lk_…${id}`,
  version: 0,
});

const items = [token('own', 'This browser'), token('other', 'Backup')];
const api = {
  listOwn: jest.fn(() => of({ items, page: 1, size: 25, total: 2 })),
  revoke: jest.fn(() => of(undefined)),
};
const session = { token: signal({ id: 'own' }), signOut: jest.fn(() => Promise.resolve()) };
let loader: HarnessLoader;

beforeEach(async () => {
  [api.listOwn, api.revoke, session.signOut].forEach((mock) => mock.mockClear());
  TestBed.configureTestingModule({
    providers: [
      provideRouter([{ path: 'tokens', component: TokenList }]),
      { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } },
      { provide: TokensApi, useValue: api },
      { provide: Session, useValue: session },
      { provide: Notifier, useValue: { success: jest.fn(), failure: jest.fn() } },
    ],
  });
  const harness = await RouterTestingHarness.create('/tokens');
  loader = TestbedHarnessEnvironment.documentRootLoader(harness.fixture);
});

async function press(text: string): Promise<void> {
  await (await loader.getHarness(MatButtonHarness.with({ text }))).click();
}

async function answer(text: string): Promise<void> {
  const dialog = await loader.getHarness(MatDialogHarness);
  await (await dialog.getHarness(MatButtonHarness.with({ text }))).click();
}

describe('TokenList', () => {
  it('marks the token of this session', async () => {
    const rows = await loader.getAllHarnesses(MatRowHarness);
    const texts = await Promise.all(rows.map(async (row) => (await row.getCellTextByIndex())[0]));

    expect(texts.map((text) => text?.includes('This session'))).toEqual([true, false]);
  });

  it('revokes a token once that is confirmed, and loads the list again', async () => {
    await press('Revoke');
    await answer('Revoke');

    expect(api.revoke).toHaveBeenCalledWith('other');
    expect(api.listOwn).toHaveBeenCalledTimes(2);
  });

  it('leaves a token alone when the question is declined', async () => {
    await press('Revoke');
    await answer('Cancel');

    expect(api.revoke).not.toHaveBeenCalled();
  });

  it('signs out instead of revoking the token it is using', async () => {
    await press('Sign out');
    await answer('Sign out');

    expect(session.signOut).toHaveBeenCalledTimes(1);
    expect(api.revoke).not.toHaveBeenCalled();
  });
});
