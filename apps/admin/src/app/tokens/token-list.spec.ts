import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { HarnessLoader } from '@angular/cdk/testing';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { MatRowHarness } from '@angular/material/table/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { jest } from '@jest/globals';
import type { UserTokenDto } from '@latchkey/auth-models';
import { of } from 'rxjs';
import { Notifier } from '../core/notifier';
import { Session } from '../core/session';
import type { ListQuery } from '../shared/list/list-state';
import { TokenList } from './token-list';
import { TokensApi } from './tokens-api';

const token = (id: string, note: string, change: Partial<UserTokenDto> = {}): UserTokenDto => ({
  id,
  note,
  user: 'anna',
  kind: 'api',
  enabled: true,
  creationTime: '2026-11-01T00:00:00Z',
  state: 'active',
  tokenPreview: `latchkey_…${id}`,
  version: 0,
  ...change,
});

const items = [
  token('own', 'This browser', { kind: 'session' }),
  token('other', 'Backup', { user: 'berta', state: 'expiring' }),
];
const list = jest.fn((query: ListQuery) => of({ items, page: query.page, size: 25, total: 2 }));
const notifier = { success: jest.fn(), revoked: jest.fn(), failure: jest.fn(), undoable: jest.fn() };
const signOut = jest.fn(() => Promise.resolve());
let permissions: string[];
let harness: RouterTestingHarness;
let loader: HarnessLoader;
let http: HttpTestingController;

async function open(...held: string[]): Promise<void> {
  permissions = held;
  harness = await RouterTestingHarness.create('/tokens');
  loader = TestbedHarnessEnvironment.documentRootLoader(harness.fixture);
  await settle();
}

beforeEach(() => {
  [list, signOut, ...Object.values(notifier)].forEach((mock) => mock.mockClear());
  const session = {
    token: signal({ id: 'own' }),
    user: signal({ name: 'anna' }),
    can: (permission: string) => permissions.includes(permission),
    signOut,
  };
  TestBed.configureTestingModule({
    providers: [
      provideRouter([{ path: 'tokens', component: TokenList }]),
      provideHttpClient(),
      provideHttpClientTesting(),
      { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } },
      { provide: TokensApi, useValue: { list } },
      { provide: Session, useValue: session },
      { provide: Notifier, useValue: notifier },
    ],
  });
  http = TestBed.inject(HttpTestingController);
});

afterEach(() => http.verify());

const page = (): HTMLElement => harness.routeNativeElement as HTMLElement;

function button(name: string): HTMLElement {
  return page().querySelector(`[aria-label="${name}"]`) as HTMLElement;
}

async function press(text: string): Promise<void> {
  await (await loader.getHarness(MatButtonHarness.with({ text }))).click();
}

async function answer(text: string): Promise<string> {
  // The dialog is loaded lazily.
  while ((await loader.getHarnessOrNull(MatDialogHarness)) === null) {
    await settle();
  }
  const dialog = await loader.getHarness(MatDialogHarness);
  const words = await dialog.getContentText();
  await (await dialog.getHarness(MatButtonHarness.with({ text }))).click();
  return words;
}

async function select(name: string): Promise<void> {
  page().querySelector<HTMLElement>(`[aria-label="Select ${name}"]`)?.click();
  await harness.fixture.whenStable();
}

