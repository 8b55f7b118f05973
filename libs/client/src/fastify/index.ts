import { type FastifyPluginCallback } from 'fastify';
import { authenticate, checkedDemands, type Demands } from '../verifier/guard-request.js';
import { closedRoute, VerificationError } from '../verifier/verification-error.js';
import { type Principal, type Verifier } from '../verifier/verifier.js';

export * from '../verifier/index.js';
export { type Demands } from '../verifier/guard-request.js';

/** Access rule of a route: everyone, everyone with a valid token, or tokens with permissions and roles. */
export type RoutePolicy = 'public' | 'authenticated' | Demands;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Access rule. Without it, the route is closed. */
    latchkey?: RoutePolicy;
  }

  interface FastifyRequest {
    /** User of the token; `null` on public routes. */
    principal: Principal | null;
  }
}

/** Options of the plugin. */
export interface LatchkeyOptions {
  /** Verifier, which the plugin closes together with the server. */
  verifier: Verifier;
}

/**
 * Guards all routes of the server. Register it before other plugins with routes. Routes without
 * `config.latchkey` return 403.
 *
 * ```ts
 * await app.register(latchkey, { verifier });
 * app.get('/orders', { config: { latchkey: { permissions: ['orders:read'] } } }, listOrders);
 * ```
 */
export const latchkey: FastifyPluginCallback<LatchkeyOptions> = (fastify, { verifier }, done) => {
  fastify.decorateRequest('principal', null);
  fastify.addHook('onRoute', ({ config }) => {
    if (typeof config?.latchkey === 'object') {
      checkedDemands(config.latchkey);
    }
  });
  fastify.addHook('onRequest', async (request, reply) => {
    const policy = request.routeOptions.config.latchkey;
    if (request.is404 || policy === 'public') {
      return;
    }
    try {
      if (policy === undefined) {
        throw closedRoute();
      }
      const { headers, socket, ip, method } = request;
      const { rawHeaders } = request.raw;
      request.principal = await authenticate(
        verifier,
        { headers, rawHeaders, socket, address: ip, method, route: request.routeOptions.url },
        demandsOf(policy),
      );
    } catch (error) {
      if (!(error instanceof VerificationError)) {
        throw error;
      }
      const { status, headers, body } = error.toResponse(verifier.publicUrl);
      return reply.code(status).headers(headers).send(JSON.stringify(body));
    }
  });
  fastify.addHook('onClose', () => verifier.close());
  done();
};

// As fastify-plugin does: the hook is for all routes, and not only for those of this plugin.
Object.assign(latchkey, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@latchkey/client',
});

export default latchkey;

function demandsOf(policy: Exclude<RoutePolicy, 'public'>): Demands {
  if (typeof policy === 'object') {
    return policy;
  }
  // In JavaScript, it can be any string.
  if (policy !== 'authenticated') {
    throw closedRoute();
  }
  return {};
}
