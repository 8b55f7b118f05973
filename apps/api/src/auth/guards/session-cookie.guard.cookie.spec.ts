import { describe, expect, it } from '@jest/globals';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { principalWith } from '../../../../../test/support/unit/fake-call.js';
import { setPrincipal } from '../../common/request/principal.js';
import {
  clearSessionCookie,
  clearSessionCookieOnLogout,
  sessionSecretOf,
  setSessionCookie,
  wantsSessionCookie,
} from './session-cookie.guard.js';

const requestWith = (headers: Record<string, string>) => ({ headers }) as unknown as FastifyRequest;

/** Fake reply that records its header fields. */
class FakeReply {
  readonly headers: Record<string, string> = {};

  header(name: string, value: string): this {
    this.headers[name.toLowerCase()] = value;
    return this;
  }
}

const replyTo = (act: (reply: FastifyReply) => void) => {
  const reply = new FakeReply();
  act(reply as unknown as FastifyReply);
  return reply.headers;
};

describe('sessionSecretOf', () => {
  it.each([
    ['__Host-latchkey=latchkey_abc', 'latchkey_abc'],
    ['a=b; __Host-latchkey=latchkey_abc; c=d', 'latchkey_abc'],
    ['latchkey=latchkey_abc', undefined],
    ['__host-latchkey=latchkey_abc', undefined],
    ['', undefined],
  ])('reads from %j the secret %j', (cookie, secret) => {
    expect(sessionSecretOf(requestWith({ cookie }))).toBe(secret);
  });

  it('returns undefined without a cookie', () => {
    expect(sessionSecretOf(requestWith({}))).toBeUndefined();
  });
});

describe('wantsSessionCookie', () => {
  const HOST = { host: 'auth.example.com' };
  const REQUESTED = { ...HOST, prefer: 'session-cookie' };

  it.each([
    ['the preference only, as from a program', REQUESTED],
    ['among other preferences', { ...HOST, prefer: 'respond-async, Session-Cookie' }],
    ['the console’s own origin', { ...REQUESTED, 'sec-fetch-site': 'same-origin' }],
    ['an old browser on the console', { ...REQUESTED, origin: 'https://auth.example.com' }],
  ])('is true for %s', (_, headers) => {
    expect(wantsSessionCookie(requestWith(headers))).toBe(true);
  });

  it.each([
    ['no preference', HOST],
    ['another preference', { ...HOST, prefer: 'session-cookies' }],
    ['a page of another site', { ...REQUESTED, 'sec-fetch-site': 'cross-site' }],
    ['a page of a neighbouring host', { ...REQUESTED, 'sec-fetch-site': 'same-site' }],
    ['a URL entered by a user', { ...REQUESTED, 'sec-fetch-site': 'none' }],
    ['an old browser elsewhere', { ...REQUESTED, origin: 'https://evil.example.com' }],
    ['an old browser on another port', { ...REQUESTED, origin: 'https://auth.example.com:8443' }],
    ['an old browser in a sandbox', { ...REQUESTED, origin: 'null' }],
    ['a host with the same prefix', { ...REQUESTED, origin: 'https://auth.example.com.evil.com' }],
  ])('is false for %s', (_, headers) => {
    expect(wantsSessionCookie(requestWith(headers))).toBe(false);
  });
});

describe('setSessionCookie', () => {
  it('sets the secret for this host, inaccessible to scripts, until the expiry', () => {
    const headers = replyTo((reply) =>
      setSessionCookie(reply, { token: 'latchkey_abc', expirationTime: '2030-01-02T00:00:00.000Z' }),
    );

    const [value, ...attributes] = headers['set-cookie']?.split('; ') ?? [];
    expect(value).toBe('__Host-latchkey=latchkey_abc');
    expect(attributes.sort()).toEqual([
      'Expires=Wed, 02 Jan 2030 00:00:00 GMT',
      'HttpOnly',
      'Path=/',
      'SameSite=Strict',
      'Secure',
    ]);
    expect(headers['preference-applied']).toBe('session-cookie');
  });

  it('sets a session cookie of the browser when the token has no expiry', () => {
    expect(
      replyTo((reply) => setSessionCookie(reply, { token: 'latchkey_abc' }))['set-cookie'],
    ).not.toContain('Expires');
  });
});

describe('clearSessionCookie', () => {
  it('removes the cookie with its attributes', () => {
    const [value, ...attributes] = replyTo(clearSessionCookie)['set-cookie']?.split('; ') ?? [];

    expect(value).toBe('__Host-latchkey=');
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=0', 'Path=/', 'SameSite=Strict', 'Secure']);
  });
});

describe('clearSessionCookieOnLogout', () => {
  /** Returns whether the response to a request removes the cookie. */
  async function isCleared(url: string, isAuthenticated: boolean, headers: Record<string, string>) {
    const server = fastify();
    clearSessionCookieOnLogout(server);
    for (const path of ['/auth/logout', '/auth/bump']) {
      server.post(path, (request) => {
        if (isAuthenticated) {
          setPrincipal(request, principalWith());
        }
        return 'done';
      });
    }
    const response = await server.inject({ method: 'POST', url, headers });
    return String(response.headers['set-cookie']).startsWith('__Host-latchkey=; Max-Age=0');
  }

  it.each([
    ['a page of its origin', true, { 'sec-fetch-site': 'same-origin' }],
    ['a page of its origin whose token was rejected', false, { 'sec-fetch-site': 'same-origin' }],
    ['an old browser on its origin', false, { host: 'auth.example.com', origin: 'http://auth.example.com' }],
    ['a program with a valid token', true, {}],
  ])('removes the cookie for %s', async (_, isAuthenticated, headers) => {
    expect(await isCleared('/auth/logout', isAuthenticated, headers)).toBe(true);
  });

  it.each([
    ['a page of another site', '/auth/logout', true, { 'sec-fetch-site': 'cross-site' }],
    ['an old browser elsewhere', '/auth/logout', true, { origin: 'https://evil.example.com' }],
    ['an origin that only contains the host', '/auth/logout', true, { host: 'b', origin: 'ahttps://b' }],
    ['a program whose token was rejected', '/auth/logout', false, {}],
    ['another route', '/auth/bump', true, { 'sec-fetch-site': 'same-origin' }],
  ])('keeps the cookie for %s', async (_, url, isAuthenticated, headers) => {
    expect(await isCleared(url, isAuthenticated, headers)).toBe(false);
  });
});
