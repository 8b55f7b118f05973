import { describe, expect, it } from '@jest/globals';
import { type FastifyRequest } from 'fastify';
import { challenge, expectBasic } from './challenge.js';

const requestWith = (headers: Record<string, string> = {}) => ({ headers }) as unknown as FastifyRequest;

describe('challenge', () => {
  it('is Basic where a password is asked for', () => {
    const request = requestWith();
    expectBasic(request);

    expect(challenge(request, 'unauthenticated')).toBe('Basic realm="latchkey", charset="UTF-8"');
  });

  it.each(['XMLHttpRequest', 'xmlhttprequest'])('is never Basic to a script: %s', (requestedWith) => {
    const request = requestWith({ 'x-requested-with': requestedWith });
    expectBasic(request);

    expect(challenge(request, 'unauthenticated')).toBe('XAuthToken realm="latchkey"');
  });

  it('asks for a token elsewhere', () => {
    expect(challenge(requestWith(), 'unauthenticated')).toBe('XAuthToken realm="latchkey"');
  });

  it('says what is wrong with a token that was sent', () => {
    const request = requestWith({ 'x-auth-token': 'x' });

    expect(challenge(request, 'unauthenticated')).toBe('XAuthToken realm="latchkey", error="invalid_token"');
    expect(challenge(request, 'token_expired')).toBe('XAuthToken realm="latchkey", error="token_expired"');
  });

  it('does not confuse requests', () => {
    expectBasic(requestWith());

    expect(challenge(requestWith(), 'unauthenticated')).toMatch(/^XAuthToken/);
  });
});
