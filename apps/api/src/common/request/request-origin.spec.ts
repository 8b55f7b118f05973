import { describe, expect, it } from '@jest/globals';
import { formatNetwork, parseNetwork } from '@latchkey/auth-models';
import fc from 'fast-check';
import { type FastifyRequest } from 'fastify';
import { heapUsed } from '../../../../../test/support/unit/heap-used.js';
import { runs } from '../../../../../test/support/unit/property-testing.js';
import { clientAddress, clientNetwork, requestOrigin } from './request-origin.js';

/** Request of Fastify: the peer first, then the hops from the right, up to the first untrusted one. */
const from = (...ips: string[]) => ({ ip: ips[0], ips }) as unknown as FastifyRequest;

describe('requestOrigin', () => {
  it('returns at most 200 characters of the user agent, without control characters', () => {
    const request = { ...from('192.0.2.1'), headers: { 'user-agent': `a\x85\tb${'c'.repeat(300)}` } };

    expect(requestOrigin(request as FastifyRequest).agent).toBe(`ab${'c'.repeat(196)}`);
  });

  it('does not keep the header fields that it is read from', () => {
    const before = heapUsed();

    const origins = Array.from({ length: 1_000 }, () => {
      const hops = `${'unknown,'.repeat(2_000)}198.51.100.123`;
      // `at` flattens the text, as that of a header field is.
      const address = hops.at(-1) === '3' ? hops.slice(-14) : '';
      const headers = { 'x-forwarded-for': hops, 'user-agent': 'c'.repeat(16_000) };
      return requestOrigin({ ...from('10.0.0.7', address), headers });
    });

    // With one of the fields, it would be 16 MB.
    expect(heapUsed() - before).toBeLessThan(8_000_000);
    expect(origins[999]?.address).toBe('198.51.100.123');
  });
});

describe('clientAddress', () => {
  it('returns the peer without trusted proxies', () => {
    expect(clientAddress({ ip: '192.0.2.1' })).toBe('192.0.2.1');
  });

  it('returns the first untrusted hop behind trusted proxies', () => {
    expect(clientAddress(from('10.0.0.1', '10.0.0.2', '203.0.113.9'))).toBe('203.0.113.9');
  });

  it.each(['unknown', '', '_hidden', '203.0.113.9:4711', '"203.0.113.9"', '[2001:db8::1]', '1.2.3', 'a b'])(
    'is the last trusted hop when the next entry is %j',
    (entry) => {
      expect(clientAddress(from('10.0.0.1', '10.0.0.2', entry))).toBe('10.0.0.2');
    },
  );

  it('returns IPv4 on a dual-stack socket', () => {
    expect(clientAddress(from('::ffff:192.0.2.1'))).toBe('192.0.2.1');
  });

  it.each([
    ['::ffff:c000:201', '192.0.2.1'],
    ['::FFFF:C000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:0.0.0.0', '0.0.0.0'],
    ['::ffff:0:1', '0.0.0.1'],
  ])('returns IPv4 for its mapped form %s', (mapped, address) => {
    expect(clientAddress(from(mapped))).toBe(address);
  });

  // RFC 4291, section 2.5.5.1; RFC 2765, section 2.1; RFC 6052, section 2.1; RFC 3056; RFC 4380. All are
  // other hosts.
  it.each([
    ['::192.0.2.7', '::c000:207'],
    ['0:0:0:0:0:0:192.0.2.7', '::c000:207'],
    ['::ffff:0:192.0.2.7', '::ffff:0:c000:207'],
    ['64:ff9b::192.0.2.7', '64:ff9b::c000:207'],
    ['2002:c000:207::', '2002:c000:207::'],
    ['::1:ffff:192.0.2.7', '::1:ffff:c000:207'],
    ['::fffe:192.0.2.7', '::fffe:c000:207'],
  ])('returns IPv6 for %s, which only embeds IPv4', (embedding, address) => {
    expect(clientAddress(from(embedding))).toBe(address);
  });

  it('agrees with the networks of tokens on every IPv6 address', () => {
    const group = fc.oneof(
      fc.constant('0'),
      fc.constant('ffff'),
      fc.integer({ max: 0xffff, min: 0 }).map((value) => value.toString(16)),
    );
    const shortGroup = fc.constantFrom('0', '0', '1', 'a0', '10', 'ffff', '01');
    const ipv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((bytes) => bytes.join('.'));
    const address = fc.oneof(
      fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
      fc.tuple(fc.array(group, { minLength: 6, maxLength: 6 }), ipv4).map((parts) => parts.flat().join(':')),
      fc
        .tuple(fc.array(group, { maxLength: 5 }), ipv4)
        .map(([groups, last]) => ['', '', ...groups, last].join(':')),
      fc.ipV6(),
      // Nearly canonical: with several zeros, or `::` for a single group or beside a zero.
      fc
        .tuple(fc.array(shortGroup, { maxLength: 7 }), fc.array(shortGroup, { maxLength: 7 }))
        .filter(([before, after]) => before.length + after.length < 8)
        .map(([before, after]) => `${before.join(':')}::${after.join(':')}`),
      fc.array(shortGroup, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
    );

    fc.assert(
      fc.property(address, fc.boolean(), (text, isUpper) => {
        const network = parseNetwork(text);

        expect(clientAddress(from(isUpper ? text.toUpperCase() : text))).toBe(
          network && formatNetwork(network),
        );
      }),
      runs(6_000),
    );
  });

  it('returns the canonical form of IPv6', () => {
    expect(clientAddress(from('2001:0DB8:0:0:0:0:0:1'))).toBe('2001:db8::1');
  });

  it.each([
    ['fe80::1%eth0', 'fe80::1'],
    ['fe80::1%vpn-a.b', 'fe80::1'],
    [`2001:db8::1%${'a'.repeat(200)}`, '2001:db8::1'],
    ['::ffff:192.0.2.1%eth0', '192.0.2.1'],
  ])('drops the zone of %s', (entry, address) => {
    expect(clientAddress(from('10.0.0.1', entry))).toBe(address);
  });

  it('returns `unknown` when a closed socket has no address', () => {
    expect(clientAddress({ ip: '' })).toBe('unknown');
  });
});

describe('clientNetwork', () => {
  it('returns the address itself for IPv4', () => {
    expect(clientNetwork('192.0.2.1')).toBe('192.0.2.1');
  });

  it('returns the same network for all addresses of an IPv6 /64', () => {
    const networks = ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:DB8:1:2:0:0:0:9'].map(
      clientNetwork,
    );

    expect(new Set(networks)).toEqual(new Set(['2001:db8:1:2::/64']));
  });

  it('returns different networks for neighbouring /64s', () => {
    expect(clientNetwork('2001:db8:1:3::1')).not.toBe(clientNetwork('2001:db8:1:2::1'));
  });

  it.each(['::ffff:192.0.2.1', '::FFFF:c000:201'])('returns IPv4 for its mapped form %s', (mapped) => {
    expect(clientNetwork(mapped)).toBe('192.0.2.1');
  });

  it('returns another network for an address that only embeds IPv4', () => {
    expect(clientNetwork('::192.0.2.1')).toBe('::/64');
  });

  it('accepts a link-local address with its zone', () => {
    expect(clientNetwork('fe80::1%eth0')).toBe('fe80::/64');
  });

  it('returns the same network for clients without an address', () => {
    expect(clientNetwork('unknown')).toBe('unknown');
  });
});
