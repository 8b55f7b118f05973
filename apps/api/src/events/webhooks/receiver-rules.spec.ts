import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../../../../test/support/unit/property-testing.js';
import { addressProblem, webhookUrlProblem, type ReceiverSettings } from './receiver-rules.js';

const settings: ReceiverSettings = {
  publicUrl: 'https://auth.example.com',
  host: '127.0.0.1',
  port: 3000,
  eventHosts: [],
};
const HTTPS = new URL('https://hooks.example.com/latchkey');

/** Addresses at the borders of all networks that are not public. */
const NOT_PUBLIC = [
  ['0.0.0.0', '0.255.255.255', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255', '127.0.0.1'],
  ['127.255.255.255', '169.254.169.254', '172.16.0.0', '172.31.255.255', '192.0.0.0', '192.0.0.255'],
  ['192.0.2.1', '192.88.99.1', '192.168.0.0', '192.168.255.255', '198.18.0.0', '198.19.255.255'],
  ['198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.0', '255.255.255.255'],
  ['::', '::1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:a00:1', '::ffff:0:10.0.0.1', 'fe80::1', 'fe80::1%1'],
  ['fec0::1', 'fc00::1', 'fd12::1', 'ff02::1', '64:ff9b::a00:1', '64:ff9b::808:808', '64:ff9b:1::a00:1'],
  ['100::1', '2001::1', '2001:1ff::1', '2001:db8::1', '2002:a00:1::1', '3fff::1', '4000::1', '5f00::1'],
].flat();

const PUBLIC = [
  ['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0'],
  ['169.253.255.255', '172.15.255.255', '172.32.0.0', '192.0.1.0', '192.167.255.255', '198.17.255.255'],
  ['198.20.0.0', '223.255.255.255', '2000::1', '2001:200::1', '2003::1', '2606:4700::1111', '3ffe:ffff::1'],
  ['::ffff:8.8.8.8'],
].flat();

describe('addressProblem', () => {
  it.each(NOT_PUBLIC)('rejects %s', (address) => {
    expect(addressProblem(HTTPS, address, settings)).toBe(
      'hooks.example.com is not public; add it to LATCHKEY_EVENT_HOSTS to allow it',
    );
  });

  it.each(PUBLIC)('accepts %s', (address) => {
    expect(addressProblem(HTTPS, address, settings)).toBeUndefined();
  });

  it.each([
    ['10.1.2.3', ['10.1.0.0/16'], true],
    ['::ffff:10.1.2.3', ['10.1.0.0/16'], true],
    ['10.2.0.1', ['10.1.0.0/16'], false],
    ['64:ff9b::a01:203', ['10.1.0.0/16'], false],
    ['fd00::7', ['fd00::7'], true],
    ['fe80::1%eth0', ['fe80::/10'], true],
    ['fd00::8', ['fd00::7'], false],
    ['10.9.9.9', ['HOOKS.example.com'], true],
    ['10.9.9.9', ['example.com'], false],
  ])('decides on %s with LATCHKEY_EVENT_HOSTS=%j', (address, eventHosts, isAllowed) => {
    expect(addressProblem(HTTPS, address, { ...settings, eventHosts }) === undefined).toBe(isAllowed);
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '::ffff:127.0.0.1'],
    ['127.0.0.1', '0.0.0.0'],
    ['0.0.0.0', '127.0.0.9'],
    ['::', '::1'],
    ['localhost', '127.0.0.1'],
  ])('rejects the port of a server on %s at %s, even if its name is listed', (host, address) => {
    const own = { ...settings, host, eventHosts: ['hooks.example.com'] };

    expect(addressProblem(new URL('https://hooks.example.com:3000'), address, own)).toBe(
      'url must not be an address of Latchkey itself',
    );
    expect(addressProblem(new URL('https://hooks.example.com:3001'), address, own)).toBeUndefined();
  });

  it('accepts the same port of another address than that of the server', () => {
    const listed = { ...settings, host: '127.0.0.1', eventHosts: ['hooks.example.com'] };

    expect(addressProblem(new URL('https://hooks.example.com:3000'), '10.0.0.9', listed)).toBeUndefined();
  });

  it('rejects http to another machine, even if its name is listed', () => {
    const listed = { ...settings, eventHosts: ['localhost'] };

    expect(addressProblem(new URL('http://localhost'), '10.0.0.9', listed)).toMatch(/^http:\/\/ is only/);
  });
});

