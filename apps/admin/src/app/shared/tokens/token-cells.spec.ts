import { TestBed } from '@angular/core/testing';
import type { UserTokenDto } from '@latchkey/auth-models';
import { TokenExpiry, TokenStateLabel } from './token-cells';

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
  it('distinguishes a disabled token from a disabled owner', () => {
    expect(textOf(TokenStateLabel, { state: 'disabled', enabled: false })).toBe('Disabled');
    expect(textOf(TokenStateLabel, { state: 'disabled', enabled: true })).toBe('Owner disabled');
  });
});

describe('TokenExpiry', () => {
  it('shows no expiry for a revoked token', () => {
    expect(textOf(TokenExpiry, {})).toMatch(/^in \d+ years$/);
    expect(textOf(TokenExpiry, { state: 'revoked' })).toBe('–');
  });
});
