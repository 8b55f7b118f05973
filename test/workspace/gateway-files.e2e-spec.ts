import { describe, expect, it } from '@jest/globals';
import {
  type Guard,
  guardFiles,
  GUARDS,
  guideValues,
  VALUE_PATTERNS,
  type GuardValues,
} from '../../apps/admin/src/app/apis/protect/gateway-files.js';
import { codeOnPage, textOfPage } from '../docs/code-on-page.js';

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

const pageOf = (guard: Guard) =>
  ['express', 'fastify', 'nest'].includes(guard) ? 'guides/verify-locally.md' : `guides/gateways/${guard}.md`;

/** Languages of the blocks, and the positions of those that the wizard uses. */
const BLOCKS: Record<Guard, [string, number[]][]> = {
  nginx: [['nginx', [0, 1, 2]]],
  caddy: [['caddyfile', [0, 1]]],
  haproxy: [
    ['lua', [0]],
    ['haproxy', [0, 1]],
  ],
  apache: [
    ['lua', [0]],
    ['apache', [0, 1]],
  ],
  traefik: [['yaml', [0]]],
  express: [['js', [0]]],
  fastify: [['js', [1]]],
  nest: [['ts', [0]]],
};

const filesOf = (guard: Guard, values: GuardValues) => guardFiles(guard, textOfPage(pageOf(guard)), values);

/** Returns the lines without indentation and empty lines, sorted. */
const linesOf = (texts: string[]) =>
  texts
    .flatMap((text) => text.split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort();

describe.each(GUARDS.map((guard) => ({ guard })))('the file of the wizard for $guard', ({ guard }) => {
  const values = guideValues(guard);
  const files = filesOf(guard, { ...OTHERS, ...values });

  it('has exactly the lines of the guide with the values of the guide', () => {
    const blocks = BLOCKS[guard].flatMap(([language, positions]) => {
      const all = codeOnPage(pageOf(guard), language);
      return positions.map((position) => all[position] ?? '');
    });

    expect(linesOf(files.map(({ text }) => text))).toEqual(linesOf(blocks));
  });

  it('has no value of the guide with other values', () => {
    const text = filesOf(guard, OTHERS)
      .map((file) => file.text)
      .join('\n');
    const before = files.map((file) => file.text).join('\n');

    for (const [member, value] of Object.entries(values)) {
      const other = member === 'api' ? 'pay_slips' : OTHERS[member as keyof GuardValues];
      expect(before).toContain(value);
      expect(text).not.toContain(value);
      expect(text).toContain(other);
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
