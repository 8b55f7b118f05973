import type { UserTokenDto } from '@latchkey/auth-models';
import { tokenEnd } from './token-end';

describe('tokenEnd', () => {
  it('is the earlier of idle and absolute end', () => {
    const token = { idleExpirationTime: '2026-12-02T00:00:00Z', expirationTime: '2026-11-30T00:00:00Z' };

    expect(tokenEnd(token as UserTokenDto)).toBe('2026-11-30T00:00:00Z');
  });

  it('is nothing for a token without an end', () => {
    expect(tokenEnd({} as UserTokenDto)).toBeNull();
  });
});
