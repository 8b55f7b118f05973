import { BlockList, isIP } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { CreateTokenDto } from '../dto/tokens/create-token.dto.js';
import { firstFailedRule } from './first-failed-rule.js';
import { formatNetwork, isInNetwork, parseNetwork } from './networks.js';

const IPV6 = fc.oneof(
  fc.ipV6(),
  fc
    .array(fc.constantFrom('0', '0', '1', 'ffff', '00aB'), { minLength: 8, maxLength: 8 })
    .map((groups) => groups.join(':')),
);
const ADDRESS = fc.oneof(fc.ipV4(), IPV6);
const MISSPELT = fc.string({ unit: fc.constantFrom(...'01259af:./%x '), maxLength: 20 });

const canonical = (text: string) => {
  const network = parseNetwork(text);
  return network && formatNetwork(network);
};

describe('parseNetwork', () => {
  it.each([
    ['192.0.2.17', '192.0.2.17'],
    ['192.0.2.17/32', '192.0.2.17'],
    ['10.0.0.5/8', '10.0.0.0/8'],
    ['255.255.255.255/1', '128.0.0.0/1'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::', '::'],
    ['::/0', '::/0'],
    ['::1/128', '::1'],
    ['fe80::1/10', 'fe80::/10'],
    ['::ffff:10.0.0.5', '10.0.0.5'],
    ['::ffff:a00:5', '10.0.0.5'],
    ['::ffff:10.0.0.5/104', '10.0.0.0/8'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
  ])('parses %s as %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it.each([
    '',
    'localhost',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0',
    '010.0.0.1',
    '10.0.0.256',
    '10.0.0.1.',
    '10.0.0.1:443',
    '10.0.0.0/255.0.0.0',
    '::ffff:10.0.0.0/95',
    '[::1]',
    'fe80::1%eth0',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8::',
    ':1:2:3:4:5:6:7',
    '2001:db8::/129',
    ' 10.0.0.1',
    '10.0.0.1\n',
  ])('rejects %j', (text) => {
    expect(parseNetwork(text)).toBeNull();
  });

  it('accepts the addresses that Node accepts, and writes them as ipaddr.js does', () => {
    fc.assert(
      fc.property(fc.oneof(ADDRESS, MISSPELT), (text) => {
        // ipaddr.js reads the deprecated form ::192.0.2.1 (RFC 4291, section 2.5.5.1) as IPv4.
        fc.pre(!/^[0:]*:\d+\.\d/.test(text));
        const isAddress = isIP(text) !== 0 && !text.includes('%');
        expect(text.includes('/') ? null : canonical(text)).toBe(
          isAddress ? ipaddr.process(text).toString() : null,
        );
      }),
    );
  });
});

describe('isInNetwork', () => {
  it('agrees with the block lists of Node', () => {
    fc.assert(
      fc.property(ADDRESS, ADDRESS, fc.nat(128), fc.boolean(), (text, other, bits, isNear) => {
        const base = parseNetwork(isNear ? text : other);
        const address = parseNetwork(text);
        const prefix = Math.min(bits, (base?.bytes.length ?? 0) * 8);
        const network = base && parseNetwork(`${formatNetwork(base)}/${prefix}`);
        if (!address || !network) {
          throw new Error('unreachable');
        }
        const family = (bytes: readonly number[]) => (bytes.length === 4 ? 'ipv4' : 'ipv6');
        const list = new BlockList();
        list.addSubnet(formatNetwork(network).split('/')[0]!, network.prefix, family(network.bytes));
        const isSameFamily = address.bytes.length === network.bytes.length;

        expect(isInNetwork(address, network)).toBe(
          isSameFamily && list.check(formatNetwork(address), family(address.bytes)),
        );
      }),
    );
  });

  it('compares networks', () => {
    const isIn = (inner: string, outer: string) => isInNetwork(parseNetwork(inner)!, parseNetwork(outer)!);

    expect([
      isIn('10.1.0.0/16', '10.0.0.0/8'),
      isIn('10.0.0.0/8', '10.1.0.0/16'),
      isIn('10.0.0.0/8', '10.0.0.0/8'),
      isIn('0.0.0.0/0', '::/0'),
    ]).toEqual([true, false, true, false]);
  });
});

describe('IsNetworks', () => {
  const messageFor = (allowedAddresses: unknown) => {
    const [error] = validateSync(Object.assign(new CreateTokenDto(), { allowedAddresses }));
    return error && firstFailedRule(error)?.message;
  };

  it('accepts canonical and other spellings', () => {
    expect(messageFor(['10.0.0.0/8', '2001:DB8:0::/48', '::ffff:192.0.2.1'])).toBeUndefined();
  });

  it('shows the corrected form of a network with bits after its prefix', () => {
    expect(messageFor(['192.0.2.1', '10.0.0.5/8'])).toBe(
      'allowedAddresses contains 10.0.0.5/8, which has bits after its prefix; send 10.0.0.0/8',
    );
    expect(messageFor(['::ffff:10.0.0.5/104'])).toContain('send 10.0.0.0/8');
  });

  it.each(['10.0.0.0/33', 'localhost'])('names %s', (value) => {
    expect(messageFor(['192.0.2.1', value])).toBe(
      `allowedAddresses contains ${value}, which is not an address or a network; send an address such as 192.0.2.17 or a network such as 192.0.2.0/24`,
    );
  });

  it.each([['$value'], ['x'.repeat(65)], ['a b'], ['\n'], ['']])('does not repeat %j', (value) => {
    expect(messageFor([value])).toMatch(/^allowedAddresses must contain addresses and networks only; send /);
  });

  it.each([[[]], [['localhost']], [[7]], [[null]], ['10.0.0.0/8'], [['10.0.0.1', '10.0.0.1']]])(
    'rejects %j',
    (value) => {
      expect(messageFor(value)).toMatch(/^(each value in )?allowedAddresses /);
    },
  );
});
