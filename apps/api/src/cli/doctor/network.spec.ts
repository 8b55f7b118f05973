import { describe, expect, it } from '@jest/globals';
import { Config } from '../../platform/config/config.js';
import { checkProxies, checkTls } from './network.js';

const HTTPS = { LATCHKEY_PUBLIC_URL: 'https://auth.example.com' };

const LOCAL_URL = { LATCHKEY_PUBLIC_URL: 'http://localhost:3000' };

describe('checkTls', () => {
  it.each<[string, NodeJS.ProcessEnv]>([
    ['the default', {}],
    ['localhost', { HOST: 'localhost' }],
    ['IPv6', { HOST: '::1' }],
    ['a TLS proxy', HTTPS],
    ['a TLS proxy on another machine', { ...HTTPS, HOST: '0.0.0.0' }],
  ])('accepts %s', (_, environment) => {
    expect(checkTls(Config.read(environment), undefined).verdict).toBe('ok');
  });

  it.each<[string, NodeJS.ProcessEnv]>([
    ['all addresses without TLS', { HOST: '0.0.0.0' }],
    ['a proxy without TLS', { LATCHKEY_PUBLIC_URL: 'http://auth.example.com' }],
    ['an address of the machine', { HOST: '192.0.2.1' }],
  ])('reports %s', (_, environment) => {
    expect(checkTls(Config.read(environment), '127.0.0.1')).toMatchObject({
      verdict: 'problem',
      advice: expect.stringContaining('LATCHKEY_PUBLIC_URL'),
    });
  });

  it.each<[string, NodeJS.ProcessEnv, string | undefined]>([
    ['HOST, such as that of a container, without a server', { ...LOCAL_URL, HOST: '0.0.0.0' }, undefined],
    ['a server in a container', { ...LOCAL_URL, HOST: '0.0.0.0' }, '0.0.0.0'],
    ['a socket of systemd that replaces HOST', {}, '::'],
  ])('warns of all addresses with a local public address: %s', (_, environment, address) => {
    expect(checkTls(Config.read(environment), address)).toMatchObject({
      verdict: 'warning',
      message: expect.stringContaining(address ?? '0.0.0.0'),
      advice: expect.stringContaining('LATCHKEY_PUBLIC_URL'),
    });
  });

  it('judges a running server by its address, and otherwise names what may replace HOST', () => {
    expect(checkTls(Config.read({ ...LOCAL_URL, HOST: '0.0.0.0' }), '127.0.0.1')).toEqual({
      verdict: 'ok',
      message: 'Only programs on this machine can connect: the server listens on 127.0.0.1.',
    });
    expect(checkTls(Config.read({}), undefined).message).toMatch(/systemd/);
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
