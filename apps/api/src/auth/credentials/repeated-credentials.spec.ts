import { describe, expect, it } from '@jest/globals';
import { refuseRepeatedCredentials } from './repeated-credentials.js';

describe('refuseRepeatedCredentials', () => {
  it.each([
    { authorization: 'Basic YTpi, Basic YTpi' },
    { authorization: 'Basic YTpi, Bearer lk_x' },
    { 'x-auth-token': 'YTpi, YTpi' },
    { 'x-auth-token': 'YTpi,YTpj' },
  ])('refuses %j', (headers) => {
    expect(() => refuseRepeatedCredentials(headers)).toThrow(
      expect.objectContaining({ code: 'ambiguous_credentials' }),
    );
  });

  it.each([
    {},
    { authorization: 'Basic YTpi' },
    { 'x-auth-token': 'YTpi' },
    { authorization: 'Bearer lk_x', 'x-auth-token': 'YTpi' },
    { accept: 'text/html, application/json' },
  ])('takes %j', (headers) => {
    expect(() => refuseRepeatedCredentials(headers)).not.toThrow();
  });
});
