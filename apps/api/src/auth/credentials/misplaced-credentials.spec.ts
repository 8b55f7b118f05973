import { describe, expect, it } from '@jest/globals';
import { rejectCredentialsInUrl, rejectRepeatedCredentials } from './misplaced-credentials.js';

describe('rejectCredentialsInUrl', () => {
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
  ])('rejects %s', (url) => {
    expect(() => rejectCredentialsInUrl(url)).toThrow(
      expect.objectContaining({ code: 'credentials_in_url' }),
    );
  });

  it.each(['/me', '/me?', '/me?q=token', '/me?tokens=1', '/me?q=xlk_y', '/me?page=1&size=2', '/me?%'])(
    'takes %s',
    (url) => {
      expect(() => rejectCredentialsInUrl(url)).not.toThrow();
    },
  );

  it('does not repeat the credential', () => {
    try {
      rejectCredentialsInUrl('/me?token=hunter2');
    } catch (error) {
      expect(JSON.stringify(error) + (error as Error).message).not.toContain('hunter2');
    }
    expect.assertions(1);
  });
});

/** Returns the headers as Node does: joined by name, and raw. */
function fields(...sent: [string, string][]) {
  const headers: Record<string, string> = {};
  for (const [name, value] of sent) {
    const known = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = known === undefined ? value : `${known}, ${value}`;
  }
  return { headers, rawHeaders: sent.flat() };
}

describe('rejectRepeatedCredentials', () => {
  it.each([
    [fields(['Authorization', 'Basic YTpi'], ['authorization', 'Basic YTpi'])],
    [fields(['Authorization', 'Basic YTpi'], ['Authorization', 'Bearer lk_x'])],
    [fields(['X-Auth-Token', 'YTpi'], ['Accept', '*/*'], ['x-auth-token', 'YTpj'])],
  ])('rejects %j', (request) => {
    expect(() => rejectRepeatedCredentials(request)).toThrow(
      expect.objectContaining({ code: 'ambiguous_credentials' }),
    );
  });

  it.each([
    [fields()],
    [fields(['Authorization', 'Basic YTpi'])],
    [fields(['Authorization', 'Bearer lk_x'], ['X-Auth-Token', 'YTpi'])],
    // The scheme of a gateway beside X-Auth-Token may contain commas.
    [fields(['Authorization', 'Digest username="a", realm="b"'], ['X-Auth-Token', 'YTpi'])],
    [fields(['Accept', 'text/html'], ['Accept', 'application/json'])],
  ])('accepts %j', (request) => {
    expect(() => rejectRepeatedCredentials(request)).not.toThrow();
  });
});
