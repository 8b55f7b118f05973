import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiTooManyRequestsResponse } from '@nestjs/swagger';
import { isPermission } from '@latchkey/auth-models';

/** Metadata key of {@link Public}. */
export const PUBLIC_KEY = 'latchkey:public';

/** Metadata key of {@link RequirePermissions}. */
export const PERMISSIONS_KEY = 'latchkey:permissions';

/** Metadata key of {@link AllowSuperseded}. */
export const ALLOW_SUPERSEDED_KEY = 'latchkey:allow-superseded';

/** Metadata key of {@link Uncounted}. */
export const UNCOUNTED_KEY = 'latchkey:uncounted';

/** Marks an operation with {@link Uncounted} until the OpenAPI document is completed, which removes it. */
export const UNCOUNTED_EXTENSION = 'x-latchkey-uncounted';

/** Metadata key of {@link Limited}. */
export const LIMITED_KEY = 'latchkey:limited';

/** Allows requests without credentials. */
export const Public = (): ClassDecorator & MethodDecorator => SetMetadata(PUBLIC_KEY, true);

/**
 * Requires all of these permissions; without any, an authenticated caller. A route with neither this nor {@link Public}
 * answers 403.
 */
export function RequirePermissions(...permissions: string[]): ClassDecorator & MethodDecorator {
  const malformed = permissions.find((permission) => !isPermission(permission));
  if (malformed !== undefined) {
    throw new TypeError(
      `"${malformed}" is not a permission; the form is resource:action, such as reports:read`,
    );
  }
  return applyDecorators(
    SetMetadata(PERMISSIONS_KEY, permissions),
    // For the OpenAPI document.
    ApiExtension('x-required-permissions', permissions),
  );
}

/**
 * Allows superseded secrets on a route that writes. Otherwise they may only read, so that a leaked secret cannot create
 * credentials that outlive its grace period. Meant for revocations, and for reads that use POST.
 */
export const AllowSuperseded = (): MethodDecorator => SetMetadata(ALLOW_SUPERSEDED_KEY, true);

/**
 * Excludes a route from the write limit of the user. The route adds no rows, or at most one for a row that counted when it
 * was created. So users can still revoke tokens after reaching the limit.
 */
export const Uncounted = (): MethodDecorator =>
  applyDecorators(SetMetadata(UNCOUNTED_KEY, true), ApiExtension(UNCOUNTED_EXTENSION, true));

/** Marks a route with a limit on failed attempts, and adds rate-limit headers. The route counts the failures itself. */
export const Limited = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(LIMITED_KEY, true),
    ApiTooManyRequestsResponse({
      description: 'Too many failed tries; Retry-After says when to try again.',
    }),
  );