describe('webhookUrlProblem', () => {
  const problemOf = (url: string, eventHosts: string[] = []) =>
    webhookUrlProblem(url, { ...settings, eventHosts });

  it.each([
    'https://hooks.example.com/services/T0/B0?x=1',
    'https://1.1.1.1:8443/',
    'https://[2606:4700::1]',
  ])('accepts %s', (url) => {
    expect(problemOf(url)).toBeUndefined();
  });

  it.each([
    ['', 'must be an https'],
    ['hooks.example.com', 'must be an https'],
    ['ftp://hooks.example.com', 'must be an https'],
    ['file:///etc/passwd', 'must be an https'],
    ['https://hooks.example.com/\r\nX: y', 'must be an https'],
    ['https:\\\\hooks.example.com', 'must be an https'],
    ['https://anna@hooks.example.com', 'credentials'],
    ['https://anna:secret@hooks.example.com', 'credentials'],
    ['https://hooks.example.com/#x', 'fragment'],
    ['https://hooks.example.com/#', 'fragment'],
    ['https://auth.example.com/x', 'Latchkey itself'],
    ['https://AUTH.example.com.:443/', 'Latchkey itself'],
    ['http://hooks.example.com', 'must start with https://'],
    ['http://8.8.8.8', 'must start with https://'],
    ['http://127.0.0.1.example.com', 'must start with https://'],
    ['http://127.0.0.1:8080', '127.0.0.1 is not public'],
    ['http://localhost:8080', 'localhost is not public'],
    ['https://hooks.localhost.', 'hooks.localhost is not public'],
    ['https://10.0.0.7', '10.0.0.7 is not public'],
    ['https://[fd00::7]', 'fd00::7 is not public'],
  ])('rejects %j', (url, problem) => {
    expect(problemOf(url)).toContain(problem);
  });

  it.each(['http://127.0.0.1:8080', 'http://localhost:8080', 'https://[::1]:8443', 'http://hooks.localhost'])(
    'accepts %s if loopback addresses are listed',
    (url) => {
      expect(problemOf(url, ['127.0.0.0/8', '::1'])).toBeUndefined();
    },
  );

  it('rejects all forms of a private address', () => {
    const byte = fc.nat(255);
    const privateAddress = fc.oneof(
      fc.tuple(fc.constant(10), byte, byte, byte),
      fc.tuple(fc.constant(127), byte, byte, byte),
      fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
      fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
    );
    const inBase = (number: number, form: number) =>
      [String(number), `0x${number.toString(16)}`, `0${number.toString(8)}`][form] ?? '';
    const forms = fc.tuple(privateAddress, fc.nat(8), fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }));

    fc.assert(
      fc.property(forms, ([[a, b, c, d], form, bases]) => {
        const whole = ((a * 256 + b) * 256 + c) * 256 + d;
        const hosts = [
          [a, b, c, d].map((number, index) => inBase(number, bases[index] ?? 0)).join('.'),
          [a, b, c * 256 + d].map((number, index) => inBase(number, bases[index] ?? 0)).join('.'),
          [a, (b * 256 + c) * 256 + d].map((number, index) => inBase(number, bases[index] ?? 0)).join('.'),
          inBase(whole, bases[0] ?? 0),
          `${[a, b, c, d].join('.')}.`,
          [a, b, c, d].join('。'),
          `[::ffff:${[a, b, c, d].join('.')}]`,
          `[::${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}]`,
          `[64:ff9b::${[a, b, c, d].join('.')}]`,
        ];
        expect(problemOf(`https://${hosts[form]}/`)).toMatch(/is not public/);
      }),
      runs(500),
    );
  });
});
