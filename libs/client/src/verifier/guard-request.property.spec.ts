import { type IncomingHttpHeaders } from 'node:http';
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { fastify, type FastifyRequest } from 'fastify';
import * as server from '../../../../apps/api/src/common/request/request-origin.js';
import { expectEqual, runs } from '../../../../test/support/unit/property-testing.js';
import { authenticate, FORWARDING_HEADERS } from './guard-request.js';
import { canonicalAddress, type Verifier } from './verifier.js';

/** Certain address of the client in the guard and in the server, and how the framework sees the request. */
interface Outcome {
  certain: { client: string | undefined; server: string | undefined };
  peer: string;
  hops: string[];
}

const TRUSTED = ['10.0.0.1', '10.0.0.2', 'fe80::1'];
const isTrusted = (address: string) => TRUSTED.includes(server.canonicalAddress(address));

const app = fastify({ trustProxy: isTrusted });
app.get('/', async (request) => outcomeOf(request));
afterAll(() => app.close());
afterEach(() => {
  jest.restoreAllMocks();
});

/** Verifier that returns the address with which it was called. */
const verifier = {
  verify: (_: unknown, { address }: { address?: string }) => Promise.resolve(address),
} as unknown as Verifier;

async function outcomeOf(request: FastifyRequest): Promise<Outcome> {
  const { headers, socket, ip, ips = [ip] } = request;
  const address: unknown = await authenticate(verifier, { headers, rawHeaders: [], socket, address: ip }, {});
  return {
    certain: {
      // The server also converts the addresses that verifiers send.
      client: typeof address === 'string' ? server.canonicalAddress(address) : undefined,
      server: server.certainAddress(request, isTrusted),
    },
    peer: server.canonicalAddress(socket.remoteAddress ?? ''),
    hops: ips,
  };
}

const address = fc.constantFrom(
  ...TRUSTED,
  ...['192.0.2.7', '::ffff:192.0.2.7', '::ffff:10.0.0.1', 'fe80::1%eth0', '2001:db8::1', '2001:DB8::1'],
);
const hop = fc.oneof(address, fc.constantFrom('unknown', '', '_hidden', '192.0.2.7:4711', '[2001:db8::1]'));
const headers = fc.record<IncomingHttpHeaders>(
  Object.fromEntries(
    [...FORWARDING_HEADERS, 'x-forwarded-proto', 'accept'].map((name) => [
      name,
      name === 'x-forwarded-for'
        ? fc.array(hop, { minLength: 1, maxLength: 3 }).map((hops) => hops.join(', '))
        : fc.constantFrom('192.0.2.7', 'x'),
    ]),
  ),
  { requiredKeys: [] },
);

describe('canonicalAddress', () => {
  it.each([
    ['::ffff:c000:207', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['::192.0.2.7', '::c000:207'],
    ['::ffff:0:192.0.2.7', '::ffff:0:c000:207'],
    ['64:FF9B::192.0.2.7', '64:ff9b::c000:207'],
    ['2001:DB8:0:0:0:0:0:7%eth0', '2001:db8::7'],
    ['192.0.2.007', undefined],
    ['unknown', undefined],
  ])('returns for %s the address %s', (text, address) => {
    expect(canonicalAddress(text)).toBe(address);
  });

  // It runs for each request, and takes several times as long as the rest of a verification from memory.
  it.each([
    '192.0.2.7',
    '::ffff:192.0.2.7',
    '2001:db8::7',
    '2001:db8:0:1::7',
    '2001:db8:1:2:3:4:5:6',
    '2001:db8:1:2:3:0:5:0',
  ])('parses %s without a URL', (text) => {
    const parse = jest.spyOn(globalThis, 'URL');

    canonicalAddress(text);
    server.canonicalAddress(text);

    expect(parse).not.toHaveBeenCalled();
  });

  it('agrees with the server', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), fc.ipV4()), (text) => {
        expectEqual(canonicalAddress(text), server.canonicalAddress(text));
      }),
      runs(1_000),
    );
  });
});

describe('authenticate', () => {
  it('recognizes the same forwarding headers as the server', () => {
    expect(FORWARDING_HEADERS).toEqual(server.FORWARDING_HEADERS);
  });

  it('knows the address of the client if the server would know it, with two exceptions', async () => {
    await fc.assert(
      fc.asyncProperty(
        address,
        fc.oneof(fc.constant({}), headers),
        async (remoteAddress, sent: IncomingHttpHeaders) => {
          const response = await app.inject({ path: '/', remoteAddress, headers: sent });
          const { certain, peer, hops } = response.json<Outcome>();

          const isForwarded = FORWARDING_HEADERS.some((name) => sent[name] !== undefined);
          if (isTrusted(peer) && !isForwarded) {
            // Frameworks do not report to a guard which proxies they trust.
            expectEqual(certain, { client: peer, server: undefined });
          } else if (hops.length > 1 && server.canonicalAddress(hops.at(-1) ?? '') === peer) {
            // Nor how many proxies there are.
            expectEqual(certain, { client: undefined, server: peer });
          } else {
            expectEqual(certain.client, certain.server);
          }
        },
      ),
      runs(500),
    );
  });
});
