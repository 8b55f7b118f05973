import { EventEmitter } from 'node:events';
import { type Server } from 'node:http';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Config } from '../../platform/config/config.js';
import { type Logger } from '../../platform/logging/logger.js';
import { UntrustedProxies } from './untrusted-proxies.js';

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
