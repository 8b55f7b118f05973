import { EventEmitter } from 'node:events';
import { type IncomingMessage, type Server } from 'node:http';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { heapUsed } from '../../../../../test/support/unit/heap-used.js';
import { Config } from '../../platform/config/config.js';
import { type Logger } from '../../platform/logging/logger.js';
import { forwardedHops, UntrustedProxies } from './untrusted-proxies.service.js';

let warnings: object[];
let proxies: UntrustedProxies;
let server: EventEmitter;

beforeEach(() => {
  warnings = [];
  const logger = { warn: (fields: object) => warnings.push(fields) } as unknown as Logger;
  proxies = new UntrustedProxies(
    Config.read({ LATCHKEY_TRUSTED_PROXIES: '10.0.0.7,192.0.2.0/24,fd00::/8' }),
    logger,
  );
  server = new EventEmitter();
  proxies.watch({ server: server as Server });
});

const send = (socket: { remoteAddress?: string }, headers = { 'x-forwarded-for': '198.51.100.1' }) =>
  server.emit('request', { headers, socket });

describe('UntrustedProxies', () => {
  it.each(['10.0.0.7', '::ffff:10.0.0.7', '192.0.2.200', 'fd00::17'])(
    'accepts the trusted proxy %s',
    (address) => {
      send({ remoteAddress: address });

      expect(proxies.list()).toEqual([]);
    },
  );

  it.each(['::192.0.2.7', '::ffff:0:192.0.2.7', '64:ff9b::192.0.2.7', '::10.0.0.7'])(
    'does not trust %s, which only embeds the address of a trusted proxy',
    (address) => {
      send({ remoteAddress: address });

      expect(proxies.list()).toHaveLength(1);
    },
  );

  it('counts the connections of each other address, most first, and logs it once', () => {
    send({ remoteAddress: '10.0.0.8' });
    const kept = { remoteAddress: '::ffff:172.18.0.1' };
    [kept, kept, { remoteAddress: '172.18.0.1' }].forEach((socket) => send(socket));

    expect(proxies.list()).toEqual([
      { address: '172.18.0.1', connections: 2 },
      { address: '10.0.0.8', connections: 1 },
    ]);
    expect(warnings).toEqual([{ address: '10.0.0.8' }, { address: '172.18.0.1' }]);
  });

  it('ignores requests without the header', () => {
    server.emit('request', { headers: {}, socket: { remoteAddress: '172.18.0.1' } });

    expect(proxies.list()).toEqual([]);
  });

  it('keeps and logs 16 addresses only', () => {
    for (let each = 0; each < 100; each += 1) {
      send({ remoteAddress: `172.18.0.${each}` });
    }
    send({ remoteAddress: '172.18.0.0' });

    expect(proxies.list()).toHaveLength(16);
    expect(proxies.list()[0]).toEqual({ address: '172.18.0.0', connections: 2 });
    expect(warnings).toHaveLength(16);
  });
});

describe('forwardedHops', () => {
  it('does not keep the header fields of the addresses that it caches', () => {
    const hops = forwardedHops(Config.read({ LATCHKEY_TRUSTED_PROXIES: '10.0.0.7' }));
    const read = (address: string) =>
      hops?.of({
        headers: { 'x-forwarded-for': `${'unknown,'.repeat(2_000)}${address}` },
        socket: { remoteAddress: '10.0.0.7' },
      } as unknown as IncomingMessage);
    const before = heapUsed();

    for (let each = 0; each < 1_000; each += 1) {
      expect(read(`198.51.${100 + (each % 100)}.${100 + Math.floor(each / 100)}`)).toHaveLength(2);
    }

    // With the fields, it would be 16 MB.
    expect(heapUsed() - before).toBeLessThan(8_000_000);
    expect(hops?.isTrusted('10.0.0.7')).toBe(true);
  });
});
