import { describe, expect, it } from '@jest/globals';
import { rateLimitHeaders } from './rate-limit-headers.js';

describe('rateLimitHeaders', () => {
  it('formats each limit with its policy', () => {
    expect(
      rateLimitHeaders([
        { policy: 'address', limit: 100, remaining: 97, resetSeconds: 60 },
        { policy: 'account', limit: 10, remaining: 0, resetSeconds: 4 },
      ]),
    ).toEqual({
      'ratelimit-policy': '"address";q=100;w=900, "account";q=10;w=900',
      ratelimit: '"address";r=97;t=60, "account";r=0;t=4',
    });
  });
});
