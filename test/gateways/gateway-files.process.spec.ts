import { describe, expect, it } from '@jest/globals';
import {
  type Guard,
  guardFiles,
  GUARDS,
  VALUE_PATTERNS,
  type GuardValues,
} from '../../apps/admin/src/app/apis/protect/gateway-files.js';
import { textOfPage } from '../support/docs/code-on-page.js';

/** Values that all differ from those in the guides. */
const OTHERS: GuardValues = {
  api: 'pay-slips',
  path: '/pay',
  read: 'pay-slips:view',
  write: 'pay-slips:edit',
  listen: 'gate.example.org:81',
  upstream: '10.0.0.8:82',
  latchkey: 'auth.internal:83',
};

const filesOf = (guard: Guard, values: GuardValues) => {
  const page = guard in FRAMEWORKS ? 'guides/verify-locally.md' : `guides/gateways/${guard}.md`;
  return guardFiles(guard, textOfPage(page), values);
};

const GATEWAYS: Partial<Record<Guard, string[]>> = {
  nginx: ['/etc/nginx/conf.d/pay_slips.conf'],
  caddy: ['/etc/caddy/Caddyfile'],
  haproxy: ['/etc/haproxy/latchkey.lua', '/etc/haproxy/haproxy.cfg'],
  apache: ['/etc/apache2/latchkey.lua', '/etc/apache2/sites-enabled/pay_slips.conf'],
  traefik: ['/etc/traefik/dynamic/pay_slips.yml'],
};

const FRAMEWORKS: Partial<Record<Guard, string[]>> = {
  express: ['server.mjs'],
  fastify: ['server.mjs'],
  nest: ['main.ts'],
};

describe.each(Object.keys(GUARDS) as Guard[])('the files of the wizard for %s', (guard) => {
  const files = filesOf(guard, OTHERS);
  const text = files.map((file) => file.text).join('\n');

  it('are those of the guide', () => {
    expect(files.map(({ name }) => name)).toEqual({ ...GATEWAYS, ...FRAMEWORKS }[guard]);
  });

  it('have the chosen values, and none of the guide', () => {
    expect(text).not.toMatch(/drafts|orders:|api\.example|127\.0\.0\.1:/);
    for (const value of guard in FRAMEWORKS ? [OTHERS.read] : Object.values(OTHERS)) {
      expect(text).toContain(value);
    }
  });
});

describe('the file of the wizard', () => {
  it('keeps names apart from those of the configuration', () => {
    const [file] = filesOf('traefik', { ...OTHERS, api: 'api' });

    expect(file?.text.match(/^ {4}api_?:/gm)).toEqual(['    api:', '    api_:', '    api:']);
  });

  it.each([
    ['address', '127.0.0.1:8000', true],
    ['address', 'localhost:1', true],
    ['address', 'api-1.example.org:65535', true],
    ['address', '127.0.0.1', false],
    ['address', '127.0.0.1:0', false],
    ['address', '127.0.0.1:65536', false],
    ['address', '127.0.0.1:80;', false],
    ['address', '127.0.0.1:80\n', false],
    ['address', '127.0.0.1:80/x', false],
    ['address', "a'..b:80", false],
    ['address', 'a b:80', false],
    ['address', 'a`b:80', false],
    ['address', '$host:80', false],
    ['address', '-a:80', false],
    ['address', `${'a'.repeat(254)}:80`, false],
    ['host', 'api.example.com', true],
    ['host', 'api.example.com:80', false],
    ['host', 'a`) || Host(`b', false],
    ['host', '', false],
    ['path', '/', true],
    ['path', '/orders/v1', true],
    ['path', 'orders', false],
    ['path', '/orders/', false],
    ['path', '//', false],
    ['path', '/a//b', false],
    ['path', `/${'a'.repeat(99)}`, true],
    ['path', '/Orders', false],
    ['path', '/a b', false],
    ['path', '/a;', false],
    ['path', '/a.*', false],
    ['path', '/a"', false],
    ['path', '/a{', false],
    ['path', `/${'a'.repeat(100)}`, false],
  ] as const)('takes the %s %p: %p', (kind, text, isValid) => {
    expect(VALUE_PATTERNS[kind].test(text)).toBe(isValid);
  });

  it('rejects long hosts quickly', () => {
    expect(VALUE_PATTERNS.address.test(`${'a-'.repeat(5000)}!`)).toBe(false);
  });
});
