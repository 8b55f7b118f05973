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

/** Extension of an operation that {@link Uncounted} leaves out; the OpenAPI document is completed by it and loses it. */
export const UNCOUNTED_EXTENSION = 'x-latchkey-uncounted';

/** Metadata key of {@link Limited}. */
export const LIMITED_KEY = 'latchkey:limited';

/** Opens a route to callers without credentials. */
export const Public = (): ClassDecorator & MethodDecorator => SetMetadata(PUBLIC_KEY, true);

/**
 * States a route's policy: all of these permissions are needed; none = any authenticated caller.
 * A route with neither this nor {@link Public} is closed to everybody.
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
    // So that the OpenAPI document says what each route needs.
    ApiExtension('x-required-permissions', permissions),
  );
}

/**
 * Opens a write to superseded secrets. They may only read otherwise, so that a leaked secret cannot create credentials that
 * outlive its grace period. Meant for revocations, and for reads that use POST.
 */
export const AllowSuperseded = (): MethodDecorator => SetMetadata(ALLOW_SUPERSEDED_KEY, true);

/**
 * Leaves a route out of the limit on its user's writes: it adds no rows, or at most one for a row that counted when it was
 * created. Whoever has used up their writes can still revoke tokens.
 */
export const Uncounted = (): MethodDecorator =>
  applyDecorators(SetMetadata(UNCOUNTED_KEY, true), ApiExtension(UNCOUNTED_EXTENSION, true));

/** Says that failed tries at a route are limited; each answer of it tells what is left. The route counts them itself. */
export const Limited = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(LIMITED_KEY, true),
    ApiTooManyRequestsResponse({
      description: 'Too many failed tries; Retry-After says when to try again.',
    }),
  );
