import { describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { rateLimitHeaders, sendRateLimits } from './rate-limit-headers.js';

describe('rateLimitHeaders', () => {
  it('formats each limit with its policy', () => {
    expect(
      rateLimitHeaders([
        { policy: 'address', limit: 100, remaining: 97, resetSeconds: 60 },
        { policy: 'account', limit: 10, remaining: 0, resetSeconds: 4 },
      ]),
    ).toEqual({
      'ratelimit-policy': '"address";q=100;w=900, "account";q=10;w=900',
      ratelimit: '"address";r=97;t=60, "account";r=0;t=4',
    });
  });
});

describe('sendRateLimits', () => {
  const LIMIT = { policy: 'account', limit: 10, remaining: 3, resetSeconds: 4 };

  it('sends the limits of a request with its response, and none otherwise', async () => {
    const server = fastify();
    sendRateLimits(server);
    server.post('/limited', (request) => {
      request.rateLimits = () => [LIMIT];
      throw new Error('failed');
    });
    server.post('/unlimited', () => 'done');

    const limited = await server.inject({ method: 'POST', url: '/limited' });
    const unlimited = await server.inject({ method: 'POST', url: '/unlimited' });

    expect(limited.headers).toMatchObject({ ratelimit: '"account";r=3;t=4' });
    expect(unlimited.statusCode).toBe(200);
    expect(unlimited.headers).not.toHaveProperty('ratelimit');
  });

  it.each(['GET', 'HEAD'] as const)('sends none with the response to %s', async (method) => {
    const server = fastify({ exposeHeadRoutes: false });
    sendRateLimits(server);
    server.route({
      method,
      url: '/read',
      handler: (request) => {
        request.rateLimits = () => [LIMIT];
        return '';
      },
    });

    const { statusCode, headers } = await server.inject({ method, url: '/read' });

    expect(statusCode).toBe(200);
    expect(headers).not.toHaveProperty('ratelimit');
  });
});
