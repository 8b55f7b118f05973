import { type IncomingMessage, type ServerResponse } from 'node:http';
import { EventEmitter } from 'node:events';
import { expect, it, jest } from '@jest/globals';
import { type FastifyInstance } from 'fastify';
import { Clock } from '../../common/clock.service.js';
import { type LastUses } from '../../tokens/usage/last-uses.service.js';
import { Config } from '../../platform/config/config.js';
import { type TokenAuthentication } from './token-authentication.service.js';
import { VerifyFastPath } from './verify-fast-path.service.js';

// test/verification/fast-path.property.api.spec.ts compares its responses with those of the route.
it('caches the header fields of at most 2,000 tokens', () => {
  const server = new EventEmitter();
  server.on('request', () => undefined);
  const holderOf = (id: number) => ({
    holder: { id: 'user-1', name: 'anne', roles: [], permissions: new Set(), token: { id: `token-${id}` } },
  });
  let tokens = 0;
  const authentication = { findSync: () => holderOf(++tokens), recordUseOf: () => undefined };
  const fastPath = new VerifyFastPath(
    authentication as unknown as TokenAuthentication,
    {} as LastUses,
    new Clock(),
    Config.read({}),
  );
  fastPath.install({ server, addHook: () => undefined } as unknown as FastifyInstance);
  const request = {
    method: 'GET',
    url: '/auth/verify',
    httpVersion: '1.1',
    headers: { host: 'localhost', 'x-auth-token': 'x' },
    headersDistinct: {},
    rawHeaders: [],
    socket: { remoteAddress: '127.0.0.1' },
  } as unknown as IncomingMessage;
  const writeHead = jest.fn();
  const response = { hasHeader: () => false, writeHead, end: () => undefined } as unknown as ServerResponse;

  for (let sent = 0; sent < 5_000; sent += 1) {
    server.emit('request', request, response);
  }

  expect(writeHead).toHaveBeenCalledTimes(5_000);
  expect(fastPath['heads'].size).toBe(1_000);
});
