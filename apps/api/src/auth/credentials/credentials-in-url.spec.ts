import { describe, expect, it } from '@jest/globals';
import { refuseCredentialsInUrl } from './credentials-in-url.js';

describe('refuseCredentialsInUrl', () => {
  it.each([
    '/me?token=x',
    '/me?TOKEN=x',
    '/me?a=b&access_token=',
    '/me?auth_token=x',
    '/me?X-Auth-Token=x',
    '/me?%74oken=x',
    '/me?anything=lk_x',
    '/me?anything=%6Ck_x',
    '/me?a=1&a=lk_x',
    '/me?lk=1&a=lk_',
  ])('refuses %s', (url) => {
    expect(() => refuseCredentialsInUrl(url)).toThrow(
      expect.objectContaining({ code: 'credentials_in_url' }),
    );
  });

  it.each(['/me', '/me?', '/me?q=token', '/me?tokens=1', '/me?q=xlk_y', '/me?page=1&size=2', '/me?%'])(
    'takes %s',
    (url) => {
      expect(() => refuseCredentialsInUrl(url)).not.toThrow();
    },
  );

  it('does not repeat the credential', () => {
    try {
      refuseCredentialsInUrl('/me?token=hunter2');
    } catch (error) {
      expect(JSON.stringify(error) + (error as Error).message).not.toContain('hunter2');
    }
    expect.assertions(1);
  });
});