/** Waits for pending responses. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  await harness.fixture.whenStable();
}

describe('TokenList', () => {
  it('marks the token of this session and shows the state of each', async () => {
    await open('tokens:read');

    const rows = await loader.getAllHarnesses(MatRowHarness);
    const cells = await Promise.all(rows.map((row) => row.getCellTextByColumnName()));
    expect(cells.map(({ note }) => note?.includes('This session'))).toEqual([true, false]);
    expect(cells.map(({ state }) => state)).toEqual(['Active', 'Expiring']);
  });

  it('shows owners only with tokens:read', async () => {
    await open();

    expect(page().querySelector('h1')?.textContent).toBe('My tokens');
    expect(page().textContent).not.toContain('berta');
  });

  it('links to the owner with users:read', async () => {
    await open('tokens:read', 'users:read');

    expect(page().querySelector('a[href="/users/berta"]')).not.toBeNull();
  });

  it('offers no actions on tokens of other users without tokens:write', async () => {
    await open('tokens:read');

    expect([button('Revoke Backup'), page().querySelector('app-row-checkbox')]).toEqual([null, null]);
  });

  it('replaces the filters of one preset with those of another', async () => {
    await open('tokens:read');
    for (const text of ['Never used, 7 days', 'No expiry']) {
      const preset = [...page().querySelectorAll('button')].find((one) => one.textContent.trim() === text);
      preset?.click();
      await harness.fixture.whenStable();
    }

    expect(TestBed.inject(Router).url).toBe('/tokens?noExpiry=true');
    expect(page().querySelector('[aria-pressed=true]')?.textContent.trim()).toBe('No expiry');
  });

  it('revokes a token after confirmation and loads the list again', async () => {
    await open('tokens:read', 'tokens:write');
    button('Revoke Backup').click();
    const words = await answer('Revoke');

    expect(words).toContain('“Backup” of berta');
    const effectiveBy = '2026-11-30T12:00:02.000Z';
    http
      .expectOne({ method: 'DELETE', url: '/tokens/other' })
      .flush(null, { headers: { 'X-Auth-Effective-By': effectiveBy } });
    await settle();
    expect(notifier.revoked).toHaveBeenCalledWith('Token revoked.', effectiveBy);
    expect(list).toHaveBeenCalledTimes(2);
  });

  it('revokes nothing when the confirmation is cancelled', async () => {
    await open('tokens:read', 'tokens:write');
    button('Revoke Backup').click();
    await answer('Cancel');

    http.expectNone('/tokens/other');
  });

  it('signs out instead of revoking the token of this session', async () => {
    await open();
    button('Sign out This browser').click();
    await answer('Sign out');

    expect(signOut).toHaveBeenCalledTimes(1);
    http.expectNone('/tokens/own');
  });
});

describe('TokenList with selected tokens', () => {
  it('confirms a revocation with the result of the dry run and keeps the own session', async () => {
    await open('tokens:read', 'tokens:write');
    await select('Backup');
    await press('Revoke');
    const dryRun = http.expectOne('/tokens/bulk');
    dryRun.flush({ count: 1, sample: [items[1]] });
    await settle();
    const words = await answer('Revoke');

    expect(dryRun.request.body).toEqual({
      action: 'revoke',
      keepCurrent: true,
      ids: ['other'],
      dryRun: true,
    });
    expect(words).toContain('Affected: Backup (berta).');
    const change = http.expectOne('/tokens/bulk');
    const effectiveBy = '2026-11-30T12:00:02.000Z';
    change.flush({ count: 1, results: [{ id: 'other', status: 204 }], effectiveBy });
    await settle();
    expect(notifier.revoked).toHaveBeenCalledWith('1 token revoked.', effectiveBy);
  });

  it('disables without confirmation and offers to undo it', async () => {
    await open('tokens:read', 'tokens:write');
    await select('Backup');
    await press('Disable');
    http.expectOne('/tokens/bulk').flush({ count: 1, sample: [items[1]] });
    await settle();
    http
      .expectOne('/tokens/bulk')
      .flush({ count: 1, results: [{ id: 'other', status: 200 }], effectiveBy: 'T' });
    await settle();

    const [text, undo, effectiveBy] = notifier.undoable.mock.calls[0] as unknown as [
      string,
      () => void,
      string,
    ];
    expect([text, effectiveBy]).toEqual(['1 token disabled.', 'T']);
    undo();
    const request = http.expectOne('/tokens/bulk').request;
    expect(request.body).toEqual({ action: 'enable', ids: ['other'] });
  });

  it('sends no request when all selected tokens are enabled', async () => {
    await open('tokens:read', 'tokens:write');
    await select('Backup');
    await press('Enable');

    http.expectNone('/tokens/bulk');
    expect(notifier.success).toHaveBeenCalledTimes(1);
  });
});
