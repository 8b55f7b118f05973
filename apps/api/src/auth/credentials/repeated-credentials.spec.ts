import { describe, expect, it } from '@jest/globals';
import { refuseRepeatedCredentials } from './repeated-credentials.js';

/** A request's fields as Node shows them: joined by name, and raw. */
function fields(...sent: [string, string][]) {
  const headers: Record<string, string> = {};
  for (const [name, value] of sent) {
    const known = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = known === undefined ? value : `${known}, ${value}`;
  }
  return { headers, rawHeaders: sent.flat() };
}

describe('refuseRepeatedCredentials', () => {
  it.each([
    [fields(['Authorization', 'Basic YTpi'], ['authorization', 'Basic YTpi'])],
    [fields(['Authorization', 'Basic YTpi'], ['Authorization', 'Bearer lk_x'])],
    [fields(['X-Auth-Token', 'YTpi'], ['Accept', '*/*'], ['x-auth-token', 'YTpj'])],
  ])('refuses %j', (request) => {
    expect(() => refuseRepeatedCredentials(request)).toThrow(
      expect.objectContaining({ code: 'ambiguous_credentials' }),
    );
  });

  it.each([
    [fields()],
    [fields(['Authorization', 'Basic YTpi'])],
    [fields(['Authorization', 'Bearer lk_x'], ['X-Auth-Token', 'YTpi'])],
    // A gateway's own scheme beside our header has commas of its own.
    [fields(['Authorization', 'Digest username="a", realm="b"'], ['X-Auth-Token', 'YTpi'])],
    [fields(['Accept', 'text/html'], ['Accept', 'application/json'])],
  ])('takes %j', (request) => {
    expect(() => refuseRepeatedCredentials(request)).not.toThrow();
  });
});
