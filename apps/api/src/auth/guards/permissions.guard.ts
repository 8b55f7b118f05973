import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type FastifyRequest } from 'fastify';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { readPolicy, routePolicyOf, SAFE_METHODS } from '../../common/request/policy.js';
import {
  isLimited,
  type Principal,
  principalOf,
  requestOf,
  setPrincipal,
} from '../../common/request/principal.js';
import { insufficientUserAuthentication } from '../../http/problems/challenge.js';
import { PermissionRegistry } from '../../permissions/permission-registry.service.js';
import { Config } from '../../platform/config/config.js';
import { TokenAccess } from '../../tokens/access/token-access.service.js';
import { LastUses } from '../../tokens/usage/last-uses.service.js';
import { WriteLimit } from '../../throttle/write-limit.service.js';

/**
 * Second global guard: requires every permission of the route, and rejects all calls of a route without a
 * policy. It then counts a request that may write or is as expensive, and rejects it if the user has reached
 * the write limit.
 */
@Injectable()
export class PermissionsGuard implements CanActivate {
  constructor(
    private readonly writes: WriteLimit,
    private readonly access: TokenAccess,
    private readonly lastUses: LastUses,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const principal = this.authorize(context);
    const request = requestOf(context);
    const { isCounted, isUncounted } = routePolicyOf(context);
    if (!principal || isUncounted || (SAFE_METHODS.includes(request.method) && !isCounted)) {
      return true;
    }
    return isLimited(principal) ? this.countLimited(request) : this.count(request, principal);
  }

  private async countLimited(request: FastifyRequest): Promise<boolean> {
    const principal = await this.access.withFamily(principalOf(request) as Principal);
    setPrincipal(request, principal);
    return this.count(request, principal);
  }

  private count(request: FastifyRequest, principal: Principal): boolean {
    try {
      this.writes.count(principal, request.method);
    } catch (error) {
      request.rateLimits = () => [this.writes.limit(principal, request.method)];
      throw error;
    }
    return true;
  }

  /**
   * Checks the permissions of the caller. Superseded secrets may only read, unless the route allows them.
   *
   * @returns the caller; `undefined` on a public route.
   * @throws ApplicationError `forbidden`, `token_superseded`, `enrolment_required` or `step_up_required`.
   */
  authorize(context: ExecutionContext): Principal | undefined {
    const policy = routePolicyOf(context);
    const { isPublic, permissions = [], isForOperator, isForOwnAccount, allowsSuperseded } = policy;
    if (isPublic) {
      return undefined;
    }
    const request = requestOf(context);
    const principal = checkPermissions(policy.permissions, principalOf(request));
    if (principal.token?.isSuperseded && !allowsSuperseded && !SAFE_METHODS.includes(request.method)) {
      throw new ApplicationError('token_superseded');
    }
    if (isForOperator && principal.scheme !== 'command-line') {
      throw new ApplicationError('forbidden', { detail: 'Only the command line can use this route.' });
    }
    if (isForOwnAccount && principal.scheme === 'command-line') {
      throw new ApplicationError('forbidden', { detail: 'The command line has no account and no token.' });
    }
    const needsSecondFactor = principal.needsSecondFactor ?? principal.token?.session?.needsSecondFactor;
    if (needsSecondFactor && !policy.allowsEnrolment) {
      throw new ApplicationError('enrolment_required');
    }
    if (policy.requiresFresh) {
      this.checkFresh(principal);
    }
    if (permissions.length > 0) {
      if (principal.token) {
        this.lastUses.noteDemands(principal.token, permissions);
      }
      setPrincipal(request, { ...principal, requiredPermissions: permissions });
    }
    return principal;
  }

  /** Checks the last login or step-up of a session. @throws ApplicationError `step_up_required`. */
  private checkFresh({ token }: Principal): void {
    const { freshSeconds } = this.config;
    if (token?.session && this.clock.now() - token.session.authTime > freshSeconds * 1_000) {
      throw new ApplicationError('step_up_required', {
        // The first second factor sets the time of other sessions to 0.
        ...(token.session.authTime === 0 && {
          detail:
            'You added a second factor after this login. Prove it with POST /auth/step-up, and repeat the request.',
        }),
        headers: { [FIELDS.wwwAuthenticate]: insufficientUserAuthentication(freshSeconds) },
      });
    }
  }
}

/**
 * Checks that a caller has all permissions of a route.
 *
 * @param permissions permissions of the route; `undefined` = it has no policy.
 * @throws ApplicationError `forbidden`.
 */
export function checkPermissions(
  permissions: readonly string[] | undefined,
  principal: Principal | undefined,
): Principal {
  if (!permissions) {
    throw new ApplicationError('forbidden', {
      detail: 'This route has no policy and is closed to everyone.',
    });
  }
  const missing = permissions.filter((permission) => !principal?.permissions.has(permission));
  if (!principal || missing.length > 0) {
    throw new ApplicationError('forbidden', {
      detail: `This requires ${missing.join(', ')}.`,
      missingPermissions: missing,
    });
  }
  return principal;
}

/**
 * Prevents startup if a route requires a permission that is not registered, because no role could grant it.
 */
@Injectable()
export class RegisteredPermissions implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly registry: PermissionRegistry,
  ) {}

  onApplicationBootstrap(): void {
    for (const { metatype } of this.discovery.getControllers()) {
      const prototype = (metatype as { prototype: Record<string, object> } | null)?.prototype ?? {};
      for (const method of this.scanner.getAllMethodNames(prototype)) {
        this.check(`${metatype?.name}.${method}`, metatype ?? {}, prototype[method] ?? {});
      }
    }
  }

  private check(route: string, controller: object, handler: object): void {
    const unknown = readPolicy(controller, handler).permissions?.find((name) => !this.registry.has(name));
    if (unknown !== undefined) {
      throw new Error(
        `${route} requires ${unknown}, which is not registered. Register it with PermissionsModule.forFeature().`,
      );
    }
  }
}
