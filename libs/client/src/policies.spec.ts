import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { createGuard } from './express/index.js';
import { latchkey as fastifyPlugin } from './fastify/index.js';
import { RequirePermissions, RequireProof, RequireRoles } from './nest/index.js';
import { createVerifier } from './verifier/verifier.js';

describe('a misspelt policy', () => {
  const policies = [
    { permission: ['orders:read'] },
    { permissions: 'orders:read' },
    { permissions: ['orders.read'] },
    { permissions: undefined },
    { permissions: [undefined] },
    { roles: undefined },
    { roles: [undefined] },
    { fresh: undefined },
    { fresh: '300' },
    { fresh: 0 },
    { fresh: 1.5 },
    { fresh: NaN },
    { fresh: 31_622_401 },
    { methods: undefined },
    { methods: [] },
    { methods: 'otp' },
    { methods: ['totp'] },
    { method: ['otp'] },
  ];

  it.each(policies)('of an Express route throws where it is defined: %j', async (policy) => {
    const verifier = createVerifier({ url: 'http://127.0.0.1:9', token: 'own', onWarning: () => undefined });

    expect(() => createGuard(verifier)(policy as never)).toThrow(TypeError);
    await verifier.close();
  });

  it.each(policies)('of a Fastify route throws where it is defined: %j', async (policy) => {
    const app = fastify();
    const verifier = createVerifier({ url: 'http://127.0.0.1:9', token: 'own', onWarning: () => undefined });
    await app.register(fastifyPlugin, { verifier });

    expect(() => app.get('/x', { config: { latchkey: policy as never } }, () => 'x')).toThrow(TypeError);
    await app.close();
  });

  it('of a Fastify route is closed if it is another word', async () => {
    const app = fastify();
    const verifier = createVerifier({ url: 'http://127.0.0.1:9', token: 'own', onWarning: () => undefined });
    await app.register(fastifyPlugin, { verifier });
    app.get('/x', { config: { latchkey: 'open' as never } }, () => 'x');

    expect((await app.inject('/x')).statusCode).toBe(403);
    await app.close();
  });

  it('of a Nest route throws where it is defined', () => {
    expect(() => RequirePermissions('orders.read')).toThrow(TypeError);
    expect(() => RequirePermissions(undefined as never)).toThrow(TypeError);
    expect(() => RequireRoles(undefined as never)).toThrow(TypeError);
    expect(() => RequireProof({ fresh: undefined })).toThrow(TypeError);
    expect(() => RequireProof({ method: ['otp'] } as never)).toThrow(TypeError);
    expect(() => RequireProof({})).toThrow(TypeError);
  });
});
