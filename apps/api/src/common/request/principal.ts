import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { requestOf } from './http-context.js';
import { type RequestOrigin } from './request-origin.js';

/** How a caller showed who they are. */
export type AuthenticationScheme = 'basic' | 'token' | 'session-cookie' | 'command-line';

/** The token a caller presented. */
export interface PresentedToken {
  readonly id: string;
  /** The earlier of absolute and idle end, epoch milliseconds; `null` = never. */
  readonly endTime: number | null;
  /** The same as answers tell it, RFC 3339: every answer does. */
  readonly end: string | null;
  /** Whether it was presented by the secret it had before its last rotation. */
  readonly isSuperseded: boolean;
  /** The permissions and roles it is limited to, as `identity/permissions/narrow` reads it; `null` = all that its user holds. */
  readonly limit: string | null;
}

/** Who is calling, what they may do, and from where. */
export interface Principal {
  readonly id: string;
  /** Canonical name. */
  readonly name: string;
  readonly scheme: AuthenticationScheme;
  readonly roles: readonly string[];
  /** Effective permissions: the user's, narrowed by the token's. */
  readonly permissions: ReadonlySet<string>;
  /** Permissions that the route demanded. */
  readonly demanded?: readonly string[];
  /** The presented token; absent with the schemes `basic` and `command-line`. */
  readonly token?: PresentedToken;
  /** The user's `tokensEndedBefore` when a password was verified: if it has moved since, the password may have, too. */
  readonly tokensEndedBefore?: number;
  readonly origin: RequestOrigin;
}

/** A request that the first of the global guards has let in by a credential. */
export type AuthenticatedRequest = FastifyRequest & { readonly user: Principal };

/** The principal of a request, if it has been authenticated. */
export function principalOf(request: FastifyRequest): Principal | undefined {
  return (request as FastifyRequest & { user?: Principal }).user;
}

/** Puts another principal in the place of a request's. */
export function setPrincipal(request: FastifyRequest, principal: Principal): void {
  (request as FastifyRequest & { user?: Principal }).user = principal;
}

/** Injects the {@link Principal}; on a public route `undefined`. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(requestOf(context)),
);
