import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { clientAddress } from '../../common/request/request-origin.js';
import { logRequests } from './observe-requests.js';
import { createLogger } from '../../platform/logging/logger.js';

let server: FastifyInstance;
let output: string;

beforeEach(() => {
  output = '';
  server = fastify({ trustProxy: ['127.0.0.1', '10.0.0.0/8'] });
  logRequests(server, createLogger('info', { write: (line: string) => void (output += line) }), 'acme_x_');
  server.get('/address', (request) => clientAddress(request));
});

afterEach(() => server.close());

describe('logRequests', () => {
  it.each([
    ['/users/ann?token=latchkey_0', '/users/ann'],
    ['/users/latchkey_PT9l98eEnNxjsq4PrsYPaytsIsU4ccv4s', '/users/latchkey_…'],
    ['/x/latchkey_PT9l98eEnNxjsq4PrsYPaytsIsU4ccv4s.json/y', '/x/latchkey_…/y'],
    [
      `/x/${Buffer.from('ann:latchkey_PT9l98eEnNxjsq4PrsYPaytsIsU4ccv4s').toString('base64url')}`,
      '/x/latchkey_…',
    ],
    ['/x/latchkey%5FPT9l98eEnNxjsq4PrsYPaytsIsU4ccv4s', '/x/latchkey_…'],
    ['/x/%6Catchkey%5fP%54%39l98eEnNxjsq4PrsYPaytsIsU4ccv4s', '/x/latchkey_…'],
    ['/x/latchkey%255FPT9l98eEnNxjsq4PrsYPaytsIsU4ccv4s', '/x/latchkey_…'],
    ['/x/%25zz%C3%A4latchkey%5FPT9l98eEnNxjsq4PrsYPaytsIsU4ccv4s', '/x/latchkey_…'],
    ['/x%2Flatchkey_PT9l98eEnNxjsq4PrsYPaytsIsU4ccv4s', '/latchkey_…'],
    [`/x/%59${Buffer.from('ann:latchkey_PT9l98eEnNxjsq4P').toString('base64').slice(1)}%3D`, '/x/latchkey_…'],
    ['/x/acme_x_PT9l98eEnNxjsq4P', '/x/latchkey_…'],
    ['/x/latchkey_PT9l98eEnNxjsq4P', '/x/latchkey_…'],
    ['/users/talk_show', '/users/talk_show'],
    ['/users/100%25/%25zz/%C3%A4', '/users/100%25/%25zz/%C3%A4'],
    [`/${'a'.repeat(300)}`, `/${'a'.repeat(199)}`],
  ])('logs %s as %s', async (url, path) => {
    await server.inject({ url });

    expect(JSON.parse(output)).toMatchObject({ path });
  });

  it.each([
    [undefined, '127.0.0.1'],
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:DB8:0:0::7', '2001:db8::7'],
    ['203.0.113.7, unknown', '127.0.0.1'],
    ['<script>, 10.0.0.7', '10.0.0.7'],
  ])(
    'logs the address that everything else takes, behind X-Forwarded-For: %s',
    async (forwarded, address) => {
      const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };

      const { body } = await server.inject({ url: '/address?secret=1', headers });

      expect(body).toBe(address);
      expect(JSON.parse(output)).toMatchObject({ address, path: '/address', status: 200 });
    },
  );
});
