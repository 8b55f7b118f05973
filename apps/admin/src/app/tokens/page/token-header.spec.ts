import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { TestBed } from '@angular/core/testing';
import { MatMenuHarness } from '@angular/material/menu/testing';
import { provideRouter, Router } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { TokenHeader } from './token-header';

const TOKEN = {
  id: 'id',
  user: 'bot',
  kind: 'api',
  tokenPreview: 'latchkey_…a1B2',
  enabled: true,
} as UserTokenDto;

/** Returns the labels of the buttons, and of the menu. */
async function actionsOf(token: Partial<UserTokenDto>, descendants = 0, url = '/') {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(),
      provideHttpClientTesting(),
      provideRouter([{ path: '**', children: [] }]),
      { provide: Notifier, useValue: {} },
      { provide: Session, useValue: { can: (permission: string) => permission !== 'audit:read' } },
      { provide: TokenChanges, useValue: { ownId: () => 'own', mayChange: () => true } },
    ],
  });
  await TestBed.inject(Router).navigateByUrl(url);
  const fixture = TestBed.createComponent(TokenHeader);
  fixture.componentRef.setInput('token', { ...TOKEN, ...token });
  fixture.componentRef.setInput('opensResponse', url.includes('respond'));
  fixture.detectChanges();
  for (const request of TestBed.inject(HttpTestingController).match(({ url }) => url === '/tokens')) {
    const isLive = !request.request.params.has('state');
    request.flush({ items: [], total: isLive ? descendants : 0 });
  }
  await fixture.whenStable();
  const buttons = (fixture.nativeElement as HTMLElement).querySelectorAll('button');
  const [menu] = await TestbedHarnessEnvironment.loader(fixture).getAllHarnesses(MatMenuHarness);
  await menu?.open();
  const items = (await menu?.getItems()) ?? [];
  return {
    buttons: [...buttons].map(({ textContent }) => textContent.trim()),
    menu: await Promise.all(items.map((item) => item.getText())),
  };
}

describe('TokenHeader', () => {
  it('has buttons for the important actions on an active token, and a menu for the others', async () => {
    expect(await actionsOf({ state: 'active' })).toEqual({
      buttons: ['Rotate', 'Respond to a leak', 'More'],
      menu: ['Edit', 'Extend', 'Disable', 'Revoke', 'Raw JSON'],
    });
  });

  it('offers to enable a disabled token', async () => {
    expect(await actionsOf({ state: 'disabled', enabled: false })).toEqual({
      buttons: ['Enable', 'Respond to a leak', 'More'],
      menu: ['Edit', 'Rotate', 'Extend', 'Revoke', 'Raw JSON'],
    });
  });

  it('offers to rotate a leaked token before it can be enabled', async () => {
    const leakReportTime = '2026-11-29T08:00:00Z';
    expect(await actionsOf({ state: 'disabled', enabled: false, leakReportTime })).toEqual({
      buttons: ['Rotate', 'Respond to a leak', 'More'],
      menu: ['Edit', 'Extend', 'Revoke', 'Raw JSON'],
    });
  });

  it('offers a new expiry for an expired token', async () => {
    expect(await actionsOf({ state: 'expired' })).toEqual({
      buttons: ['Extend', 'Respond to a leak', 'More'],
      menu: ['Raw JSON'],
    });
  });

  it.each<[string, Partial<UserTokenDto>]>([
    ['a revoked token', { state: 'revoked' }],
    ['a token without uses left', { state: 'expired', usesLeft: 0 }],
    ['an expired session', { state: 'expired', kind: 'session' }],
  ])('offers a response to a leak on %s only if its descendants may work', async (_name, token) => {
    expect(await actionsOf(token, 1)).toEqual({ buttons: ['Respond to a leak', 'More'], menu: ['Raw JSON'] });
  });

  it('offers no action on a revoked token without descendants', async () => {
    expect(await actionsOf({ state: 'revoked' })).toEqual({ buttons: ['More'], menu: ['Raw JSON'] });
  });

  it('forgets that the URL asks for a response which it does not offer', async () => {
    await actionsOf({ state: 'revoked' }, 0, '/?tab=history&respond=true');

    expect(TestBed.inject(Router).url).toBe('/?tab=history');
  });

  it('offers to revoke a canary', async () => {
    expect((await actionsOf({ state: 'active', kind: 'canary' })).buttons).toEqual(['Revoke', 'More']);
  });

  it('offers no action on a revoked canary', async () => {
    expect(await actionsOf({ state: 'revoked', kind: 'canary' })).toEqual({
      buttons: ['More'],
      menu: ['Raw JSON'],
    });
  });
});
