import { TestBed } from '@angular/core/testing';
import type { UserTokenDto } from '@latchkey/auth-models';
import { TokenExpiry } from './token-expiry';
import { TokenStateLabel } from './token-state';

const TOKEN = {
  enabled: true,
  state: 'active',
  expirationTime: '2099-01-01T00:00:00.000Z',
} as UserTokenDto;

function textOf(
  component: typeof TokenStateLabel | typeof TokenExpiry,
  token: Partial<UserTokenDto>,
): string {
  const fixture = TestBed.createComponent<TokenStateLabel | TokenExpiry>(component);
  fixture.componentRef.setInput('token', { ...TOKEN, ...token });
  fixture.detectChanges();
  return (fixture.nativeElement as HTMLElement).textContent.trim();
}

describe('TokenStateLabel', () => {
  it('says whether a token or its owner is disabled', () => {
    expect(textOf(TokenStateLabel, { state: 'disabled', enabled: false })).toBe('Disabled');
    expect(textOf(TokenStateLabel, { state: 'disabled', enabled: true })).toBe('Owner disabled');
  });
});

describe('TokenExpiry', () => {
  it('announces no end of a token that was revoked', () => {
    expect(textOf(TokenExpiry, {})).toMatch(/^in \d+ years$/);
    expect(textOf(TokenExpiry, { state: 'revoked' })).toBe('–');
  });
});
