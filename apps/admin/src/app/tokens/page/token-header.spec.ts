import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { Notifier } from '../../core/notifier';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { TokenHeader } from './token-header';

const TOKEN = {
  id: 'id',
  user: 'bot',
  kind: 'api',
  tokenPreview: 'latchkey_…a1B2',
  enabled: true,
} as UserTokenDto;

function actionsOf(token: Partial<UserTokenDto>): string[] {
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      { provide: Notifier, useValue: {} },
      { provide: TokenChanges, useValue: { ownId: () => 'own', mayChange: () => true } },
    ],
  });
  const fixture = TestBed.createComponent(TokenHeader);
  fixture.componentRef.setInput('token', { ...TOKEN, ...token });
  fixture.detectChanges();
  const actions = (fixture.nativeElement as HTMLElement).querySelectorAll('a, button');
  return [...actions].map(({ textContent }) => textContent.trim());
}

describe('TokenHeader', () => {
  it('offers all actions on an active token', () => {
    expect(actionsOf({ state: 'active' })).toEqual([
      'Rotate',
      'Edit',
      'Extend',
      'Disable',
      'Respond to a leak',
      'Revoke',
    ]);
  });

  it('offers a new expiry for an expired token', () => {
    expect(actionsOf({ state: 'expired' })).toEqual(['Extend', 'Respond to a leak']);
  });

  it.each<[string, Partial<UserTokenDto>]>([
    ['a revoked token', { state: 'revoked' }],
    ['a token without uses left', { state: 'expired', usesLeft: 0 }],
    ['an expired session', { state: 'expired', kind: 'session' }],
  ])('offers only a response to a leak on %s, whose descendants may work', (_name, token) => {
    expect(actionsOf(token)).toEqual(['Respond to a leak']);
  });

  it('offers nothing on a revoked canary', () => {
    expect(actionsOf({ state: 'revoked', kind: 'canary' })).toEqual([]);
  });
});
