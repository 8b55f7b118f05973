import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { HarnessLoader } from '@angular/cdk/testing';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { MatMenuHarness } from '@angular/material/menu/testing';
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
/** Parameters of the latest requests for numbers of tokens. */
let counted: string[];

const open = (...held: string[]) => openAt('/tokens', ...held);

async function openAt(url: string, ...held: string[]): Promise<void> {
  permissions = held;
  harness = await RouterTestingHarness.create(url);
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

/** Opens the menu of filters, and answers its requests for numbers of tokens. */
async function openFilterMenu(): Promise<MatMenuHarness> {
  page().querySelector<HTMLElement>('app-filter-menu button')?.click();
  // The page is stable again only after the responses.
  TestBed.tick();
  const requests = http.match(({ url }) => url === '/tokens');
  counted = requests.map(({ request }) => request.params.toString());
  requests.forEach((request, index) => request.flush({ total: 1000 + index }));
  await settle();
  return loader.getHarness(MatMenuHarness.with({ triggerText: 'Filter' }));
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

  it('lists API tokens first, and other kinds in their tabs', async () => {
    await open('tokens:read');
    const kinds = [];
    for (const tab of ['API tokens', 'Sessions', 'All']) {
      [...page().querySelectorAll<HTMLElement>('nav a')].find((each) => each.textContent === tab)?.click();
      await settle();
      const current = page().querySelector('nav a[aria-current=page]')?.textContent;
      kinds.push([current, list.mock.lastCall?.[0].filters['kind']]);
    }

    expect(kinds).toEqual([
      ['API tokens', 'api'],
      ['Sessions', 'session'],
      ['All', null],
    ]);
    expect(TestBed.inject(Router).url).toBe('/tokens?kind=any');
  });

  it('leads from the empty tab of canaries to a new one', async () => {
    list.mockReturnValueOnce(of({ items: [], page: 1, size: 25, total: 0 }));
    await openAt('/tokens?kind=canary', 'tokens:read');

    expect(page().textContent).toContain('raises an alarm');
    expect(page().querySelector('a[href="/tokens/new/canary"]')?.textContent.trim()).toBe('New canary');
  });

  it('counts the tokens of each preset in the tab and with the filters that are set', async () => {
    await openAt('/tokens?noExpiry=true', 'tokens:read');
    const menu = await openFilterMenu();
    const items = await Promise.all((await menu.getItems()).map((item) => item.getText()));

    expect(items.slice(0, 2)).toEqual(['Expires within 14 days 1,000', 'Owner disabled 1,001']);
    expect(counted[1]).toBe('page=1&size=1&sort=-lastUsageTime&kind=api&noExpiry=true&ownerDisabled=true');
  });

  it.each([
    ['offers', ['roles:read'], true],
    ['does not offer', [], false],
  ])('%s the filter by permission with %j', async (_, held, isOffered) => {
    await open('tokens:read', ...held);
    const menu = await openFilterMenu();
    const items = await Promise.all((await menu.getItems()).map((item) => item.getText()));

    expect(items.includes('Permission…')).toBe(isOffered);
  });

  it('adds the filters of a preset to the others, shows them as chips, and removes them again', async () => {
    await openAt('/tokens?noExpiry=true', 'tokens:read');
    const chips = () =>
      [...page().querySelectorAll('app-filter-chip')].map((chip) => chip.textContent.trim());
    await (await openFilterMenu()).clickItem({ text: /^Never used/ });
    await settle();
    expect(chips()).toEqual([
      expect.stringMatching(/^Unused\s+7 days$/),
      expect.stringMatching(/^Used\s+never$/),
      expect.stringMatching(/^Expiry\s+none$/),
    ]);

    const menu = await openFilterMenu();
    const [preset] = await menu.getItems({ text: /^Never used/ });
    expect(await (await preset?.host())?.getAttribute('aria-checked')).toBe('true');
    await preset?.click();
    await settle();
    expect(TestBed.inject(Router).url).toBe('/tokens?noExpiry=true');
    button('Remove the filter Expiry').click();
    await settle();
    expect(chips()).toEqual([]);
  });

  it('opens a filter from the menu, and removes its chip when no value is chosen', async () => {
    await open('tokens:read');
    await (await openFilterMenu()).clickItem({ text: 'State…' });
    await settle();
    const state = await loader.getHarness(MatMenuHarness.with({ triggerText: /^State/ }));
    expect(await state.isOpen()).toBe(true);
    await state.close();
    await settle();
    expect(page().querySelector('app-filter-chip')).toBeNull();

    await (await openFilterMenu()).clickItem({ text: 'State…' });
    await settle();
    await (
      await loader.getHarness(MatMenuHarness.with({ triggerText: /^State/ }))
    ).clickItem({
      text: 'Disabled',
    });
    await settle();
    expect(TestBed.inject(Router).url).toBe('/tokens?state=disabled');
    expect(button('State: Disabled')).not.toBeNull();
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
