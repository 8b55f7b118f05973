import { createParamDecorator, type ArgumentsHost, type ExecutionContext } from '@nestjs/common';
import { type AuthMethod, type Network, type RateLimitDto } from '@latchkey/auth-models';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApplicationError } from '../application-error.js';
import { toRfc3339, type EpochMilliseconds } from '../clock.service.js';
import { FIELDS, type ResponseFields } from './header-fields.js';
import { requestOrigin, type RequestOrigin } from './request-origin.js';

export type AuthenticationScheme = 'basic' | 'passkey' | 'token' | 'session-cookie' | 'command-line';

/** Token of a request. */
export interface PresentedToken {
  readonly id: string;
  /** Digest of the presented secret; absent if the token was not presented by a client. */
  readonly digest?: string;
  /** Earlier of absolute and idle expiry in epoch milliseconds; `null` if it never expires. */
  readonly expirationTime: number | null;
  /** The same in RFC 3339: the value of the header `X-Auth-Token-Expires` on each response. */
  readonly expiryHeader: string | null;
  /** Whether the request used the secret from before the last rotation. */
  readonly isSuperseded: boolean;
  /** Time of creation; absent if the token was not presented by a client. */
  readonly creationTime?: EpochMilliseconds;
  /** Time before which the token is not valid. */
  readonly notBefore?: EpochMilliseconds | null;
  /** Stored scope; `null` if the token has all permissions and roles of its user. */
  readonly scope: string | null;
  /** Id of the token whose write budget it shares: set for a write with a limited token. */
  readonly familyId?: string;
  /** Limits on its use, and its metadata; `undefined` for most tokens. */
  readonly useLimits?: PresentedUseLimits;
  /** Last login or step-up of a session; `undefined` for API tokens. */
  readonly session?: PresentedSession;
}

/** Proof of the user of a presented session. */
export interface PresentedSession {
  /** Time of the last login or step-up. */
  readonly authTime: EpochMilliseconds;
  readonly authMethods: readonly AuthMethod[];
  /** Whether the user needs a second factor that the session did not prove. It can then only add one. */
  readonly needsSecondFactor: boolean;
}

/** Use limits of a presented token: limits on its use, and its metadata. */
export interface PresentedUseLimits {
  /** Networks that it can be used from; `undefined` = all. */
  readonly networks?: readonly Network[];
  readonly hasMaxUses: boolean;
  readonly rateLimit?: Readonly<RateLimitDto>;
  readonly metadata?: Record<string, unknown>;
  /** Value of `X-Auth-Metadata`. */
  readonly metadataHeader?: string;
}

/** Authenticated caller, with permissions and origin. */
export interface Principal {
  readonly id: string;
  /** Canonical name. */
  readonly name: string;
  readonly scheme: AuthenticationScheme;
  readonly roles: readonly string[];
  /** Effective permissions: those of the user, limited by the token. */
  readonly permissions: ReadonlySet<string>;
  readonly requiredPermissions?: readonly string[];
  /** Token of the request; absent with the schemes `basic`, `passkey` and `command-line`. */
  readonly token?: PresentedToken;
  /**
   * `tokensRevokedBefore` of the user when the password was verified. If it changed since, so may have the
   * password.
   */
  readonly tokensRevokedBefore?: number;
  /** Methods that the credentials of a login proved. Absent with a token. */
  readonly authMethods?: readonly AuthMethod[];
  /** Whether the user of a login needs a second factor and has none. The session can only add one. */
  readonly needsSecondFactor?: boolean;
  readonly origin: RequestOrigin;
}

/** Request with valid credentials. */
export type AuthenticatedRequest = FastifyRequest & { readonly user: Principal };

// `switchToHttp` creates two functions per call, and every request passes several guards.

/** Returns the current request. */
export function requestOf(context: ArgumentsHost): FastifyRequest {
  return context.getArgByIndex<FastifyRequest>(0);
}

/** Returns the reply to the current request. */
export function replyOf(context: ArgumentsHost): FastifyReply {
  return context.getArgByIndex<FastifyReply>(1);
}

/** Returns the principal of a request; `undefined` if it is not authenticated. */
export function principalOf(request: FastifyRequest): Principal | undefined {
  return (request as FastifyRequest & { user?: Principal }).user;
}

/** Whether the presented token has a scope. */
export function isLimited(actor: Principal): actor is Principal & { token: PresentedToken } {
  return actor.token !== undefined && actor.token.scope !== null;
}

/**
 * Whether the presented token manages only itself and tokens created with it, and nothing else of its user:
 * it is limited, and lacks the permission that would lift this.
 */
export function isRestricted(actor: Principal, permission = 'tokens:write'): boolean {
  return isLimited(actor) && !actor.permissions.has(permission);
}

/** Checks that the presented token may change other parts of its user's account. */
export function checkNotRestricted(actor: Principal, permission = 'tokens:write'): void {
  if (isRestricted(actor, permission)) {
    throw restricted(permission);
  }
}

/** Error for a change that {@link isRestricted} tokens may not make. */
export function restricted(permission = 'tokens:write'): ApplicationError {
  return new ApplicationError('forbidden', {
    detail: `The token you use is limited, so it can manage only itself and tokens created with it. Use one without limits, or with ${permission}.`,
  });
}

export function setPrincipal(request: FastifyRequest, principal: Principal): void {
  (request as FastifyRequest & { user?: Principal }).user = principal;
}

/** Injects the {@link Principal}; `undefined` on public routes. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(requestOf(context)),
);

/** Injects the {@link RequestOrigin}. */
export const Origin = createParamDecorator((_: unknown, context: ExecutionContext) =>
  requestOrigin(requestOf(context)),
);

/** Sets the headers with the expiry of the presented token, and whether its secret is superseded. */
export function setTokenHeaders(reply: ResponseFields, token: PresentedToken | undefined): void {
  setExpiry(reply, token?.expiryHeader ?? null);
  if (token?.isSuperseded) {
    reply.header(FIELDS.xAuthTokenSuperseded, 'true');
  }
}

/** Sets the header with the new expiry of the presented token; `null` = no expiry. */
export function setExpiryHeader(reply: FastifyReply, expiry: EpochMilliseconds | null): void {
  setExpiry(reply, expiry === null ? null : toRfc3339(expiry));
}

function setExpiry(reply: ResponseFields, expiry: string | null): void {
  if (expiry === null) {
    reply.removeHeader(FIELDS.xAuthTokenExpires);
  } else {
    reply.header(FIELDS.xAuthTokenExpires, expiry);
  }
}
