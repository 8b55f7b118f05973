import { TestBed } from '@angular/core/testing';
import type { UserTokenDto } from '@latchkey/auth-models';
import { TokenEnding } from './token-ending';
import { TokenStateMark } from './token-state';

const TOKEN = {
  enabled: true,
  state: 'active',
  expirationTime: '2099-01-01T00:00:00.000Z',
} as UserTokenDto;

function textOf(component: typeof TokenStateMark | typeof TokenEnding, token: Partial<UserTokenDto>): string {
  const fixture = TestBed.createComponent<TokenStateMark | TokenEnding>(component);
  fixture.componentRef.setInput('token', { ...TOKEN, ...token });
  fixture.detectChanges();
  return (fixture.nativeElement as HTMLElement).textContent.trim();
}

describe('TokenStateMark', () => {
  it('says whether a token or its owner is disabled', () => {
    expect(textOf(TokenStateMark, { state: 'disabled', enabled: false })).toBe('Disabled');
    expect(textOf(TokenStateMark, { state: 'disabled', enabled: true })).toBe('Owner disabled');
  });
});

describe('TokenEnding', () => {
  it('announces no end of a token that was revoked', () => {
    expect(textOf(TokenEnding, {})).toMatch(/^in \d+ years$/);
    expect(textOf(TokenEnding, { state: 'revoked' })).toBe('–');
  });
});
