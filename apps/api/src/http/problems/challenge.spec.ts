import { describe, expect, it } from '@jest/globals';
import { type FastifyRequest } from 'fastify';
import { challenge, insufficientScope, insufficientUserAuthentication, invalidRequest } from './challenge.js';

const requestWith = (headers: Record<string, string> = {}, expectsBasic = false) =>
  ({ headers, expectsBasic }) as unknown as FastifyRequest;

describe('challenge', () => {
  it('returns Basic where the route expects a password', () => {
    const request = requestWith({}, true);

    expect(challenge(request, 'unauthenticated')).toBe('Basic realm="latchkey", charset="UTF-8"');
  });

  it.each(['XMLHttpRequest', 'xmlhttprequest'])(
    'returns no Basic challenge for a script: %s',
    (requestedWith) => {
      const request = requestWith({ 'x-requested-with': requestedWith }, true);

      expect(challenge(request, 'unauthenticated')).toBe('XAuthToken realm="latchkey"');
    },
  );

  it('returns XAuthToken on other routes', () => {
    expect(challenge(requestWith(), 'unauthenticated')).toBe('XAuthToken realm="latchkey"');
  });

  it('includes the error of a presented token', () => {
    const request = requestWith({ 'x-auth-token': 'x' });

    expect(challenge(request, 'unauthenticated')).toBe('XAuthToken realm="latchkey", error="invalid_token"');
    expect(challenge(request, 'token_expired')).toBe('XAuthToken realm="latchkey", error="token_expired"');
  });

  it.each([
    [{}, false],
    [{ 'x-auth-token': '' }, true],
    [{ authorization: 'Basic YTpi' }, true],
    [{ cookie: '__Host-latchkey=x' }, false],
  ])('includes an error when credentials were sent: %j', (headers: Record<string, string>, hasError) => {
    expect(challenge(requestWith(headers), 'unauthenticated')?.includes('error=')).toBe(hasError);
  });
});

describe('challenge on an OAuth endpoint', () => {
  const sent = (clientAuthentication: FastifyRequest['clientAuthentication'], requestedWith?: string) =>
    challenge(
      {
        clientAuthentication,
        headers: { 'x-auth-token': 'x', ...(requestedWith && { 'x-requested-with': requestedWith }) },
      } as unknown as FastifyRequest,
      'unauthenticated',
      true,
    );

  it('is Basic for clients that sent Basic, unless they are scripts', () => {
    expect(sent('client_secret_basic')).toBe('Basic realm="latchkey", charset="UTF-8"');
    expect(sent('client_secret_basic', 'XMLHttpRequest')).toBeUndefined();
  });

  it.each(['client_secret_post', undefined] as const)('is absent for all other clients: %s', (method) => {
    expect(sent(method)).toBeUndefined();
  });
});

describe('invalidRequest', () => {
  it('replaces the characters that a description must not contain', () => {
    expect(invalidRequest('a "b" \\ c! [d]~\u00fc\n')).toBe(
      'XAuthToken realm="latchkey", error="invalid_request", error_description="a \'b\' ? c! [d]~??"',
    );
  });
});

describe('insufficientScope', () => {
  it('names the permissions, if any', () => {
    expect(insufficientScope(['a:b', 'c:d'])).toBe(
      'XAuthToken realm="latchkey", error="insufficient_scope", scope="a:b c:d"',
    );
    expect(insufficientScope([])).toBe('XAuthToken realm="latchkey", error="insufficient_scope"');
  });
});

describe('insufficientUserAuthentication', () => {
  it('has the maximum age, if there is one', () => {
    expect(insufficientUserAuthentication(300)).toBe(
      'XAuthToken realm="latchkey", error="insufficient_user_authentication", max_age=300',
    );
    expect(insufficientUserAuthentication(undefined)).toBe(
      'XAuthToken realm="latchkey", error="insufficient_user_authentication"',
    );
  });
});
