import { type IncomingMessage, type ServerResponse } from 'node:http';
import {
  authenticate,
  authorize,
  checkedDemands,
  type Demands,
  type RoutedRequest,
  routeOf,
} from '../verifier/guard-request.js';
import { VerificationError } from '../verifier/verification-error.js';
import { type Principal, type Verifier } from '../verifier/verifier.js';

export * from '../verifier/index.js';
export { type Demands } from '../verifier/guard-request.js';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express is extended in this way.
  namespace Express {
    interface Request {
      /** User of the token; `undefined` on routes without a guard. */
      principal?: Principal;
    }
  }
}

/** Request of Express, or of another framework with its middleware. */
export type GuardedRequest = IncomingMessage & RoutedRequest & { ip?: string; principal?: Principal };

/** Express middleware. */
export type Middleware = (
  request: GuardedRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Creates a function that returns middleware. The middleware requires a valid token with permissions,
 * roles and a proof, and sets `request.principal`. A request that passes several is verified once.
 *
 * ```ts
 * const requireToken = createGuard(verifier);
 * app.use(requireToken());
 * app.get('/orders', requireToken({ permissions: ['orders:read'] }), listOrders);
 * ```
 */
export function createGuard(verifier: Verifier): (demands?: Demands) => Middleware {
  const verified = new WeakMap<GuardedRequest, Principal>();

  async function guard(request: GuardedRequest, demands: Demands): Promise<void> {
    const { headers, rawHeaders, socket, ip, method } = request;
    const guarded = { headers, rawHeaders, socket, address: ip, method, route: routeOf(request) };
    const earlier = verified.get(request);
    const principal = earlier
      ? await authorize(verifier, earlier, guarded, demands)
      : await authenticate(verifier, guarded, demands);
    verified.set(request, principal);
    request.principal = principal;
  }

  return (demands = {}) => {
    const checked = checkedDemands(demands);
    return (request, response, next) => {
      guard(request, checked)
        .then(
          () => next(),
          (error: unknown) => {
            if (!(error instanceof VerificationError)) {
              next(error);
            } else if (!response.headersSent) {
              // Otherwise other middleware has responded, for example after a timeout.
              const { status, headers, body } = error.toResponse(verifier.publicUrl);
              response.writeHead(status, headers).end(JSON.stringify(body));
            }
          },
        )
        // An unhandled rejection would end the process.
        .catch(next);
    };
  };
}
