import { describe, expect, it } from '@jest/globals';
import { Config } from '../../platform/config/config.js';
import { checkProxies, checkTls } from './network.js';

const HTTPS = { LATCHKEY_PUBLIC_URL: 'https://auth.example.com' };

describe('checkTls', () => {
  it.each<[string, NodeJS.ProcessEnv]>([
    ['the default', {}],
    ['localhost', { HOST: 'localhost' }],
    ['IPv6', { HOST: '::1' }],
    ['a proxy with TLS', HTTPS],
    ['a proxy with TLS on another machine', { ...HTTPS, HOST: '0.0.0.0' }],
  ])('accepts %s', (_, environment) => {
    expect(checkTls(Config.read(environment)).verdict).toBe('ok');
  });

  it.each<[string, NodeJS.ProcessEnv]>([
    ['all addresses without TLS', { HOST: '0.0.0.0' }],
    [
      'all addresses without TLS, with a local public address',
      { HOST: '::', LATCHKEY_PUBLIC_URL: 'http://localhost' },
    ],
    ['a proxy without TLS', { LATCHKEY_PUBLIC_URL: 'http://auth.example.com' }],
    ['an address of the machine', { HOST: '192.0.2.1' }],
  ])('reports %s', (_, environment) => {
    expect(checkTls(Config.read(environment))).toMatchObject({
      verdict: 'problem',
      advice: expect.stringContaining('LATCHKEY_PUBLIC_URL'),
    });
  });
});

describe('checkProxies', () => {
  it('accepts a server that has seen no proxy', () => {
    expect(checkProxies(Config.read({}), []).verdict).toBe('ok');
  });

  it('reports senders that are not trusted', () => {
    const { verdict, message } = checkProxies(Config.read({}), [{ address: '172.18.0.1', connections: 7 }]);

    expect(verdict).toBe('warning');
    expect(message).toContain('172.18.0.1 (7 connections)');
  });

  it.each([[[]], [undefined]])('reports TLS without a trusted proxy, when the server has seen %j', (seen) => {
    expect(checkProxies(Config.read(HTTPS), seen)).toMatchObject({
      verdict: 'warning',
      advice: expect.stringContaining('LATCHKEY_TRUSTED_PROXIES'),
    });
  });

  it('accepts TLS with a trusted proxy', () => {
    expect(checkProxies(Config.read({ ...HTTPS, LATCHKEY_TRUSTED_PROXIES: '10.0.0.7' }), []).verdict).toBe(
      'ok',
    );
  });

  it('is skipped when no server responds', () => {
    expect(checkProxies(Config.read({}), undefined).verdict).toBe('skipped');
  });
});
